package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each board with a user of its own, {@code fuota/isolation}: two boards, {@code device} and {@code bjørn}. */
class IsolationIT {
    private static final String OTHER = Server.basic("bj\u00f8rn", "sm\u00f8rrebr\u00f8d");
    private static final String REFUSED =
            "credentials are missing or wrong, or their role doesn't allow this request\n";

    /** And the statuses for device, for bj\u00f8rn, for admin and for viewer. */
    private static final String REQUESTS = """
            GET  /devices/device?app_ver=1     | 200 | 403 | 200 | 403
            GET  /devices/device?app_ver=2     | 204 | 403 | 204 | 403
            GET  /devices/device               | 400 | 403 | 400 | 403
            GET  /devices/devic%65?app_ver=1   | 200 | 403 | 200 | 403
            GET  /devices/bj%C3%B8rn?app_ver=1 | 403 | 200 | 200 | 403
            GET  /devices/Device?app_ver=1     | 403 | 403 | 404 | 403
            GET  /devices/device%20?app_ver=1  | 403 | 403 | 404 | 403
            GET  /devices/device%0A?app_ver=1  | 403 | 403 | 400 | 403
            GET  /devices/absent?app_ver=1     | 403 | 403 | 404 | 403
            GET  /devices/absent               | 403 | 403 | 400 | 403
            GET  /devices/admin?app_ver=1      | 403 | 403 | 404 | 403
            GET  /devices/x;/device?app_ver=1  | 400 | 400 | 400 | 403
            GET  /devices                      | 403 | 403 | 200 | 200
            GET  /files/a.bin                  | 200 | 403 | 200 | 200
            HEAD /files/a.bin                  | 200 | 403 | 200 | 200
            GET  /files/b.bin                  | 403 | 200 | 200 | 200
            HEAD /files/b.bin                  | 403 | 200 | 200 | 200
            GET  /files/c.bin                  | 403 | 403 | 200 | 200
            GET  /files/A.BIN                  | 403 | 403 | 404 | 404
            GET  /files/x/../a.bin             | 400 | 400 | 400 | 400
            GET  /files/.a.bin                 | 403 | 403 | 400 | 400
            GET  /files/absent                 | 403 | 403 | 404 | 404
            GET  /files                        | 403 | 403 | 200 | 200
            PUT  /files/a.bin                  | 403 | 403 | 200 | 403
            PUT  /devices/device               | 403 | 403 | 400 | 403
            GET  /fleet/device                 | 403 | 403 | 200 | 200
            GET  /health/live                  | 200 | 200 | 200 | 200
            """;

    @TempDir
    Path folder;

    @AfterEach
    void undeploy() {
        Other.undeploy();
    }

    @Test
    void isOffByDefault() throws IOException {
        Other.deploy(folder, context -> context);
        twoBoards();

        assertEquals(200, send("GET", "/devices/bj%C3%B8rn?app_ver=1", "device", null));
        assertEquals(200, send("GET", "/files/b.bin", "device", null));
    }

    /** All rows on one deployment, which takes a while. */
    @Test
    void letsABoardOnlyDoItsOwn() throws IOException {
        isolate();
        assertAll(REQUESTS.lines().map(row -> () -> answers(row)));
    }

    private static void answers(String row) {
        String[] columns = row.split("[ |]+");
        String request = columns[0] + " " + columns[1];
        assertEquals(columns[2], "" + send(columns[0], columns[1], "device", null), request);
        assertEquals(columns[3], "" + send(columns[0], columns[1], "bj\u00f8rn", null), request);
        assertEquals(columns[4], "" + send(columns[0], columns[1], "admin", null), request);
        assertEquals(columns[5], "" + send(columns[0], columns[1], "viewer", null), request);
    }

    @Test
    void letsAPublisherListAndUpload() throws IOException {
        isolate();

        assertEquals(200, send("GET", "/files", "publisher", null));
        assertEquals(200, send("PUT", "/files/new.bin", "publisher", null));
        assertEquals(403, send("PUT", "/files/new.bin", "publisher", null));
        assertEquals(403, send("GET", "/files/new.bin", "publisher", null));
    }

    @Test
    void followsTheRow() throws IOException {
        isolate();
        assertEquals(206, send("GET", "/files/a.bin", "device", "bytes=1-"));

        assign("device", "c.bin");
        assertEquals(403, send("GET", "/files/a.bin", "device", null));
        assertEquals(403, send("GET", "/files/a.bin", "device", "bytes=1-"), "nor the rest of it");
        assertEquals(206, send("GET", "/files/c.bin", "device", "bytes=1-"));

        assertEquals(200, Other.send("DELETE", "/devices/device", null).statusCode());
        assertEquals(403, send("GET", "/files/c.bin", "device", null));
        assertEquals(404, send("GET", "/devices/device?app_ver=1", "device", null), "no update, as ever");

        assign("device", "never-uploaded.bin");
        assertEquals(404, send("GET", "/files/never-uploaded.bin", "device", null));
    }

    @Test
    void followsRollouts() throws IOException {
        isolate();
        assertEquals(200, Other.send("PUT", "/groups/canary", "device\n").statusCode());
        String definition = "{\"file\":\"c.bin\",\"replaces\":[\"2\"],\"group\":\"canary\",\"stages\":[100]}";
        assertEquals(200, Other.send("PUT", "/rollouts/c", definition).statusCode());

        assertEquals(200, send("GET", "/devices/device?app_ver=2", "device", null));
        assertEquals(200, send("GET", "/files/c.bin", "device", null));
        assertEquals(403, send("GET", "/files/c.bin", "bj\u00f8rn", null));

        assertEquals(200, Other.send("POST", "/rollouts/c/stop", "").statusCode());
        assertEquals(403, send("GET", "/files/c.bin", "device", null));
    }

    /** What has begun goes on: half a file is no use to anybody, and a board would take up time and radio to learn that. */
    @Test
    void endsNoDownloadThatHasBegun() throws IOException {
        isolate();
        byte[] large = new byte[8 << 20];
        new Random(1).nextBytes(large);
        assertEquals(
                200,
                Server.send(
                                "PUT",
                                "/other/files/large.bin",
                                Server.ADMIN,
                                HttpRequest.BodyPublishers.ofByteArray(large))
                        .statusCode());
        assign("device", "large.bin");
        HttpResponse<InputStream> download = Server.send(
                HttpRequest.newBuilder(URI.create(Server.ROOT + "/other/files/large.bin"))
                        .header("Authorization", Server.DEVICE)
                        .build(),
                BodyHandlers.ofInputStream());
        assertEquals(200, download.statusCode());

        assign("device", "c.bin");
        assertEquals(403, send("GET", "/files/large.bin", "device", null));

        assertArrayEquals(large, download.body().readAllBytes());
    }

    @Test
    void refusesInTheWordsOfARole() throws IOException {
        isolate();
        for (String path : new String[] {"/devices/absent?app_ver=1", "/files/b.bin"}) {
            HttpResponse<String> answer = Server.send("GET", "/other" + path, Server.DEVICE, (String) null);

            assertEquals(403, answer.statusCode());
            assertEquals(REFUSED, answer.body());
            assertTrue(answer.headers().firstValue("WWW-Authenticate").isEmpty(), "no challenge");
        }
    }

    /** A board with a stolen password can't make the fleet believe things of another. */
    @Test
    void takesNoPollOfAnotherForEvidence() throws IOException {
        isolate();
        send("GET", "/devices/bj%C3%B8rn?app_ver=9", "device", null);
        send("GET", "/devices/absent?app_ver=9", "device", null);

        Server.awaitPolls("/other");
        assertEquals(404, Other.send("GET", "/fleet/absent", null).statusCode());
        assertTrue(Other.send("GET", "/fleet/bj%C3%B8rn", null).body().contains("unseen"));
        String metrics = Other.send("GET", "/metrics", null).body();
        assertTrue(metrics.contains("fuota_refusals_total{reason=\"role\"} 2.0"), metrics);
    }

    @Test
    void failsSafeWithoutDatabase() throws IOException {
        Files.createDirectories(folder.resolve("data"));
        // A file where the database's folder should be.
        Files.writeString(folder.resolve("data/db"), "");
        Other.deploy(folder, IsolationIT::isolated);

        assertEquals(204, send("GET", "/devices/device?app_ver=1", "device", null), "no update");
        assertEquals(403, send("GET", "/devices/absent?app_ver=1", "device", null));
        assertEquals(503, send("GET", "/files/a.bin", "device", null), "nobody can tell whose it is");
    }

    @Test
    void takesNoTypingErrorForNo() throws IOException {
        int logBefore = Server.log().length();
        String context = Files.readString(Path.of("tomcat-conf/ROOT.xml")).replace("${fuota.isolation:-false}", "yes");

        assertTrue(Other.tryToDeploy(folder, context).startsWith("FAIL"));
        String log = Server.log().substring(logBefore);
        assertTrue(log.contains("fuota/isolation is yes, which isn't true or false"), log);
    }

    private void isolate() throws IOException {
        Other.deploy(folder, IsolationIT::isolated);
        twoBoards();
    }

    private static String isolated(String context) {
        return context.replace("${fuota.isolation:-false}", "true");
    }

    private static void twoBoards() {
        for (String path : new String[] {"a.bin", "b.bin", "c.bin"}) {
            assertEquals(200, Other.send("PUT", "/files/" + path, path).statusCode());
        }
        assign("device", "a.bin");
        assign("bj\u00f8rn", "b.bin");
    }

    private static void assign(String deviceId, String path) {
        String row = "\"" + deviceId + "\",\"1\",\"" + path + "\"";
        assertEquals(
                200,
                Other.send("PUT", "/devices/" + deviceId.replace("\u00f8", "%C3%B8"), row)
                        .statusCode());
    }

    private static int send(String method, String path, String user, @Nullable String range) {
        String authorization = switch (user) {
            case "admin" -> Server.ADMIN;
            case "device" -> Server.DEVICE;
            case "viewer" -> Server.VIEWER;
            case "publisher" -> Server.PUBLISHER;
            default -> OTHER;
        };
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(Server.ROOT + "/other" + path))
                .method(
                        method,
                        method.equals("PUT")
                                ? HttpRequest.BodyPublishers.ofString("x", StandardCharsets.UTF_8)
                                : HttpRequest.BodyPublishers.noBody())
                .header("Authorization", authorization);
        if (range != null) {
            request.header("Range", range);
        }
        return Server.send(request.build(), BodyHandlers.discarding()).statusCode();
    }
}
