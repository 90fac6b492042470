package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Downloads as boards do them, in parts and slowly: raw bytes over TLS 1.2. */
class DownloadIT {
    private static final int PART = 65_536;
    private static final Pattern LENGTH = Pattern.compile("Content-Length: (\\d+)");

    private final byte[] firmware = new byte[816_224];

    @BeforeEach
    void anUpdateFile() {
        new Random(2).nextBytes(firmware);
        firmware[0] = 0;
        Server.upload("download.bin", firmware);
    }

    /** ESP-IDF's partial download: HEAD, then parts of 64 KiB on one connection, the last ending past the file. */
    @Test
    void inParts() throws IOException {
        try (SSLSocket socket = Server.connect("TLSv1.2")) {
            String head = request(socket, "HEAD", "download.bin", "");
            assertTrue(head.startsWith("HTTP/1.1 200"), head);
            int size = length(head);
            assertEquals(firmware.length, size);

            ByteArrayOutputStream image = new ByteArrayOutputStream();
            for (int first = 0; first < size; first += PART) {
                String answer = request(
                        socket, "GET", "download.bin", "Range: bytes=" + first + "-" + (first + PART - 1) + "\r\n");
                assertTrue(answer.startsWith("HTTP/1.1 206"), answer);
                image.write(body(socket, length(answer)));
            }

            assertArrayEquals(firmware, image.toByteArray());
        }
    }

    /** ESP-IDF 5.5 after a broken download; and when it has nothing yet. */
    @Test
    void resumed() throws IOException {
        int had = 123_457;
        try (SSLSocket socket = Server.connect("TLSv1.2")) {
            String answer = request(socket, "GET", "download.bin", "Range: bytes=" + had + "-\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 206"), answer);
            assertArrayEquals(Arrays.copyOfRange(firmware, had, firmware.length), body(socket, firmware.length - had));

            String fresh = request(socket, "GET", "download.bin", "Range: bytes=0-\r\n");
            assertTrue(fresh.startsWith("HTTP/1.1 206"), fresh);
            assertArrayEquals(firmware, body(socket, firmware.length));

            String done = request(socket, "GET", "download.bin", "Range: bytes=" + firmware.length + "-\r\n");
            assertTrue(done.startsWith("HTTP/1.1 416"), done);
            assertTrue(done.contains("Content-Range: bytes */" + firmware.length), done);
        }
    }

    @Test
    void isWholeWhenTheFileIsReplacedMeanwhile() throws IOException {
        byte[] old = bytes(3, 8_000_000);
        byte[] replacement = bytes(4, 8_000_000);
        Server.upload("replaced.bin", old);
        try (SSLSocket socket = slowReader()) {
            String answer = request(socket, "GET", "replaced.bin", "");
            byte[] start = body(socket, 100_000);
            Server.upload("replaced.bin", replacement);
            byte[] rest = body(socket, length(answer) - start.length);

            assertArrayEquals(Arrays.copyOf(old, 100_000), start);
            assertArrayEquals(Arrays.copyOfRange(old, 100_000, old.length), rest);
        }
        assertArrayEquals(replacement, Server.download("replaced.bin"));
    }

    /** Whatever moment a new version comes in, the container's opening of the file included. */
    @Test
    void isAlwaysWhatItsHeadersSay() throws Exception {
        byte[][] versions = {bytes(7, 50_000), bytes(8, 90_001)};
        Server.upload("busy.bin", versions[0]);
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            Future<?> uploads = threads.submit(() -> {
                for (int i = 1; i <= 200; i++) {
                    Server.upload("busy.bin", versions[i % 2]);
                }
            });
            List<Future<Integer>> downloads = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                downloads.add(threads.submit(() -> downloadWhile(uploads)));
            }
            uploads.get();
            for (Future<Integer> download : downloads) {
                assertTrue(download.get() > 0);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static int downloadWhile(Future<?> uploads) throws Exception {
        int count = 0;
        while (!uploads.isDone()) {
            HttpResponse<byte[]> answer = Server.send(
                    HttpRequest.newBuilder(URI.create(Server.ROOT + "/files/busy.bin"))
                            .header("Authorization", Server.DEVICE)
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            String sha256 = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(answer.body()));
            assertEquals(
                    "\"" + sha256 + "\"", answer.headers().firstValue("ETag").orElse(""));
            count++;
        }
        return count;
    }

    @Test
    void isCutOffAndNeverPaddedWhenTheFileEndsEarly() throws IOException {
        Server.upload("truncated.bin", bytes(5, 8_000_000));
        try (SSLSocket socket = slowReader()) {
            int declared = length(request(socket, "GET", "truncated.bin", ""));
            body(socket, 100_000);
            try (FileChannel file =
                    FileChannel.open(Server.blob(Server.BLOBS, bytes(5, 8_000_000)), StandardOpenOption.WRITE)) {
                file.truncate(4_000_000);
            }

            assertTrue(100_000 + readUntilItEnds(socket) < declared);
        }
    }

    /** More slow readers than the server has threads here: 40, see pom.xml. */
    @Test
    void holdsNoThreadForASlowReader() throws IOException {
        Server.upload("slow.bin", bytes(6, 2_000_000));
        Server.assign("slow", "1", "slow.bin");
        List<SSLSocket> readers = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                SSLSocket reader = slowReader();
                readers.add(reader);
                assertTrue(request(reader, "GET", "slow.bin", "").startsWith("HTTP/1.1 200"));
            }

            assertEquals(
                    200,
                    Server.send("GET", "/devices/slow?app_ver=1", Server.DEVICE, (String) null)
                            .statusCode());
        } finally {
            for (SSLSocket reader : readers) {
                reader.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"'', 0, 816224", "bytes=65536-131071, 65536, 65536", "bytes=800000-, 800000, 16224"})
    void isCopiedWhereTheContainerSendsNoFiles(String range, int first, int length) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + Server.PROXIED_PORT + "/files/download.bin"))
                .header("Authorization", Server.DEVICE);
        if (!range.isEmpty()) {
            request.header("Range", range);
        }

        HttpResponse<byte[]> answer = Server.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());

        assertEquals(range.isEmpty() ? 200 : 206, answer.statusCode());
        assertEquals("" + length, answer.headers().firstValue("Content-Length").orElse(""));
        assertArrayEquals(Arrays.copyOfRange(firmware, first, first + length), answer.body());
    }

    private static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        bytes[0] = 0;
        return bytes;
    }

    /** A small receive buffer, so that the kernel doesn't swallow what the test doesn't read. */
    private static SSLSocket slowReader() throws IOException {
        Socket plain = new Socket();
        plain.setReceiveBufferSize(8_192);
        plain.setSoTimeout(10_000);
        plain.connect(new InetSocketAddress("127.0.0.1", Server.PORT));
        SSLSocket socket =
                (SSLSocket) Server.TLS.getSocketFactory().createSocket(plain, "localhost", Server.PORT, true);
        socket.setEnabledProtocols(new String[] {"TLSv1.2"});
        socket.startHandshake();
        return socket;
    }

    /** The head of the answer. */
    private static String request(SSLSocket socket, String method, String path, String headers) throws IOException {
        socket.getOutputStream()
                .write((method + " /files/" + path
                                + " HTTP/1.1\r\nUser-Agent: ESP32 HTTP Client/1.0\r\nHost: localhost:" + Server.PORT
                                + "\r\nAuthorization: " + Server.DEVICE + "\r\n" + headers + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int octet = socket.getInputStream().read();
            if (octet < 0) {
                throw new IOException("the server closed within " + head);
            }
            head.append((char) octet);
        }
        return head.toString();
    }

    private static int length(String head) {
        Matcher length = LENGTH.matcher(head);
        assertTrue(length.find(), head);
        return Integer.parseInt(length.group(1));
    }

    private static byte[] body(SSLSocket socket, int length) throws IOException {
        byte[] body = new byte[length];
        new DataInputStream(socket.getInputStream()).readFully(body);
        return body;
    }

    private static long readUntilItEnds(SSLSocket socket) {
        long count = 0;
        try {
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[PART];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                count += read;
            }
        } catch (IOException reset) {
            // Also an end.
        }
        return count;
    }
}
