package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a board sends, byte for byte, each request on a TLS 1.2 connection of its own that it never closes politely: the client
 * of ESP-IDF 4.4, with {@code Content-Length: 0} on a GET, and of 5.x, without.
 */
class DeviceSequenceIT {
    private static final String PATH = "esp32-fuota.bin.0.1.1";
    private final byte[] firmware = new byte[816_224];

    /** What a board reads of an answer. */
    private record Answer(int status, Map<String, String> headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.US_ASCII);
        }
    }

    @BeforeEach
    void anUpdateIsAssigned() {
        new Random(1).nextBytes(firmware);
        firmware[0] = 0;
        Server.upload(PATH, firmware);
        Server.assign("00001", "0.1.0", PATH);
        Server.assign("00003", "0.1.0", "esp32-fuota.bin.gone");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 0\r\n", ""})
    void updatesItself(String contentLength) throws IOException {
        Answer offered = send("/devices/00001?app_ver=0.1.0", Server.DEVICE, contentLength);
        assertEquals(200, offered.status());
        assertEquals("text/csv", offered.headers().get("content-type"));
        assertEquals(String.valueOf(PATH.length()), offered.headers().get("content-length"));
        assertEquals(PATH, offered.text());

        Answer download = send("/files/" + offered.text(), Server.DEVICE, contentLength);
        assertEquals(200, download.status());
        assertArrayEquals(firmware, download.body());

        Answer done = send("/devices/00001?app_ver=0.1.1", Server.DEVICE, contentLength);
        assertEquals(204, done.status());
    }

    @Test
    void isToldThatItIsUnknown() throws IOException {
        assertEquals(
                404, send("/devices/00002?app_ver=0.1.0", Server.DEVICE, "").status());
    }

    @Test
    void isToldThatItsFileIsMissing() throws IOException {
        assertEquals(
                404, send("/devices/00003?app_ver=0.1.0", Server.DEVICE, "").status());
    }

    @Test
    void isForbiddenWithTheWrongPassword() throws IOException {
        String wrong = Server.basic("device", "password");

        assertEquals(403, send("/devices/00001?app_ver=0.1.0", wrong, "").status());
        assertEquals(403, send("/files/" + PATH, wrong, "Content-Length: 0\r\n").status());
    }

    @Test
    void isToldThatItsRequestIsWrong() throws IOException {
        assertEquals(400, send("/devices/00001", Server.DEVICE, "").status());
        assertEquals(
                400,
                send("/devices/00001?app_ver=", Server.DEVICE, "Content-Length: 0\r\n")
                        .status());
    }

    @Test
    void keepsTheConnectionForTheNextRequest() throws IOException {
        try (SSLSocket socket = Server.connect("TLSv1.2")) {
            for (int i = 0; i < 3; i++) {
                write(socket, "/devices/00001?app_ver=0.1.0", Server.DEVICE, "Content-Length: 0\r\n");
                assertEquals(PATH, read(socket.getInputStream()).text());
            }
        }
    }

    private static Answer send(String path, String authorization, String contentLength) throws IOException {
        SSLSocket socket = Server.connect("TLSv1.2");
        try {
            write(socket, path, authorization, contentLength);
            return read(socket.getInputStream());
        } finally {
            // A board ends without close_notify; so close what is below TLS, with a reset.
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    private static void write(SSLSocket socket, String path, String authorization, String contentLength)
            throws IOException {
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\n"
                                + "User-Agent: ESP32 HTTP Client/1.0\r\n"
                                + "Host: localhost:" + Server.PORT + "\r\n"
                                + "Authorization: " + authorization + "\r\n"
                                + contentLength + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    /** As the board does: status, headers, and then exactly Content-Length bytes. */
    private static Answer read(InputStream in) throws IOException {
        int status = Integer.parseInt(line(in).substring(9, 12));
        Map<String, String> headers = new HashMap<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).trim());
        }
        byte[] body = new byte[Integer.parseInt(headers.getOrDefault("content-length", "0"))];
        new DataInputStream(in).readFully(body);
        return new Answer(status, headers, body);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new IOException("the server closed within the answer's head");
            }
            line.write(octet);
        }
        return line.toString(StandardCharsets.US_ASCII).stripTrailing();
    }
}
