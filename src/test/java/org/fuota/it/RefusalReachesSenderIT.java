package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An admin learns why his upload is refused, whatever he sends it with and however large it is. Many clients look for an answer
 * only when all is sent; curl asks before it sends.
 */
class RefusalReachesSenderIT {
    @TempDir
    static Path folder;

    @BeforeAll
    static void aFile() {
        Server.upload("refusal/there.bin", "there".getBytes(StandardCharsets.US_ASCII));
    }

    @AfterAll
    static void withdraw() {
        Server.send("DELETE", "/files/refusal/there.bin", Server.ADMIN, (String) null);
    }

    @ParameterizedTest(name = "{0} {1} of {2} bytes")
    @CsvSource(delimiter = '|', textBlock = """
                    # path                      | header                                          | bytes    | status
                    /files/refusal              | X: y                                            | 3000000  | 409
                    /files/refusal              | X: y                                            | 16000000 | 409
                    /files/refusal/there.bin    | If-None-Match: *                                | 3000000  | 412
                    /files/refusal/there.bin    | Content-Encoding: gzip                          | 3000000  | 415
                    /files/refusal/there.bin    | Content-Type: multipart/form-data; boundary=x   | 16000000 | 415
                    /files/refusal/there.bin    | X: y                                            | 20000000 | 413
                    /files/.refusal             | X: y                                            | 3000000  | 400
                    /files/refusal/image.bin?require=application | X: y                           | 3000000  | 422
                    /devices/refusal            | X: y                                            | 3000000  | 413
                    /devices                    | X: y                                            | 3000000  | 400
                    """)
    void arrives(String path, String header, int bytes, int status) throws Exception {
        byte[] body = "some text ".repeat(bytes / 10).getBytes(StandardCharsets.US_ASCII);

        assertEquals(status, allFirst(path, header, body), "a client that sends all first");
        assertEquals(status, curl(path, header, body), "curl, which expects 100");
        assertEquals(status, curl(path, header, body, "-H", "Expect:"), "curl, which expects nothing");
        assertEquals(status, curl(path, header, body, "-H", "Transfer-Encoding: chunked"), "curl, in chunks");
    }

    private static int allFirst(String path, String header, byte[] body) throws IOException {
        try (SSLSocket socket = Server.connect("TLSv1.3")) {
            OutputStream out = socket.getOutputStream();
            out.write(("PUT " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: "
                            + Server.ADMIN + "\r\n" + header + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
            return Integer.parseInt(Server.readAll(socket.getInputStream()).split(" ", 3)[1]);
        }
    }

    private static int curl(String path, String header, byte[] body, String... options) throws Exception {
        Path file = Files.write(folder.resolve("body"), body);
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--http1.1", "--noproxy", "*", "--cacert"));
        command.addAll(List.of(Server.CERTIFICATE.toString(), "-H", "Authorization: " + Server.ADMIN, "-H", header));
        command.addAll(List.of(options));
        command.addAll(List.of("-o", "/dev/null", "-w", "%{http_code}", "-T", file.toString(), Server.ROOT + path));
        Process curl = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, curl.waitFor(), output);
        return Integer.parseInt(output);
    }
}
