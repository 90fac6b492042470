package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Uploads that don't end as they should: the old file stays, and nothing else. */
class BrokenUploadIT {
    private static final byte[] OLD = "the old firmware".getBytes(StandardCharsets.US_ASCII);

    private List<String> filesBefore = List.of();

    @BeforeEach
    void anOldFile() throws IOException {
        Server.upload("broken.bin", OLD);
        filesBefore = Server.storedFiles();
    }

    @Test
    void keepsOldFileWhenUploadIsShorterThanDeclared() throws IOException {
        try (SSLSocket socket = upload("Content-Length: 100000\r\n", "x".repeat(50_000))) {
            socket.shutdownOutput();
            String answer = Server.readAll(socket.getInputStream());

            // The container may close at once instead; then there is nobody to tell.
            if (!answer.isEmpty()) {
                assertEquals("HTTP/1.1 400", answer.substring(0, 12));
            }
        }
        assertNothingChanged();
    }

    @Test
    void keepsOldFileWhenUploadBreaksOff() throws IOException {
        SSLSocket socket = upload("Content-Length: 100000\r\n", "x".repeat(50_000));
        // Else the server might begin only after it was looked at.
        while (Server.storedFiles().equals(filesBefore)) {
            Thread.onSpinWait();
        }
        socket.setSoLinger(true, 0);
        socket.close();

        assertNothingChanged();
    }

    @Test
    void keepsOldFileWhenChunkedUploadBreaksOff() throws IOException {
        try (SSLSocket socket = upload("Transfer-Encoding: chunked\r\n", "a\r\n0123456789\r\n")) {
            socket.shutdownOutput();
            Server.readAll(socket.getInputStream());
        }
        assertNothingChanged();
    }

    @Test
    void keepsOldFileWhenChunksAreMalformed() throws IOException {
        try (SSLSocket socket = upload("Transfer-Encoding: chunked\r\n", "a\r\n0123456789\r\nzz\r\n")) {
            assertEquals("HTTP/1.1 400", new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII));
        }
        assertNothingChanged();
    }

    private static SSLSocket upload(String lengthHeader, String body) throws IOException {
        SSLSocket socket = Server.connect("TLSv1.2");
        socket.getOutputStream()
                .write(("PUT /files/broken.bin HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + Server.ADMIN + "\r\n"
                                + lengthHeader + "\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    /** Waits for the server to notice, which no client can see, until the temporary file is gone. */
    private void assertNothingChanged() throws IOException {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(30));
        while (!Server.storedFiles().equals(filesBefore) && Instant.now().isBefore(deadline)) {
            Thread.onSpinWait();
        }
        assertEquals(filesBefore, Server.storedFiles());
        assertArrayEquals(OLD, Server.download("broken.bin"));
    }
}
