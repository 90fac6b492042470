package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The six requests, row by row: what is asked, and what comes. */
class WireIT {
    private static final byte[] FIRMWARE = new byte[300_001];

    @BeforeEach
    void oneFileAndThreeDevices() {
        new Random(7).nextBytes(FIRMWARE);
        FIRMWARE[0] = 0;
        Server.upload("wire.bin.0.1.1", FIRMWARE);
        Server.assign("wire-1", "0.1.0", "wire.bin.0.1.1");
        Server.assign("wire-2", "1.0.0+abc", "wire.bin.0.1.1");
        Server.assign("wire-3", "0.1.0", "wire.bin.never-uploaded");
    }

    @ParameterizedTest(name = "GET /devices/{0} is {1}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            # device and query               | status | body, where it matters
            wire-1?app_ver=0.1.0             | 200 | wire.bin.0.1.1
            wire-1?app_ver=0%2E1%2e0         | 200 | wire.bin.0.1.1
            wire-1?x=y&app_ver=0.1.0&z       | 200 | wire.bin.0.1.1
            wire-1?app%5Fver=0.1.0           | 200 | wire.bin.0.1.1
            wire%2D1?app_ver=0.1.0           | 200 | wire.bin.0.1.1
            wire-2?app_ver=1.0.0+abc         | 200 | wire.bin.0.1.1
            wire-2?app_ver=1.0.0%2Babc       | 200 | wire.bin.0.1.1
            wire-2?app_ver=1.0.0%20abc       | 204 | -
            wire-1?app_ver=0.1.1             | 204 | -
            wire-1?app_ver=0.1               | 204 | -
            wire-1?app_ver=0.1.0%20          | 204 | -
            wire-1?app_ver=0.1.0=            | 204 | -
            wire-1?app_ver=%C3%A9            | 204 | -
            wire-1                           | 400 | -
            wire-1?                          | 400 | -
            wire-1?app_ver                   | 400 | -
            wire-1?app_ver=                  | 400 | -
            wire-1?APP_VER=0.1.0             | 400 | -
            wire-1?app_ver=0.1.0&app_ver=0.1.0 | 400 | -
            wire-1?app_ver=0.1.0&app_ver=    | 400 | -
            wire-1?app_ver=%0A               | 400 | -
            wire-1?app_ver=%00               | 400 | -
            wire-1?app_ver=%7F               | 400 | -
            wire-1?app_ver=%C2%85            | 400 | -
            wire-1?app_ver=%FF               | 400 | -
            wire-1?app_ver=%C3               | 400 | -
            wire-1/more?app_ver=0.1.0        | 400 | -
            wire-1/?app_ver=0.1.0            | 400 | -
            wire%0A1?app_ver=0.1.0           | 400 | -
            wire-3?app_ver=0.1.0             | 404 | -
            wire-3?app_ver=0.1.1             | 204 | -
            wire-4?app_ver=0.1.0             | 404 | -
            WIRE-1?app_ver=0.1.0             | 404 | -
            """)
    void poll(String deviceAndQuery, int status, @Nullable String body) {
        HttpResponse<String> answer = Server.send("GET", "/devices/" + deviceAndQuery, Server.DEVICE, (String) null);

        assertEquals(status, answer.statusCode(), answer.body());
        if (status == 200) {
            assertEquals(body, answer.body());
            assertEquals(List.of("text/csv"), answer.headers().allValues("Content-Type"));
            assertEquals(List.of("" + answer.body().length()), answer.headers().allValues("Content-Length"));
        } else if (status == 204) {
            assertEquals("", answer.body());
        } else {
            assertOneSentence(answer);
        }
        assertCleanHeaders(answer);
    }

    @Test
    void pollsVersionsAndIdsOfTheFullLength() {
        String id = "i".repeat(128);
        String version = "v".repeat(128);
        Server.assign(id, version, "wire.bin.0.1.1");

        assertEquals(200, poll(id, version).statusCode());
        assertEquals(400, poll(id, version + "v").statusCode());
        assertEquals(400, poll(id + "i", version).statusCode());
        assertEquals(400, poll("%C3%A9".repeat(64) + "e", version).statusCode(), "129 bytes in 65 characters");
    }

    @Test
    void servesIdsThatAreNotAscii() {
        HttpResponse<String> assigned =
                Server.send("PUT", "/devices/caf%C3%A9", Server.ADMIN, "\"café\",\"é\",\"wire.bin.0.1.1\"");

        assertEquals(200, assigned.statusCode(), assigned.body());
        assertEquals(200, poll("caf%C3%A9", "%C3%A9").statusCode());
        assertTrue(list().contains("\"café\",\"é\",\"wire.bin.0.1.1\"\n"));
    }

    @Test
    void listsDevicesQuotedAndInOrder() {
        for (String row : list().split("\n")) {
            String id = row.substring(1, row.indexOf("\",\""));
            Server.send("DELETE", "/devices/" + VirtualBoard.encode(id), Server.ADMIN, (String) null);
        }
        assertEquals("", list());
        Server.assign("b", "1", "f");
        Server.send("PUT", "/devices/a%22%2C", Server.ADMIN, "\"a\"\",\",\"say \"\"1\"\"\",\"f,g\"");
        Server.assign("B", "2", "f/g");

        HttpResponse<String> answer = Server.send("GET", "/devices", Server.ADMIN, (String) null);

        assertEquals("\"B\",\"2\",\"f/g\"\n\"a\"\",\",\"say \"\"1\"\"\",\"f,g\"\n\"b\",\"1\",\"f\"\n", answer.body());
        assertEquals(List.of("text/csv"), answer.headers().allValues("Content-Type"));
        assertCleanHeaders(answer);
        assertEquals(
                answer.body(),
                Server.send("GET", "/devices/", Server.ADMIN, (String) null).body());
    }

    @Test
    void listsMoreDevicesThanOnePage() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 2_100; i++) {
            ids.add("page-%05d".formatted(i));
            Server.assign(ids.get(i), "1", "f");
        }

        List<String> listed = list().lines()
                .filter(row -> row.startsWith("\"page-"))
                .map(row -> row.substring(1, 11))
                .toList();

        assertEquals(ids, listed);
    }

    @ParameterizedTest(name = "PUT {0} of {1} is {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # id     | body                                      | status
            put-1    | "put-1","0.1.0","wire.bin.0.1.1"          | 200
            put-1    | put-1,0.1.0,wire.bin.0.1.1                | 200
            put-1    | "put-1","0.1.0","wire.bin.0.1.1"%n        | 200
            put-1    | "put-1","0.1.0","wire.bin.0.1.1"%r%n      | 200
            put-1    | "put-1","1.0.0+abc ""q"",","a/b/c.bin"    | 200
            put-1    | "put-1"," 1 ","a"                         | 200
            %20put   | " put","1","a"                            | 200
            %20put   | put,1,a                                   | 400
            put-1    | "put-1","0.1.0","A-Z.a_~!$&'()*+,=:@-9"   | 200
            put-1    | "put-1","0.1.0"                           | 400
            put-1    | "put-1","0.1.0","a","b"                   | 400
            put-1    | "put-1","0.1.0","a"%n"put-2","0.1.0","a"  | 400
            put-1    | "put-1","0.1.0","a"%n%n"x"                | 400
            put-1    | "put-2","0.1.0","a"                       | 400
            put-1    | "PUT-1","0.1.0","a"                       | 400
            put-1    | "","0.1.0","a"                            | 400
            put-1    | "put-1","","a"                            | 400
            put-1    | "put-1","0.1.0",""                        | 400
            put-1    | ``                                        | 400
            put-1    | %n                                        | 400
            put-1    | "put-1","0.1.0","a                        | 400
            put-1    | "put-1"x,"0.1.0","a"                      | 400
            put-1    | "put-1","0.%n1","a"                       | 400
            put-1    | "put-1","0.1%t","a"                       | 400
            put-1    | "put-1","0.1.0","a b"                     | 400
            put-1    | "put-1","0.1.0","a""b"                    | 400
            put-1    | "put-1","0.1.0","a#b"                     | 400
            put-1    | "put-1","0.1.0","a?b"                     | 400
            put-1    | "put-1","0.1.0","a%%20b"                  | 400
            put-1    | "put-1","0.1.0","a\\b"                    | 400
            put-1    | "put-1","0.1.0","é"                       | 400
            put-1    | "put-1","0.1.0","/a"                      | 400
            put-1    | "put-1","0.1.0","a/"                      | 400
            put-1    | "put-1","0.1.0","a//b"                    | 400
            put-1    | "put-1","0.1.0","../a"                    | 400
            put-1    | "put-1","0.1.0","a/../../b"               | 400
            put-1    | "put-1","0.1.0",".a"                      | 400
            put-1    | "put-1","0.1.0","a/.b"                    | 400
            put/1    | "put/1","0.1.0","a"                       | 400
            put%0A1  | "put%n1","0.1.0","a"                      | 400
            """)
    void assign(String id, String body, int status) {
        String csv =
                body.replace("%%", "\0").replace("%n", "\n").replace("%r", "\r").replace("%t", "\t");
        csv = csv.replace("\0", "%");

        HttpResponse<String> answer = Server.send("PUT", "/devices/" + id, Server.ADMIN, csv);

        assertEquals(status, answer.statusCode(), answer.body());
        if (status != 200) {
            assertOneSentence(answer);
        }
        assertCleanHeaders(answer);
    }

    @Test
    void refusesFieldsThatAreTooLong() {
        assertEquals(400, put("long", "v".repeat(129), "f").statusCode());
        assertEquals(200, put("long", "v".repeat(128), "f").statusCode());
        assertEquals(400, put("l".repeat(129), "1", "f").statusCode());
        assertEquals(400, put("long", "1", "f".repeat(201)).statusCode());
        assertEquals(200, put("long", "1", "f".repeat(200)).statusCode());
        assertEquals(
                200, put("long", "1", "f".repeat(127) + "/" + "f".repeat(127)).statusCode());
        assertEquals(
                400, put("long", "1", "f".repeat(127) + "/" + "f".repeat(128)).statusCode());
    }

    @Test
    void refusesRowsOver4KiB() {
        String row = "\"big\",\"1\",\"f\"";

        assertEquals(
                200,
                Server.send("PUT", "/devices/big", Server.ADMIN, row + "\n".repeat(4096 - row.length()))
                        .statusCode());
        HttpResponse<String> declared =
                Server.send("PUT", "/devices/big", Server.ADMIN, row + "\n".repeat(4097 - row.length()));
        assertEquals(413, declared.statusCode());
        assertOneSentence(declared);
        HttpResponse<String> chunked = Server.send(
                "PUT",
                "/devices/big",
                Server.ADMIN,
                BodyPublishers.fromPublisher(BodyPublishers.ofString(row + "\n".repeat(9000))));
        assertEquals(413, chunked.statusCode());
    }

    @Test
    void refusesRowsThatAreNotUtf8() {
        HttpResponse<String> answer = Server.send(
                "PUT",
                "/devices/latin",
                Server.ADMIN,
                BodyPublishers.ofByteArray("\"latin\",\"\u00e9\",\"f\"".getBytes(StandardCharsets.ISO_8859_1)));

        assertEquals(400, answer.statusCode());
    }

    @Test
    void replacesARowAndKeepsItWhenTheNextIsRefused() {
        Server.assign("kept", "1", "wire.bin.0.1.1");
        assertEquals(200, poll("kept", "1").statusCode());
        Server.assign("kept", "2", "wire.bin.0.1.1");
        assertEquals(204, poll("kept", "1").statusCode());
        assertEquals(200, poll("kept", "2").statusCode());

        assertEquals(400, put("kept", "3", "a b").statusCode());

        assertEquals(200, poll("kept", "2").statusCode());
    }

    @Test
    void saysWhatAnAssignmentMeansAndWhenItsFileIsMissing() {
        assertTrue(put("said", "0.1.0", "wire.bin.0.1.1")
                .body()
                .startsWith("device said is offered wire.bin.0.1.1 when it reports version 0.1.0\n"));
        assertEquals(
                "device said is offered wire.bin.9 when it reports version 0.1.0\n"
                        + "warning: update file wire.bin.9 isn't uploaded yet; until it is, polls are answered 404\n",
                put("said", "0.1.0", "wire.bin.9").body());
        assertTrue(put("said", "0.1.0", "wire bin").body().contains("a character that a board can't request"));
    }

    @Test
    void deletesOnce() {
        Server.assign("gone", "1", "wire.bin.0.1.1");

        HttpResponse<String> first = Server.send("DELETE", "/devices/gone", Server.ADMIN, (String) null);
        assertEquals(200, first.statusCode());
        assertOneSentence(first);
        assertEquals(404, poll("gone", "1").statusCode());
        HttpResponse<String> second = Server.send("DELETE", "/devices/gone", Server.ADMIN, (String) null);
        assertEquals(404, second.statusCode());
        assertOneSentence(second);
    }

    @Test
    void downloadsWhatWasUploaded() throws Exception {
        HttpResponse<String> answer = Server.send("GET", "/files/wire.bin.0.1.1", Server.DEVICE, (String) null);

        assertEquals(200, answer.statusCode());
        assertEquals(List.of("application/octet-stream"), answer.headers().allValues("Content-Type"));
        assertEquals(List.of("" + FIRMWARE.length), answer.headers().allValues("Content-Length"));
        assertEquals(
                List.of("attachment; filename=\"wire.bin.0.1.1\""),
                answer.headers().allValues("Content-Disposition"));
        assertTrue(answer.headers().firstValue("Last-Modified").isPresent());
        assertCleanHeaders(answer);
        assertArrayEquals(FIRMWARE, Server.download("wire.bin.0.1.1"));
        assertArrayEquals(FIRMWARE, Files.readAllBytes(Server.blob(Server.BLOBS, FIRMWARE)));
    }

    @Test
    void storesFilesInFoldersAndReplacesThem() throws Exception {
        Server.upload("folder/of/wire.bin", "old and longer".getBytes(StandardCharsets.US_ASCII));
        Server.upload("folder/of/wire.bin", "new".getBytes(StandardCharsets.US_ASCII));

        assertEquals("new", new String(Server.download("folder/of/wire.bin"), StandardCharsets.US_ASCII));
        assertEquals(404, get("/files/folder/of").statusCode());
        assertEquals(404, get("/files/folder/of/wire.bin/more").statusCode());
        assertEquals(404, get("/files/absent").statusCode());
        assertOneSentence(get("/files/absent"));
        assertEquals(
                409, Server.send("PUT", "/files/folder/of", Server.ADMIN, "x").statusCode());
        assertEquals(
                409,
                Server.send("PUT", "/files/folder/of/wire.bin/more", Server.ADMIN, "x")
                        .statusCode());
        assertEquals("new", new String(Server.download("folder/of/wire.bin"), StandardCharsets.US_ASCII));
        assertFalse(Server.storedFiles().stream().anyMatch(file -> file.contains(".new-")));
    }

    @Test
    void storesUploadsOfUndeclaredLength() {
        HttpResponse<String> answer = Server.send(
                "PUT",
                "/files/chunked.bin",
                Server.ADMIN,
                BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(FIRMWARE)));

        assertEquals(200, answer.statusCode());
        assertTrue(answer.body().contains("300001 bytes as update file chunked.bin\n"), answer.body());
        assertArrayEquals(FIRMWARE, Server.download("chunked.bin"));
    }

    @ParameterizedTest(name = "{0} {1} is 405, Allow: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            POST    | /devices          | GET, PUT, DELETE
            HEAD    | /devices          | GET, PUT, DELETE
            POST    | /devices/wire-1   | GET, PUT, DELETE
            HEAD    | /devices/wire-1   | GET, PUT, DELETE
            OPTIONS | /devices/wire-1   | GET, PUT, DELETE
            PATCH   | /devices/wire-1   | GET, PUT, DELETE
            TRACE   | /devices/wire-1   | GET, PUT, DELETE
            FROB    | /devices/wire-1   | GET, PUT, DELETE
            POST    | /files            | GET
            PUT     | /files            | GET
            POST    | /files/wire.bin.0.1.1 | GET, HEAD, PUT, DELETE
            OPTIONS | /files/wire.bin.0.1.1 | GET, HEAD, PUT, DELETE
            """)
    void refusesOtherMethods(String method, String path, String allow) {
        HttpResponse<String> answer = Server.send(method, path, Server.ADMIN, (String) null);

        assertEquals(405, answer.statusCode());
        assertEquals(List.of(allow), answer.headers().allValues("Allow"));
        assertCleanHeaders(answer);
    }

    @ParameterizedTest(name = "{0} is 404")
    @CsvSource({
        "/x",
        "/index.html",
        "/error",
        "/device",
        "/devicesx",
        "/filesx/a",
        "/healthx",
        "/metrics/",
        "/metrics/x",
        "/metricsx",
        "/WEB-INF/web.xml",
        "/WEB-INF/classes/org/fuota/Config.class",
        "/META-INF/context.xml",
        "/META-INF/MANIFEST.MF",
        "/org/fuota/setup/Setup.class",
        "/org/fuota/setup/tomcat-users.xml",
        "/x.jsp",
        "/x.jspx",
        "/x.jsp?jsp_precompile=x",
        "/x.jspx?jsp_precompile=x",
        "/favicon.ico"
    })
    void hasNothingElse(String path) {
        HttpResponse<String> answer = Server.send("GET", path, Server.ADMIN, (String) null);

        assertEquals(404, answer.statusCode(), answer.body());
        assertOneSentence(answer);
        assertCleanHeaders(answer);
    }

    private static HttpResponse<String> poll(String id, String version) {
        return get("/devices/" + id + "?app_ver=" + version);
    }

    private static HttpResponse<String> get(String path) {
        return Server.send("GET", path, Server.DEVICE, (String) null);
    }

    private static HttpResponse<String> put(String id, String version, String path) {
        return Server.send(
                "PUT", "/devices/" + id, Server.ADMIN, "\"" + id + "\",\"" + version + "\",\"" + path + "\"");
    }

    private static String list() {
        return Server.send("GET", "/devices", Server.ADMIN, (String) null).body();
    }

    private static void assertOneSentence(HttpResponse<String> answer) {
        assertEquals(
                "text/plain;charset=UTF-8",
                answer.headers().firstValue("Content-Type").orElse(""));
        assertTrue(answer.body().matches("[a-z][ -~]{5,250}\n"), answer.body());
        assertFalse(
                answer.body()
                        .matches("(?is).*(exception|tomcat|apache|org\\.|java|select|sqlite|" + Server.FOLDER + ").*"),
                answer.body());
    }

    private static void assertCleanHeaders(HttpResponse<String> answer) {
        assertEquals(List.of("nosniff"), answer.headers().allValues("X-Content-Type-Options"));
        for (String header : List.of("Set-Cookie", "Server", "X-Powered-By", "Location", "WWW-Authenticate")) {
            assertEquals(List.of(), answer.headers().allValues(header));
        }
    }
}
