package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The log that our server.xml lets Tomcat write: a line for each request, whatever is sent. */
class AccessLogIT {
    private static final Path LOGS = Server.FOLDER.resolve("tomcat/logs");

    @BeforeAll
    static void oneFileAndOneDevice() throws IOException {
        request("admin", "PUT /files/logged.bin", "x".repeat(1000));
        request("admin", "PUT /devices/logged", "logged,1,logged.bin");
    }

    /** The line is without time of day and duration. */
    @ParameterizedTest(name = "{1} by {0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            device  | GET /devices/logged?app_ver=1     | device "GET /devices/logged?app_ver=1 HTTP/1.1" 200 10 logged offered
            device  | GET /devices/logged?app_ver=2     | device "GET /devices/logged?app_ver=2 HTTP/1.1" 204 - logged no_update
            device  | GET /devices/logged               | device "GET /devices/logged HTTP/1.1" 400 48 logged malformed
            device  | GET /devices/unlogged?app_ver=%2B | device "GET /devices/unlogged?app_ver=%2B HTTP/1.1" 404 45 unlogged unknown_device
            device  | GET /devices/a%22b%20c?app_ver=1  | device "GET /devices/a%22b%20c?app_ver=1 HTTP/1.1" 404 45 a%22b%20c unknown_device
            device  | GET /devices/th%C3%A9?app_ver=1   | device "GET /devices/th%C3%A9?app_ver=1 HTTP/1.1" 404 45 th%C3%A9 unknown_device
            device  | GET /files/logged.bin             | device "GET /files/logged.bin HTTP/1.1" 200 1000 - -
            admin   | DELETE /files/logged.bin          | admin "DELETE /files/logged.bin HTTP/1.1" 409 55 - -
            nobody  | GET /devices/logged?app_ver=1     | - "GET /devices/logged?app_ver=1 HTTP/1.1" 403 75 - -
            nobody  | GET /health/live                  | - "GET /health/live HTTP/1.1" 200 5 - -
            stranger | GET /devices/logged?app_ver=1    | stranger "GET /devices/logged?app_ver=1 HTTP/1.1" 403 75 - -
            device  | GET /devices/a%0A127.0.0.1%20-%20admin?app_ver=1 | device "GET /devices/a%0A127.0.0.1%20-%20admin?app_ver=1 HTTP/1.1" 400 38 - -
            device  | GET /devices/a"b?app_ver="\\       | device "GET /devices/a\\"b?app_ver=\\"\\\\ HTTP/1.1" 404 45 a%22b unknown_device
            quoted  | GET /devices/logged?app_ver=2     | \\" 200 \\" "GET /devices/logged?app_ver=2 HTTP/1.1" 204 - logged no_update
            nobody  | GET /devices/logged?app_ver=\u00e9 | - "GET - HTTP/1.1" 400 435 - -
            nobody  | GET /devices/logged?app_ver=1%r   | - "GET - HTTP/1.1" 400 435 - -
            nobody  | GET /devices/logged?app_ver=1%e[2J | - "GET - HTTP/1.1" 400 435 - -
            nobody  | G%nET /devices/logged             | - "-" 400 435 - -
            """)
    void hasALine(String user, String request, String line) throws IOException {
        String raw = request.replace("%r", "\r").replace("%n", "\n").replace("%e", "\u001b");
        int before = lines().size();

        request(user, raw, "");

        List<String> added = lines().subList(before, lines().size());
        assertEquals(1, added.size(), added.toString());
        String time = "\\[[0-9]{2}/[A-Z][a-z]{2}/20[0-9]{2}(:[0-9]{2}){3} [+-][0-9]{4}]";
        assertTrue(
                added.get(0).matches("127\\.0\\.0\\.1 - .* " + time + " \".*\" [0-9]{3} ([0-9]+|-) [0-9]+ .*"),
                added.get(0));
        assertEquals(
                "127.0.0.1 - " + line,
                added.get(0).replaceFirst(" " + time, "").replaceFirst(" [0-9]+ ([^ ]+ [^ ]+)$", " $1"));
    }

    @Test
    void keepsCredentialsToItself() throws IOException {
        request("device", "GET https://device:" + Server.DEVICE_PASSWORD + "@localhost/devices/logged?app_ver=1", "");

        String log = String.join("\n", lines());
        assertFalse(log.contains(Server.DEVICE_PASSWORD));
        assertFalse(log.contains(Server.DEVICE.substring("Basic ".length())));
    }

    /** When its connection is closed, the line is written. */
    private static void request(String user, String request, String body) throws IOException {
        Server.sendRaw(request + " HTTP/1.1\r\nHost: localhost\r\n" + authorization(user) + "Content-Length: "
                + body.length() + "\r\nConnection: close\r\n\r\n" + body);
    }

    private static String authorization(String user) {
        return switch (user) {
            case "device" -> "Authorization: " + Server.DEVICE + "\r\n";
            case "admin" -> "Authorization: " + Server.ADMIN + "\r\n";
            case "stranger" -> "Authorization: " + Server.STRANGER + "\r\n";
            case "quoted" -> "Authorization: " + Server.basic("\" 200 \"", "it-quoted-password") + "\r\n";
            default -> "";
        };
    }

    /** Of all days, because one may just have ended. */
    private static List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(LOGS)) {
            for (Path file : files.filter(file -> file.getFileName().toString().matches("access\\.[0-9-]{10}\\.log"))
                    .sorted()
                    .toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }
}
