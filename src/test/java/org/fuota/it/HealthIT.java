package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /health}: who is told what, and what the server isn't ready without. */
@Timeout(120)
class HealthIT {
    private static final String NO_DATABASE = "the database doesn't answer, or takes no writes";
    private static final String NO_FOLDER = "the folder of the update files can't be read and written";
    private static final String TROUBLE = "polls of the last 30 s couldn't be decided";

    @TempDir
    Path folder;

    @AfterEach
    void undeploy() {
        Other.undeploy();
    }

    @ParameterizedTest(name = "GET {0} by {1} is {2}")
    @CsvSource(delimiter = '|', textBlock = """
            /health/live  | nobody         | 200 | live
            /health/live  | wrong password | 200 | live
            /health/live  | admin          | 200 | live
            /health/ready | nobody         | 200 | ready
            /health/ready | device         | 200 | ready
            /health/ready | monitor        | 200 | ready
            /health/ready | stranger       | 200 | ready
            /health/ready | admin          | 200 | ready%ncertificate: [0-9]{4} days left%nnode: [A-Za-z0-9._-]+
            /health/ready | viewer         | 200 | ready%ncertificate: [0-9]{4} days left
            /health/ready | wrong password | 403 | credentials are missing or wrong, .*
            /health/ready | not BASIC      | 403 | credentials are missing or wrong, .*
            /health       | nobody         | 404 | there is nothing at this URL
            /health/      | nobody         | 404 | there is nothing at this URL
            /health/x     | nobody         | 404 | there is nothing at this URL
            /health/ready/x | admin        | 404 | there is nothing at this URL
            """)
    void tells(String path, String user, int status, String body) {
        HttpResponse<String> answer = Server.send("GET", path, authorization(user), (String) null);

        assertEquals(status, answer.statusCode());
        assertTrue(answer.body().matches(body.replace("%n", "\n") + "\n"), answer.body());
        assertEquals(List.of("text/plain;charset=UTF-8"), answer.headers().allValues("Content-Type"));
        assertEquals(List.of("nosniff"), answer.headers().allValues("X-Content-Type-Options"));
        assertEquals(List.of("no-store"), answer.headers().allValues("Cache-Control"));
        for (String header : List.of("Set-Cookie", "WWW-Authenticate", "Location")) {
            assertEquals(List.of(), answer.headers().allValues(header));
        }
    }

    @ParameterizedTest
    @CsvSource({"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "FROB"})
    void hasOnlyGet(String method) {
        for (String path : List.of("/health/live", "/health/ready")) {
            HttpResponse<String> answer = Server.send(method, path, null, (String) null);

            assertEquals(405, answer.statusCode());
            assertEquals(List.of("GET, HEAD"), answer.headers().allValues("Allow"));
        }
    }

    @Test
    void tellsJson() throws IOException {
        assertEquals("{\"status\":\"ready\",\"reasons\":[]}", json("", null));
        String ready = json("", Server.ADMIN);
        assertTrue(
                ready.matches(
                        "\\{\"status\":\"ready\",\"reasons\":\\[],\"certificate_days_left\":[0-9]{4},\"certificate_valid_from\":null,\"node\":\"[A-Za-z0-9._-]+\",\"stopped\":null,\"lost_files\":\\[]}"),
                ready);

        deploy(context ->
                certificate(context, folder.resolve("absent.pem").toString()).replace("${fuota.node:-}", "n-1"));
        Other.deleteFolder(files());
        awaitReasons(NO_FOLDER);

        assertEquals(
                "{\"status\":\"not ready\",\"reasons\":[\"" + NO_FOLDER
                        + "\"],\"certificate_days_left\":null,\"certificate_valid_from\":null,\"node\":\"n-1\",\"stopped\":null,\"lost_files\":[]}",
                json("/other", Server.ADMIN));
    }

    @Test
    void servesHttpsOnly() throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + Server.HTTP_PORT + "/health/live"))
                                .build(),
                        BodyHandlers.ofString());

        assertEquals(403, answer.statusCode());
        assertEquals("only HTTPS is served here\n", answer.body());
    }

    @Test
    void isNotReadyWithoutTheFolderOfTheDatabase() throws Exception {
        Files.createDirectories(folder.resolve("data"));
        Path blocked = Files.writeString(folder.resolve("data/db"), "a file");
        int logBefore = Server.log().length();
        deploy(context -> context);

        awaitReasons(NO_DATABASE);
        assertEquals(
                "live\n",
                Server.send("GET", "/other/health/live", null, (String) null).body());
        assertOneLine(logBefore, "WARNING: not ready: " + NO_DATABASE);
        assertTrue(Server.log().substring(logBefore).contains("unable to open database file"), "with its cause");

        Files.delete(blocked);
        Files.createDirectory(blocked);
        awaitReasons();
        assertOneLine(logBefore, "INFO: no longer so: " + NO_DATABASE);
    }

    @Test
    void isNotReadyWithoutTheFolderOfTheFiles() throws Exception {
        deploy(context -> context);
        awaitReasons();

        Other.deleteFolder(files());
        awaitReasons(NO_FOLDER);
        Files.writeString(files(), "a file");
        awaitReasons(NO_FOLDER);
        Files.delete(files());
        Files.createDirectory(files());
        awaitReasons();
    }

    @Test
    void isNotReadyWhilePollsAreInTrouble() throws Exception {
        deploy(context -> context);
        assertEquals(200, Other.send("PUT", "/files/a.bin", "firmware").statusCode());
        assertEquals(200, Other.send("PUT", "/devices/1", "1,1,a.bin").statusCode());
        awaitReasons();

        Files.move(files(), folder.resolve("away"));
        assertEquals(204, Other.send("GET", "/devices/1?app_ver=1", null).statusCode());
        awaitReasons(NO_FOLDER, TROUBLE);
        Files.move(folder.resolve("away"), files());
        awaitReasons(TROUBLE);
    }

    @Test
    void isNotReadyWhileAnotherProcessLocksTheDatabase() throws Exception {
        deploy(context -> context);
        awaitReasons();

        try (Connection other = connect();
                Statement statement = other.createStatement()) {
            statement.executeUpdate("BEGIN IMMEDIATE");
            awaitReasons(NO_DATABASE);
            statement.executeUpdate("ROLLBACK");
        }
        awaitReasons();
    }

    /** Anybody may ask: each waiting for the lock with a connection of its own, they would leave none to the polls. */
    @Test
    void holdsOneConnectionHoweverManyAsk() throws Exception {
        deploy(context -> context);
        assertEquals(200, Other.send("PUT", "/devices/1", "1,1,a.bin").statusCode());
        // What the background has to do is done then.
        assertEquals(404, Other.send("GET", "/devices/1?app_ver=1", null).statusCode());
        Server.awaitPolls("/other");
        awaitReasons();
        Server.send("GET", "/other/metrics", Server.MONITOR, (String) null);

        try (Connection other = connect();
                Statement statement = other.createStatement()) {
            statement.executeUpdate("BEGIN IMMEDIATE");
            awaitReasons(NO_DATABASE);
            List<CompletableFuture<Integer>> probes = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                probes.add(Server.sendAsync("/other/health/ready"));
                String active = Server.send("GET", "/other/metrics", Server.MONITOR, (String) null)
                        .body()
                        .lines()
                        .filter(line -> line.startsWith("fuota_database_connections{state=\"active\"}"))
                        .findFirst()
                        .orElseThrow();
                // One for all probes, and what the background does each second.
                assertTrue(active.matches(".* [0-3]\\.0"), active);
            }
            for (CompletableFuture<Integer> probe : probes) {
                assertEquals(503, probe.get());
            }
            assertEquals(404, Other.send("GET", "/devices/2?app_ver=1", null).statusCode());
            statement.executeUpdate("ROLLBACK");
        }
        awaitReasons();
    }

    @Test
    void isNotReadyWithADatabaseThatIsReadOnly() throws Exception {
        deploy(context -> context);
        awaitReasons();
        Other.undeploy();

        deploy(context -> context.replace("?journal_mode=WAL", "?open_mode=1"));

        awaitReasons(NO_DATABASE);
        assertEquals(404, Other.send("GET", "/devices/1?app_ver=1", null).statusCode(), "polls need no writes");
    }

    @Test
    void isNotReadyWithGarbageForADatabase() throws Exception {
        Files.createDirectories(folder.resolve("data/db"));
        Files.writeString(database(), "this is not a database ".repeat(1000));
        deploy(context -> context);

        awaitReasons("the database is damaged: restore a backup; the server's log tells more");

        Files.delete(database());
        awaitReasons();
    }

    @ParameterizedTest
    @CsvSource({"absolute", "relative", "absent"})
    void findsTheCertificate(String setting) throws Exception {
        Path base = Server.FOLDER.resolve("tomcat");
        Path file = setting.equals("absolute") ? folder.resolve("own.pem") : base.resolve("fuota/tls/cert.pem");
        int logBefore = Server.log().length();
        deploy(context -> switch (setting) {
            case "absolute" -> certificate(context, file.toString());
            case "relative" -> certificate(context, "fuota/tls/cert.pem");
            default -> context.replaceAll("<Environment name=\"fuota/certificate\"[^>]*/>", "");
        });
        assertTrue(
                Server.log().substring(logBefore).contains("INFO: the certificate's end isn't known"), "at the start");
        assertEquals(
                "ready\ncertificate: not known, its file can't be read\n",
                Other.send("GET", "/health/ready", null).body().replaceFirst("node: .*\n", ""));

        Files.createDirectories(file.getParent());
        Files.copy(Server.CERTIFICATE, file, StandardCopyOption.REPLACE_EXISTING);
        try {
            String known = Other.send("GET", "/health/ready", null).body();
            assertTrue(known.matches("ready\ncertificate: [0-9]{4} days left\nnode: .+\n"), known);
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void logsTheCertificatesEndAtTheStart() throws Exception {
        assertTrue(
                Server.log().contains("INFO: the certificate, " + Server.CERTIFICATE + ", ends at 20"), "at the start");
    }

    private void deploy(UnaryOperator<String> change) throws IOException {
        Other.deploy(folder, change);
    }

    private static String certificate(String context, String file) {
        return context.replace("${fuota.tls.certificate:-fuota/tls/cert.pem}", file);
    }

    private Path files() {
        return folder.resolve("data/blobs");
    }

    private Path database() {
        return folder.resolve("data/db/devices.db");
    }

    private Connection connect() throws Exception {
        return DriverManager.getConnection("jdbc:sqlite:" + database());
    }

    /** Asks until the answer is so: the last result is good for a second. */
    private static void awaitReasons(String... reasons) {
        String body = reasons.length == 0 ? "ready\n" : String.join("\n", reasons) + "\n";
        HttpResponse<String> answer;
        do {
            answer = Server.send("GET", "/other/health/ready", null, (String) null);
            assertEquals(answer.body().equals("ready\n") ? 200 : 503, answer.statusCode());
        } while (!answer.body().equals(body));
    }

    private static void assertOneLine(int logBefore, String line) throws IOException {
        assertEquals(
                1,
                Server.log().substring(logBefore).lines().filter(line::equals).count(),
                line);
    }

    private static String json(String context, @Nullable String authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(Server.ROOT + context + "/health/ready"))
                .header("Accept", "application/json");
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        HttpResponse<String> answer = Server.send(request.build(), BodyHandlers.ofString());
        assertEquals(List.of("application/json"), answer.headers().allValues("Content-Type"));
        return answer.body();
    }

    private static @Nullable String authorization(String user) {
        return switch (user) {
            case "wrong password" -> Server.basic("admin", Server.DEVICE_PASSWORD);
            case "not BASIC" -> "Bearer " + Server.DEVICE_PASSWORD;
            case "device" -> Server.DEVICE;
            case "monitor" -> Server.MONITOR;
            case "stranger" -> Server.STRANGER;
            case "admin" -> Server.ADMIN;
            case "viewer" -> Server.VIEWER;
            default -> null;
        };
    }
}
