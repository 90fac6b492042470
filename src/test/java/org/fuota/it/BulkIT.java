package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code PUT /devices}, the refusal of loops, and the audit trail, over the wire. */
class BulkIT {
    // Of bytes that no other test's devices report a version for.
    private static final byte[] FIRST = "bulk, first".getBytes(StandardCharsets.UTF_8);
    private static final byte[] SECOND = "bulk, second".getBytes(StandardCharsets.UTF_8);

    @BeforeEach
    void aFileAndADevice() {
        Server.upload("bulk.bin", FIRST);
        Server.assign("bulk-1", "1", "bulk.bin");
    }

    @AfterEach
    void withdraw() {
        for (int i = 1; i <= 4; i++) {
            Server.send("DELETE", "/devices/bulk-" + i, Server.ADMIN, (String) null);
            Server.send("DELETE", "/fleet/bulk-" + i, Server.ADMIN, (String) null);
        }
        Server.send("DELETE", "/files/bulk.bin", Server.ADMIN, (String) null);
    }

    @Test
    void createsReplacesAndLeavesAlone() {
        put("/devices", "bulk-2,1,bulk.bin");
        List<String> before = history("bulk-1");

        HttpResponse<String> answer =
                put("/devices", "\"bulk-3\",\"1\",\"bulk.bin\"\r\nbulk-1,1,bulk.bin\n\nbulk-2,2,absent.bin\n");

        assertEquals(200, answer.statusCode());
        assertEquals("""
                3 rows: 1 created, 1 changed, 1 the same
                warning: bulk.bin isn't an application for an ESP32: the file is no ESP32 image (2 devices, the first bulk-3)
                warning: update file absent.bin isn't uploaded yet; until it is, polls are answered 404 (device bulk-2)
                """, answer.body());
        assertEquals("""
                "bulk-1","1","bulk.bin"
                "bulk-2","2","absent.bin"
                "bulk-3","1","bulk.bin"
                """, rows());
        assertEquals(
                List.of(
                        "assigned: bulk.bin to version 1 -> absent.bin to version 2, by admin, from 127.0.0.1",
                        "assigned: bulk.bin to version 1, by admin, from 127.0.0.1"),
                history("bulk-2").subList(0, 2));
        assertEquals(before, history("bulk-1"), "nothing changed, so there is nothing to keep");
    }

    @Test
    void tellsWhatItWouldDoAndDoesNothing() {
        String before = rows();
        List<String> historyBefore = history("bulk-1");

        HttpResponse<String> text = put("/devices?dry_run=true", "bulk-1,2,bulk.bin\nbulk-2,1,bulk.bin\n");
        HttpResponse<String> json = Server.send(
                HttpRequest.newBuilder(URI.create(Server.ROOT + "/devices?dry_run=true"))
                        .header("Authorization", Server.ADMIN)
                        .header("Accept", "application/json")
                        .PUT(BodyPublishers.ofString("bulk-1,2,bulk.bin\nbulk-2,1,absent.bin\n"))
                        .build(),
                BodyHandlers.ofString());

        assertEquals(200, text.statusCode());
        assertTrue(text.body().startsWith("2 rows: 1 created, 1 changed, 0 the same\n"), text.body());
        assertTrue(text.body().endsWith("dry run: nothing was changed\n"), text.body());
        assertEquals(
                "{\"dry_run\":true,\"rows\":2,\"created\":1,\"changed\":1,\"same\":0,\"warnings\":[",
                json.body().substring(0, json.body().indexOf('[') + 1));
        assertEquals(before, rows());
        assertEquals(historyBefore, history("bulk-1"));
        assertEquals(404, get("/fleet/bulk-2").statusCode());
    }

    @ParameterizedTest(name = "{0} {1}: {2} {3}")
    @CsvSource(delimiter = '|', textBlock = """
                    /devices               | ''                                   | 400 | the body has no row
                    /devices               | bulk-2,1,bulk.bin~bulk-3,1           | 400 | line 2: it must be one row of three fields: "<device_id>","<app_version>","<update_file_path>"
                    /devices/              | bulk-2,1,bulk.bin~bulk-2,1,bulk.bin  | 400 | line 2: device bulk-2 is on line 1 already
                    /devices?dry_run=true  | bulk-2,1,a b                         | 400 | line 1: the update file path has a character that a board can't request: only A-Z a-z 0-9 ._~!$&'()*+,=:@- and / are allowed
                    /devices?dryrun=true   | bulk-2,1,bulk.bin                    | 400 | the query has dryrun, which isn't one of dry_run, force
                    /devices?dry_run=yes   | bulk-2,1,bulk.bin                    | 400 | dry_run must be true or false
                    /devices?dry_run       | bulk-2,1,bulk.bin                    | 400 | the query must hold dry_run once, and not empty
                    /devices?force=1       | bulk-2,1,bulk.bin                    | 400 | force must be true or false
                    /devices/bulk-1?dry_run=true | bulk-1,2,bulk.bin              | 400 | the query has dry_run, which isn't one of force
                    """)
    void refusesAllOfIt(String path, String body, int status, String sentence) {
        String before = rows();

        HttpResponse<String> answer = put(path, body.replace('~', '\n'));

        assertEquals(status, answer.statusCode());
        assertEquals(sentence + "\n", answer.body());
        assertEquals(before, rows());
    }

    @Test
    void refusesWhatIsNotUtf8OrBreaksOff() throws IOException {
        HttpResponse<String> notUtf8 = Server.send(
                "PUT", "/devices", Server.ADMIN, BodyPublishers.ofByteArray(new byte[] {'b', (byte) 0xC3, '\n'}));
        assertEquals(400, notUtf8.statusCode());
        assertEquals("the body isn't UTF-8\n", notUtf8.body());

        try (SSLSocket socket = Server.connect("TLSv1.2")) {
            socket.getOutputStream()
                    .write(("PUT /devices HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + Server.ADMIN
                                    + "\r\nContent-Length: 134217729\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] start = socket.getInputStream().readNBytes(12);
            assertEquals("HTTP/1.1 413", new String(start, StandardCharsets.US_ASCII), "before any of the body");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/devices/bulk-2", "/devices", "/devices?dry_run=true"})
    void refusesToLoopForEver(String path) {
        byte[] image = path.getBytes(StandardCharsets.UTF_8);
        Server.upload("bulk.bin", image);
        poll("bulk-1", "1", 200);
        poll("bulk-1", "9", 204);
        get("/fleet/bulk-1");
        String sentence = "update file bulk.bin is known to report version 9 itself: a device that reports 9 would be"
                + " offered it for ever";
        String where = path.contains("bulk-2") ? "" : "line 1: ";

        HttpResponse<String> refused = put(path, "bulk-2,9,bulk.bin");

        assertEquals(409, refused.statusCode());
        assertEquals(where + sentence + "; ?force=true assigns it nevertheless\n", refused.body());
        assertFalse(rows().contains("bulk-2"));
        assertEquals(200, put(path, "bulk-2,1,bulk.bin").statusCode(), "another version is no loop");
        HttpResponse<String> forced = put(path + (path.contains("?") ? "&" : "?") + "force=true", "bulk-2,9,bulk.bin");
        assertEquals(200, forced.statusCode());
        assertTrue(forced.body().contains("\nwarning: " + sentence), forced.body());
    }

    @Test
    void keepsWhoChangedWhat() throws IOException, GeneralSecurityException {
        int logBefore = Server.log().length();
        put("/devices/bulk-1", "bulk-1,2,bulk.bin");
        put("/devices/bulk-1", "bulk-1,2,bulk.bin");
        Server.send("DELETE", "/devices/bulk-1", Server.ADMIN, (String) null);
        Server.assign("bulk-1", "3", "bulk.bin");
        Server.upload("bulk.bin", SECOND);
        Server.send("DELETE", "/devices/bulk-1", Server.ADMIN, (String) null);
        Server.assign("bulk-1", "4", "other.bin");
        Server.send("DELETE", "/files/bulk.bin", Server.ADMIN, (String) null);

        assertEquals(
                List.of(
                        "assigned: other.bin to version 4, by admin, from 127.0.0.1",
                        "withdrawn: bulk.bin to version 3, by admin, from 127.0.0.1",
                        "assigned: bulk.bin to version 3, by admin, from 127.0.0.1",
                        "withdrawn: bulk.bin to version 2, by admin, from 127.0.0.1",
                        "assigned: bulk.bin to version 1 -> bulk.bin to version 2, by admin, from 127.0.0.1",
                        "assigned: bulk.bin to version 1, by admin, from 127.0.0.1"),
                history("bulk-1").subList(0, 6));
        String log = Server.log().substring(logBefore);
        for (String line : List.of(
                "PUT /devices/bulk-1 by admin from 127.0.0.1: assigned device bulk-1, before: bulk.bin to version 1,"
                        + " after: bulk.bin to version 2",
                "DELETE /devices/bulk-1 by admin from 127.0.0.1: withdrawn device bulk-1, before: bulk.bin to version 2",
                "PUT /files/bulk.bin by admin from 127.0.0.1: uploaded file bulk.bin, before:" + sha256(FIRST)
                        + ", after:" + sha256(SECOND),
                "DELETE /files/bulk.bin by admin from 127.0.0.1: deleted file bulk.bin, before:" + sha256(SECOND))) {
            assertTrue(log.contains(line), line + "\n" + log);
        }
    }

    private static String sha256(byte[] content) throws GeneralSecurityException {
        return " "
                + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    private static List<String> history(String deviceId) {
        return get("/fleet/" + deviceId)
                .body()
                .lines()
                .filter(line -> line.matches("[0-9-]{10}T.*(assigned|withdrawn).*"))
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .toList();
    }

    private static String rows() {
        return get("/devices")
                        .body()
                        .lines()
                        .filter(line -> line.startsWith("\"bulk-"))
                        .collect(Collectors.joining("\n"))
                + "\n";
    }

    private static void poll(String deviceId, String version, int status) {
        assertEquals(
                status,
                Server.send("GET", "/devices/" + deviceId + "?app_ver=" + version, Server.DEVICE, (String) null)
                        .statusCode());
    }

    private static HttpResponse<String> get(String path) {
        return Server.send("GET", path, Server.ADMIN, (String) null);
    }

    private static HttpResponse<String> put(String path, String body) {
        return Server.send("PUT", path, Server.ADMIN, body);
    }
}
