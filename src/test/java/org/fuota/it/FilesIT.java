package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import org.fuota.image.EspImageBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code /files} does beyond the first six requests. */
class FilesIT {
    private static final byte[] CONTENT = new byte[100_000];
    private static final String PAST = "Mon, 01 Jan 2001 00:00:00 GMT";
    private static final String FUTURE = "Fri, 01 Jan 2100 00:00:00 GMT";

    private String tag = "";
    private String date = "";

    @BeforeEach
    void aFile() throws IOException {
        new Random(5).nextBytes(CONTENT);
        CONTENT[0] = 0;
        Server.upload("files.bin", CONTENT);
        // As old as anything: a date alone can't tell what changed within this second.
        Instant hourAgo = Instant.now().minusSeconds(3600);
        storedAt("files.bin", hourAgo);
        tag = "\"" + sha256(CONTENT) + "\"";
        date = DateTimeFormatter.RFC_1123_DATE_TIME
                .format(hourAgo.atOffset(ZoneOffset.UTC))
                .replaceFirst(", (\\d) ", ", 0$1 ");
    }

    @ParameterizedTest
    @CsvSource({"GET", "HEAD"})
    void describesAFile(String method) throws Exception {
        HttpResponse<byte[]> answer = get(method, "files.bin");

        assertEquals(200, answer.statusCode());
        assertEquals("application/octet-stream", header(answer, "Content-Type"));
        assertEquals("100000", header(answer, "Content-Length"));
        assertEquals(tag, header(answer, "ETag"));
        assertEquals(date, header(answer, "Last-Modified"));
        assertEquals("bytes", header(answer, "Accept-Ranges"));
        assertEquals("public, no-cache", header(answer, "Cache-Control"));
        assertEquals("attachment; filename=\"files.bin\"", header(answer, "Content-Disposition"));
        assertEquals("sha-256=:" + base64(CONTENT) + ":", header(answer, "Repr-Digest"));
        assertEquals("nosniff", header(answer, "X-Content-Type-Options"));
        assertArrayEquals(method.equals("GET") ? CONTENT : new byte[0], answer.body());
    }

    @Test
    void namesADownloadForEveryLegalPath() {
        String legal = "A-Z.a_~!$&'()*+,=:@-9";
        Server.upload("x/" + legal, CONTENT);

        assertEquals("attachment; filename=\"" + legal + "\"", header(get("GET", "x/" + legal), "Content-Disposition"));
    }

    @ParameterizedTest(name = "Range: {0}")
    @CsvSource(delimiter = '|', textBlock = """
            # range             | status | first | length
            bytes=0-0           | 206 |     0 |      1
            bytes=0-65535       | 206 |     0 |  65536
            bytes=65536-131071  | 206 | 65536 |  34464
            bytes=99999-        | 206 | 99999 |      1
            bytes=0-            | 206 |     0 | 100000
            bytes=-1            | 206 | 99999 |      1
            bytes=-1000000      | 206 |     0 | 100000
            bytes=100000-       | 416 |     0 |      0
            bytes=200000-300000 | 416 |     0 |      0
            bytes=-0            | 416 |     0 |      0
            bytes=0-0,5-6       | 200 |     0 | 100000
            bytes=5-4           | 200 |     0 | 100000
            items=0-1           | 200 |     0 | 100000
            bytes=a-b           | 200 |     0 | 100000
            bytes               | 200 |     0 | 100000
            """)
    void servesRanges(String range, int status, int first, int length) {
        HttpResponse<byte[]> answer = get("GET", "files.bin", "Range", range);

        assertEquals(status, answer.statusCode());
        if (status == 416) {
            assertEquals("bytes */100000", header(answer, "Content-Range"));
            assertEquals("the range begins after the last byte of the file\n", new String(answer.body()));
            return;
        }
        assertEquals(
                status == 206 ? "bytes " + first + "-" + (first + length - 1) + "/100000" : "",
                header(answer, "Content-Range"));
        assertEquals("" + length, header(answer, "Content-Length"));
        assertArrayEquals(Arrays.copyOfRange(CONTENT, first, first + length), answer.body());
    }

    @ParameterizedTest(name = "{0} {1}: {2}; {3}: {4}")
    @CsvSource(delimiter = '|', textBlock = """
            GET  | If-Match            | TAG       |                   |           | 200
            GET  | If-Match            | *         |                   |           | 200
            GET  | If-Match            | "x"       |                   |           | 412
            GET  | If-Match            | W/TAG     |                   |           | 412
            GET  | If-None-Match       | TAG       |                   |           | 304
            GET  | If-None-Match       | W/TAG     |                   |           | 304
            GET  | If-None-Match       | "x", TAG  |                   |           | 304
            GET  | If-None-Match       | "x"       |                   |           | 200
            HEAD | If-None-Match       | *         |                   |           | 304
            GET  | If-Modified-Since   | DATE      |                   |           | 304
            GET  | If-Modified-Since   | FUTURE    |                   |           | 304
            GET  | If-Modified-Since   | PAST      |                   |           | 200
            GET  | If-Modified-Since   | nonsense  |                   |           | 200
            GET  | If-Unmodified-Since | DATE      |                   |           | 200
            GET  | If-Unmodified-Since | PAST      |                   |           | 412
            GET  | If-None-Match       | "x"       | If-Modified-Since | FUTURE    | 200
            GET  | If-Match            | "x"       | If-None-Match     | TAG       | 412
            GET  | Range               | bytes=0-9 | If-Range          | TAG       | 206
            GET  | Range               | bytes=0-9 | If-Range          | "x"       | 200
            GET  | Range               | bytes=0-9 | If-Range          | DATE      | 206
            GET  | Range               | bytes=0-9 | If-Range          | PAST      | 200
            GET  | Range               | bytes=0-9 | If-None-Match     | TAG       | 304
            GET  | Range               | bytes=999999- | If-Match      | "x"       | 412
            HEAD | Range               | bytes=0-9 |                   |           | 200
            PUT  | If-None-Match       | *         |                   |           | 412
            PUT  | If-Match            | TAG       |                   |           | 200
            PUT  | If-Match            | "x"       |                   |           | 412
            PUT  | If-Unmodified-Since | PAST      |                   |           | 412
            """)
    void evaluatesConditions(
            String method,
            String name,
            String value,
            @Nullable String otherName,
            @Nullable String otherValue,
            int status) {
        HttpRequest.Builder request = request("files.bin")
                .method(method, method.equals("PUT") ? BodyPublishers.ofByteArray(CONTENT) : BodyPublishers.noBody())
                .header(name, substitute(value));
        if (otherName != null && otherValue != null) {
            request.header(otherName, substitute(otherValue));
        }

        HttpResponse<byte[]> answer = Server.send(request.build(), BodyHandlers.ofByteArray());

        assertEquals(status, answer.statusCode(), new String(answer.body(), StandardCharsets.ISO_8859_1));
        if (status == 304) {
            assertEquals(0, answer.body().length);
            assertEquals(tag, header(answer, "ETag"));
            assertEquals("public, no-cache", header(answer, "Cache-Control"));
        }
    }

    @Test
    void createsOnlyWhereNothingIs() throws Exception {
        delete("created.bin");

        assertEquals(200, put("created.bin", CONTENT, "If-None-Match", "*").statusCode());
        assertEquals(412, put("created.bin", new byte[1], "If-None-Match", "*").statusCode());
        assertArrayEquals(CONTENT, Server.download("created.bin"));
        assertEquals(200, delete("created.bin").statusCode());
        assertEquals(412, put("created.bin", CONTENT, "If-Match", "*").statusCode());
    }

    @Test
    void tellsWhatAnImageSays() throws Exception {
        byte[] image = EspImageBuilder.application().build();

        HttpResponse<String> text = put("image.bin", image);
        HttpResponse<String> json = put("image.bin", image, "Accept", "application/json");

        assertEquals(200, text.statusCode(), text.body());
        assertTrue(
                text.body()
                        .startsWith("stored " + image.length + " bytes as update file image.bin\nsha-256: "
                                + sha256(image) + "\nimage: application for ESP32, project "),
                text.body());
        assertEquals("text/plain;charset=UTF-8", header(text, "Content-Type"));
        assertEquals("\"" + sha256(image) + "\"", header(text, "ETag"));
        assertEquals("application/json", header(json, "Content-Type"));
        assertTrue(
                json.body()
                        .startsWith("{\"path\":\"image.bin\",\"size\":" + image.length + ",\"sha256\":\""
                                + sha256(image) + "\",\"changed\":false,\"image\":{\"chip\":\"ESP32\",\"project\":\""),
                json.body());
        assertTrue(json.body().endsWith("]}"), json.body());
        delete("image.bin");
    }

    @Test
    void warnsOfAnImageThatMayBeAMistake() {
        byte[] image = EspImageBuilder.application().description(16, "1\0").build();

        HttpResponse<String> text = put("warned.bin", image);
        HttpResponse<String> json = put("warned.bin", image, "Accept", "application/json");

        assertTrue(text.body().contains("\nwarning: the image's version is 1, which "), text.body());
        assertTrue(json.body().contains("\"warnings\":[\"the image's version is 1, which "), json.body());
    }

    @Test
    void refusesAnImageThatNoBoardWouldStart() {
        byte[] image = EspImageBuilder.application().build();
        Server.upload("damaged.bin", image);
        byte[] damaged = image.clone();
        damaged[image.length / 2] ^= 1;

        HttpResponse<String> refused = put("damaged.bin", damaged);
        HttpResponse<String> cutOff = put("damaged.bin", Arrays.copyOf(image, image.length - 1));

        assertEquals(422, refused.statusCode(), refused.body());
        assertTrue(refused.body().matches("[a-z][ -~]*\n"), refused.body());
        assertEquals(422, cutOff.statusCode(), cutOff.body());
        assertArrayEquals(image, Server.download("damaged.bin"));
    }

    @Test
    void notesWhatIsNoImage() {
        HttpResponse<String> html =
                put("page.bin", "<!DOCTYPE html><html>Not found".getBytes(StandardCharsets.US_ASCII));

        assertEquals(200, html.statusCode());
        assertTrue(html.body().contains("HTML"), html.body());
    }

    @Test
    void saysWhenNothingChanged() {
        String before = header(get("GET", "files.bin"), "Last-Modified");

        HttpResponse<String> again = put("files.bin", CONTENT);

        assertTrue(again.body().startsWith("unchanged: there were the same 100000 bytes"), again.body());
        assertEquals(before, header(get("GET", "files.bin"), "Last-Modified"));
    }

    @ParameterizedTest
    @CsvSource({"Content-Digest", "Repr-Digest"})
    void verifiesADigest(String header) throws Exception {
        byte[] other = "other bytes".getBytes(StandardCharsets.US_ASCII);

        HttpResponse<String> mismatch = put("files.bin", other, header, "sha-256=:" + base64(CONTENT) + ":");
        assertEquals(400, mismatch.statusCode());
        assertEquals(
                "the body's SHA-256 is " + sha256(other) + ", but " + header + " says " + sha256(CONTENT) + "\n",
                mismatch.body());
        assertEquals(400, put("files.bin", other, header, "sha-256=:!:").statusCode());
        assertEquals(400, put("files.bin", other, header, "sha-256").statusCode());
        assertArrayEquals(CONTENT, Server.download("files.bin"));
        assertEquals(
                200,
                put("digest.bin", other, header, "md5=:AAAA:, sha-256=:" + base64(other) + ":")
                        .statusCode());
    }

    @Test
    void refusesWhatIsTooLarge() {
        byte[] large = new byte[16 * 1024 * 1024 + 1];
        BodyPublisher chunked = BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(large));

        HttpResponse<String> undeclared = Server.send("PUT", "/files/large.bin", Server.ADMIN, chunked);

        assertEquals(413, undeclared.statusCode());
        assertEquals("the update file is larger than 16777216 bytes\n", undeclared.body());
        assertEquals(404, get("GET", "large.bin").statusCode());
    }

    /** What {@code curl -C 3000 -T} sends: it would leave nothing but the file's end. */
    @Test
    void refusesAPartOfAFile() {
        HttpResponse<String> refused = put("files.bin", new byte[10], "Content-Range", "bytes 3000-3009/5000");

        assertEquals(400, refused.statusCode());
        assertEquals("a part of a file can't be uploaded: no Content-Range\n", refused.body());
        assertArrayEquals(CONTENT, Server.download("files.bin"));
    }

    @Test
    void deletesOnlyInTheStateThatIsAskedFor() {
        HttpResponse<byte[]> refused = get("DELETE", "files.bin", "If-Match", "\"x\"");

        assertEquals(412, refused.statusCode());
        assertEquals("", header(refused, "ETag"));
        assertEquals(200, get("DELETE", "files.bin", "If-Match", tag).statusCode());
    }

    /** To those who may change it too; a board isn't told. */
    @Test
    void saysWhoChangedAFileThatIsNotAsTheyThink() {
        byte[] others = {9};
        assertEquals(
                200,
                Server.send("PUT", "/files/files.bin", Server.BOB, BodyPublishers.ofByteArray(others))
                        .statusCode());
        String replaced = "update file files.bin doesn't meet the request's If-... condition: update file"
                + " files.bin was replaced, by bob at [0-9-]+T[0-9:.]+Z\n";

        String ofPut = put("files.bin", CONTENT, "If-Match", tag).body();
        String ofDelete = new String(get("DELETE", "files.bin", "If-Match", tag).body(), StandardCharsets.UTF_8);
        String ofGet = new String(get("GET", "files.bin", "If-Match", tag).body(), StandardCharsets.UTF_8);

        assertTrue(ofPut.matches(replaced), ofPut);
        assertTrue(ofDelete.matches(replaced), ofDelete);
        assertEquals("update file files.bin doesn't meet the request's If-... condition\n", ofGet);
    }

    @Test
    void listsFilesAsCsvAndAsJson() throws Exception {
        byte[] image = EspImageBuilder.application().build();
        Instant time = Instant.parse("2024-02-29T12:34:56Z");
        Server.upload("list/image.bin", image);
        storedAt("list/image.bin", time);
        layIn("list/by-hand.bin", "copied in", time);
        Server.assign("list-1", "1", "list/by-hand.bin");
        Server.assign("list-2", "1", "list/by-hand.bin");

        HttpResponse<String> csv = Server.send("GET", "/files", Server.ADMIN, (String) null);
        HttpResponse<byte[]> json = Server.send(
                HttpRequest.newBuilder(URI.create(Server.ROOT + "/files"))
                        .header("Authorization", Server.ADMIN)
                        .header("Accept", "text/html;q=0.9, Application/JSON; q=0.8")
                        .build(),
                BodyHandlers.ofByteArray());

        assertEquals("text/csv", header(csv, "Content-Type"));
        assertEquals("Accept", header(csv, "Vary"));
        String byHand = "\"list/by-hand.bin\",\"9\",\"" + sha256("copied in".getBytes())
                + "\",\"2024-02-29T12:34:56Z\",\"\",\"\",\"\",\"2\"\n";
        assertTrue(csv.body().contains(byHand), csv.body());
        assertTrue(
                csv.body()
                        .matches("(?s).*\"list/image.bin\",\"" + image.length + "\",\"" + sha256(image)
                                + "\",\"2024-02-29T12:34:56Z\",\"ESP32\",\"[^\"]+\",\"[^\"]+\",\"0\"\n.*"),
                csv.body());
        assertEquals("application/json", header(json, "Content-Type"));
        assertTrue(
                new String(json.body(), StandardCharsets.UTF_8)
                        .contains("{\"path\":\"list/by-hand.bin\",\"size\":9,\"sha256\":\""
                                + sha256("copied in".getBytes())
                                + "\",\"uploaded\":\"2024-02-29T12:34:56Z\",\"chip\":null,\"project\":null,"
                                + "\"version\":null,\"devices\":2}"),
                new String(json.body(), StandardCharsets.UTF_8));
        for (int i = 1; i <= 2; i++) {
            Server.send("DELETE", "/devices/list-" + i, Server.ADMIN, (String) null);
        }
        assertEquals(200, delete("list/by-hand.bin").statusCode());
        assertFalse(Server.send("GET", "/files/", Server.ADMIN, (String) null)
                .body()
                .contains("by-hand"));
    }

    @Test
    void listsDevicesAsJson() {
        Server.send("PUT", "/devices/json%22", Server.ADMIN, "\"json\"\"\",\"</script>\",\"files.bin\"");

        HttpResponse<String> json = Server.send(
                HttpRequest.newBuilder(URI.create(Server.ROOT + "/devices"))
                        .header("Authorization", Server.ADMIN)
                        .header("Accept", "application/json")
                        .build(),
                BodyHandlers.ofString());

        assertTrue(
                json.body()
                        .contains(
                                "{\"device_id\":\"json\\\"\",\"replaces_version\":\"</script>\",\"update_file_path\":\"files.bin\"}"),
                json.body());
        Server.send("DELETE", "/devices/json%22", Server.ADMIN, (String) null);
    }

    @Test
    void deletesAFileThatNoDeviceIsAssigned() {
        Server.upload("delete/me.bin", CONTENT);
        for (int i = 0; i < 7; i++) {
            Server.assign("delete-" + i, "1", "delete/me.bin");
        }

        HttpResponse<String> refused = delete("delete/me.bin");
        assertEquals(409, refused.statusCode());
        assertEquals(
                "update file delete/me.bin is assigned to 7 devices: delete-0, delete-1, delete-2, delete-3, delete-4, ...\n",
                refused.body());
        for (int i = 0; i < 7; i++) {
            assertEquals(200, get("GET", "delete/me.bin").statusCode());
            Server.send("DELETE", "/devices/delete-" + i, Server.ADMIN, (String) null);
        }
        assertEquals(200, delete("delete/me.bin").statusCode());
        assertEquals(404, delete("delete/me.bin").statusCode());
        assertEquals(404, get("GET", "delete/me.bin").statusCode());
        assertEquals(400, delete("delete/%2e%2e%0A").statusCode());
    }

    @Test
    void servesWhatAnOperatorLaysInByHand() throws Exception {
        Instant lastYear = Instant.parse("2025-02-28T12:34:56Z");
        layIn("by-hand.bin", "one", lastYear);
        assertEquals("\"" + sha256("one".getBytes()) + "\"", header(get("GET", "by-hand.bin"), "ETag"));
        layIn("by-hand.bin", "two", lastYear);

        HttpResponse<byte[]> answer = get("GET", "by-hand.bin");

        assertEquals("two", new String(answer.body()));
        assertEquals("\"" + sha256("two".getBytes()) + "\"", header(answer, "ETag"));
        assertEquals(
                "update file by-hand.bin doesn't meet the request's If-... condition: update file by-hand.bin was replaced, by inbox",
                put("by-hand.bin", CONTENT, "If-Match", "\"x\"").body().replaceAll(" at .*\n", ""));
    }

    /** Returns when the server has taken it. */
    private static void layIn(String path, String content, Instant modified) throws IOException {
        Path file = Server.FILES.resolve(path);
        Files.createDirectories(file.getParent());
        Path whole = Files.writeString(file.resolveSibling(".part"), content);
        Files.setLastModifiedTime(whole, FileTime.from(modified));
        Files.move(whole, file);
        while (Files.exists(file)) {
            Thread.onSpinWait();
        }
    }

    /** Dates the file at a path. */
    private static void storedAt(String path, Instant time) {
        try (Connection database = DriverManager.getConnection(Server.DATABASE_URL);
                PreparedStatement update =
                        database.prepareStatement("UPDATE update_file SET stored_at = ? WHERE path = ?")) {
            update.setLong(1, time.toEpochMilli());
            update.setString(2, path);
            assertEquals(1, update.executeUpdate());
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void warnsOfWhatALookAtAnAssignedImageTells() {
        Server.upload("warn-esp32.bin", EspImageBuilder.application().build());
        Server.upload("warn-s3.bin", EspImageBuilder.application().header(12, 9).build());
        Server.upload("warn-none.bin", "just text".getBytes(StandardCharsets.US_ASCII));
        Server.send("DELETE", "/devices/warn", Server.ADMIN, (String) null);

        assertFalse(assign("warn-esp32.bin").contains("warning"));
        assertFalse(assign("warn-s3.bin").contains("warning"), "nobody knows what it runs");
        assertTrue(assign("warn-none.bin").contains("warning: warn-none.bin isn't an application for an ESP32: "));
        assertTrue(assign("warn-absent.bin").contains("warning: update file warn-absent.bin isn't uploaded yet"));
    }

    private static String assign(String path) {
        HttpResponse<String> answer =
                Server.send("PUT", "/devices/warn", Server.ADMIN, "\"warn\",\"1\",\"" + path + "\"");
        assertEquals(200, answer.statusCode(), answer.body());
        return answer.body();
    }

    private static HttpResponse<String> delete(String path) {
        return Server.send("DELETE", "/files/" + path, Server.ADMIN, (String) null);
    }

    private static HttpResponse<String> put(String path, byte[] content, String... headers) {
        HttpRequest.Builder request = request(path).PUT(BodyPublishers.ofByteArray(content));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return Server.send(request.build(), BodyHandlers.ofString());
    }

    private static HttpResponse<byte[]> get(String method, String path, String... headers) {
        HttpRequest.Builder request = request(path).method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return Server.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(Server.ROOT + "/files/" + path))
                .header("Authorization", Server.ADMIN);
    }

    private String substitute(String value) {
        return value.replace("TAG", tag)
                .replace("DATE", date)
                .replace("PAST", PAST)
                .replace("FUTURE", FUTURE);
    }

    private static String header(HttpResponse<?> answer, String name) {
        return String.join(" / ", answer.headers().allValues(name));
    }

    private static byte[] digest(byte[] content) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(content);
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(digest(content));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String base64(byte[] content) throws Exception {
        return Base64.getEncoder().encodeToString(digest(content));
    }
}
