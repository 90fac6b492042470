package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.fuota.tomcat.TomcatProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In a Tomcat whose operator has chosen the connector that sends more than a range when it sends a file by itself. */
class Nio2IT {
    private static final String CONTENT = "0123456789".repeat(10_000);

    @TempDir
    private static Path folder;

    private static TomcatProcess server;
    private static SSLContext tls;

    @BeforeAll
    static void start() throws Exception {
        server = new TomcatProcess(folder).option("-Dfuota.protocol=org.apache.coyote.http11.Http11Nio2Protocol");
        server.setUp();
        Files.writeString(server.data().resolve("files/a.bin"), CONTENT);
        server.restart();
        tls = server.tls();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** As boards ask that download in parts, on one connection. */
    @ParameterizedTest
    @CsvSource({"0, 0", "10, 70000", "0, 65535", "65536, 99999", "99999, 99999"})
    void sendsNoMoreThanWasAskedFor(int first, int last) throws IOException {
        String answers = send("Range: bytes=" + first + "-" + last, "Connection: close");

        assertTrue(answers.startsWith("HTTP/1.1 206 "), answers);
        assertEquals(CONTENT.substring(first, last + 1), body(answers));
    }

    @Test
    void sendsTheWholeFile() throws IOException {
        assertEquals(CONTENT, body(send("Connection: close")));
    }

    @Test
    void saysWhatIsWrongWithTheConnector() throws IOException {
        String log = server.log();

        assertTrue(log.contains("set the connector's protocol to org.apache.coyote.http11.Http11NioProtocol"), log);
    }

    private static String send(String... headers) throws IOException {
        return Server.sendRaw(
                tls,
                server.port(),
                "GET /files/a.bin HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                        + Server.basic("device", TomcatProcess.DEVICE_PASSWORD) + "\r\n" + String.join("\r\n", headers)
                        + "\r\n\r\n");
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }
}
