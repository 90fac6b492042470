package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Paths that nobody means well with, sent as raw bytes by an admin, who may do everything: none gets out of the folder, ends
 * in a 5xx or is echoed as it was.
 */
class HostilePathsIT {
    private static final String SECRET = "never to be served";

    /** What follows {@code /files/}, and the status of GET; a PUT is never 200. */
    private static final String PATHS = """
            ../secret.txt                          404
            ../../secret.txt                       400
            ../../../../../../../etc/passwd        400
            a/../../secret.txt                     404
            a/../../../secret.txt                  400
            %2e%2e/secret.txt                      404
            %2e%2e%2fsecret.txt                    400
            ..%2fsecret.txt                        400
            ..%2Fsecret.txt                        400
            ..%5csecret.txt                        400
            ..%5Csecret.txt                        400
            ..\\secret.txt                         400
            ..;/secret.txt                         404
            ..;x=y/secret.txt                      404
            ;/../secret.txt                        404
            .%2e/secret.txt                        404
            %2e./secret.txt                        404
            %252e%252e/secret.txt                  400
            %252e%252e%252fsecret.txt              400
            %c0%ae%c0%ae/secret.txt                400
            %c0%af..%c0%afsecret.txt               400
            %e0%80%ae%e0%80%ae/secret.txt          400
            %uff0e%uff0e/secret.txt                400
            ..%00/secret.txt                       400
            a%00.bin                               400
            a%0A.bin                               400
            a%0D%0ASet-Cookie:x=y                  400
            a%0D.bin                               400
            a%01.bin                               400
            a%1F.bin                               400
            a%7F.bin                               400
            a%09.bin                               400
            a%20b.bin                              400
            a%22b.bin                              400
            %3Cscript%3Ealert(1)%3C/script%3E      400
            a%3Cb                                  400
            a%25b                                  400
            a%23b                                  400
            a%3Fb                                  400
            a%5Bb%5D                               400
            a%7Cb                                  400
            a%60b                                  400
            a%C3%A9.bin                            400
            a%FF.bin                               400
            a%E2%80%AE.bin                         400
            %F0%9F%92%A3.bin                       400
            a\u00e9.bin                            400
            a<b>.bin                               400
            a"b.bin                                400
            .hidden                                400
            a/.hidden                              400
            .upload-1                              400
            ...                                    400
            .../...                                400
            a/                                     400
            a%2Fb                                  400
            a%zz                                   400
            a%                                     400
            a%4                                    400
            ~root/../../secret.txt                 404
            C:/secret.txt                          404
            a;b                                    400
            a.bin;x=1                              400
            ;                                      400
            a;/b                                   400
            /a.bin                                 400
            a//b                                   400
            a/./b                                  400
            ./a                                    400
            a/../b                                 400
            a/%2E%2e/b                             400
            C:%5Csecret.txt                        400
            file:///secret.txt                     400
            $(reboot)                              404
            ${jndi:ldap://127.0.0.1/a}             400
            a'%20OR%20'1'='1                       400
            """;

    /** What follows {@code /devices/}, and the status of a poll. */
    private static final String IDS = """
            a;b                                    400
            /a                                     400
            ./a                                    400
            b/../a                                 400
            a%0Ab                                  400
            a%0Db                                  400
            a%00b                                  400
            a%01b                                  400
            a%1Bb                                  400
            a%7Fb                                  400
            a%C2%80b                               400
            a%C2%9Fb                               400
            a%2Fb                                  400
            a/b                                    400
            a%5Cb                                  400
            %FF                                    400
            %C3                                    400
            %ED%A0%80                              400
            %c0%ae                                 400
            \u00e9                                 400
            %zz                                    400
            %3Cscript%3Ealert(1)%3C%2Fscript%3E    400
            %3Cscript%3E                           404
            %22%3E%3Cimg                           404
            1%27%20OR%20%271%27=%271               404
            1%27;DROP%20TABLE%20device_app;--      400
            %22;DELETE%20FROM%20device_app;--      400
            =cmd%7C'%20/C%20calc'!A0               400
            %25n%25n%25s                           404
            $%7Bjndi:ldap://127.0.0.1/a%7D         400
            {a}                                    404
            [a]                                    404
            a^b`c|d                                404
            %E2%80%AE                              404
            %F0%9F%92%A3                           404
            """;

    static Stream<String> paths() {
        return Stream.concat(
                PATHS.lines(),
                Stream.of(
                        "a/".repeat(100) + "b 404",
                        "a/".repeat(130) + "b 400",
                        "a".repeat(201) + " 400",
                        "a".repeat(7000) + " 400"));
    }

    static Stream<String> ids() {
        return Stream.concat(
                IDS.lines(),
                Stream.of("i".repeat(129) + " 400", "%C3%A9".repeat(65) + " 400", "i".repeat(7000) + " 400"));
    }

    @BeforeAll
    static void aSecretBesideTheFolder() throws IOException {
        Files.writeString(Server.DATA.resolve("secret.txt"), SECRET);
        Files.writeString(Server.DATA.resolveSibling("secret.txt"), SECRET);
    }

    @ParameterizedTest(name = "/files/{0}")
    @MethodSource("paths")
    void stayInTheFolder(String row) throws IOException {
        String path = row.substring(0, row.lastIndexOf(' ')).trim();
        int status = Integer.parseInt(row.substring(row.lastIndexOf(' ') + 1));
        List<String> before = Server.storedFiles();

        String get = request("GET", "/files/" + path, "");
        String put = request("PUT", "/files/" + path, "hostile");

        assertEquals(status, status(get), get);
        assertHarmless(get, path);
        assertHarmless(put, path);
        if (status != 404) {
            assertTrue(status(put) >= 400 && status(put) < 500, put);
            assertEquals(before, Server.storedFiles());
        }
        assertEquals(SECRET, Files.readString(Server.DATA.resolve("secret.txt")));
        assertEquals(SECRET, Files.readString(Server.DATA.resolveSibling("secret.txt")));
    }

    @ParameterizedTest(name = "/devices/{0}")
    @MethodSource("ids")
    void areNoDevice(String row) throws IOException {
        String id = row.substring(0, row.lastIndexOf(' ')).trim();
        int status = Integer.parseInt(row.substring(row.lastIndexOf(' ') + 1));

        String poll = request("GET", "/devices/" + id + "?app_ver=1", "");

        assertEquals(status, status(poll), poll);
        assertHarmless(poll, id);
    }

    private static String request(String method, String path, String body) throws IOException {
        return Server.sendRaw(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + Server.ADMIN
                + "\r\nContent-Length: " + body.length() + "\r\nConnection: close\r\n\r\n" + body);
    }

    private static int status(String answer) {
        return Integer.parseInt(answer.substring(9, 12));
    }

    private static void assertHarmless(String answer, String path) {
        assertTrue(status(answer) < 500, answer);
        assertFalse(answer.contains(SECRET), answer);
        assertFalse(answer.contains("root:"), answer);
        assertFalse(answer.contains("Set-Cookie"), answer);
        assertFalse(answer.contains("<script"), answer);
        assertFalse(answer.matches("(?is).*(exception|apache|tomcat/).*"), answer);
        assertFalse(answer.matches("(?s).*\r\n\r\n.*[\\x00-\\x09\\x0B-\\x1F\\x7F].*"), answer);
        String body = answer.substring(answer.indexOf("\r\n\r\n"));
        if (body.contains("<!doctype html>")) {
            assertFalse(path.matches(".*[^A-Za-z].*") && body.contains(path), "the container's own page: " + body);
        } else {
            assertFalse(body.matches("(?s).*[<>\"].*"), "only percent-encoded: " + body);
        }
    }
}
