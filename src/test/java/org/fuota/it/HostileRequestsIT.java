package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests that nobody means well with, byte for byte: each is answered as it should be, tells nothing of the inside, changes
 * nothing, and leaves a line of its own in the log. The corpus lies in {@code src/test/resources/hostile}.
 */
class HostileRequestsIT {
    private static final List<String> REQUESTS =
            List.of("methods.txt", "targets.txt", "queries.txt", "bodies.txt", "headers.txt");

    private static final int SENDERS = 16;

    private static final Pattern INSIDE = Pattern.compile(
            "(?i)exception|\\bat [a-z]+\\.[a-z.]+\\(|apache|tomcat|coyote|catalina|java|jakarta|sqlite|jdbc|\\bsql\\b"
                    + "|syntax error|select .* from|no such table|root:|PRIVATE KEY|/etc/|/tmp/|/var/|/home/|/usr/"
                    + "|" + Pattern.quote(Server.FOLDER.toString()));
    /** The one version in the corpus that looks like our inside: lists that are read beside it show it as it was reported. */
    private static final String REPORTED = "1 UNION SELECT * FROM history";

    private static final Pattern FORBIDDEN_HEADER =
            Pattern.compile("(?i)(X-Injected|Set-Cookie|Server|X-Powered-By|Location|WWW-Authenticate|Upgrade"
                    + "|Access-Control-Allow-Origin):.*");
    private static final Pattern MARKUP =
            Pattern.compile("(?i)<(?!device_id>|app_version>|update_file_path>)[a-z!/?%]");
    private static final List<String> CONTENT_TYPES =
            List.of("text/plain;charset=UTF-8", "text/csv", "application/json", "application/octet-stream");

    private static final String TIME = "\\[[0-9]{2}/[A-Z][a-z]{2}/20[0-9]{2}(?::[0-9]{2}){3} [+-][0-9]{4}]";
    private static final Pattern ACCESS_LINE = Pattern.compile("127\\.0\\.0\\.1 - (?:-|admin|device) " + TIME
            + " \"(?:[ !#-\\[\\]-~]|\\\\[\"\\\\xtrnu0-9a-fA-F])*+\" [0-9]{3} (?:[0-9]+|-) [0-9]+ [!-~]+ [!-~]+");
    /** What the JDK's formatter writes: a line with time, class and method; one with level and message; an empty line; a stack trace. U+FFFF is how Tomcat names the end. */
    private static final Pattern LOG_LINE =
            Pattern.compile("[A-Z][a-z]{2} [0-9]{1,2}, 20[0-9: AMP]+ org\\.[A-Za-z0-9.]+ [A-Za-z0-9$<>]+"
                    + "|(?:FINE|INFO|WARNING|SEVERE): [ -~]*"
                    + "| Note: further occurrences of [ -~]*"
                    + "|(?:Caused by: )?(?:java|org)\\.[A-Za-z0-9.$]+(?:Exception|Error)(?:: [ -~\\uFFFF]*)?"
                    + "|\tat [ -~]+|\t\\.\\.\\. [0-9]+ more|");

    private static final Map<HostileRequest, List<HostileAnswer>> ANSWERS = new LinkedHashMap<>();
    private static List<String> before = List.of();
    private static List<String> after = List.of();
    private static List<String> accessLog = List.of();
    private static List<String> log = List.of();

    /** All are sent before anything is looked at, so that the state and the logs are of them and nothing else. */
    @BeforeAll
    static void sendAll() throws Exception {
        Server.upload("hostile.bin", "hostile".getBytes(StandardCharsets.US_ASCII));
        Server.upload("hostile-canary.bin", "still here".getBytes(StandardCharsets.US_ASCII));
        Server.assign("hostile", "1", "hostile.bin");
        // The first one waits for the first check.
        Server.send("GET", "/health/ready", null, (String) null);
        before = ServerState.now();
        int accessBefore = accessLog().size();
        int logBefore = Server.log().length();
        List<HostileRequest> requests = new ArrayList<>();
        REQUESTS.forEach(file -> requests.addAll(HostileRequest.requests(file)));
        requests.addAll(HostileRequest.bytes("wire.txt"));

        // Side by side: where the server refuses a body, it takes a second to close the connection.
        ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
        try {
            List<Future<List<HostileAnswer>>> answers = requests.stream()
                    .map(request -> senders.submit(() -> HostileAnswer.parse(request.send())))
                    .toList();
            for (int i = 0; i < requests.size(); i++) {
                ANSWERS.put(requests.get(i), answers.get(i).get());
            }
        } finally {
            senders.shutdownNow();
        }

        after = ServerState.now();
        accessLog = accessLog().subList(accessBefore, accessLog().size());
        log = Server.log().substring(logBefore).lines().toList();
    }

    @AfterAll
    static void cleanUp() {
        Server.send("DELETE", "/devices/hostile", Server.ADMIN, (String) null);
        Server.send("DELETE", "/files/hostile.bin", Server.ADMIN, (String) null);
        Server.send("DELETE", "/files/hostile-canary.bin", Server.ADMIN, (String) null);
    }

    static Stream<HostileRequest> requests() {
        return ANSWERS.keySet().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void isAnsweredAsItShouldBe(HostileRequest request) {
        List<HostileAnswer> answers = ANSWERS.getOrDefault(request, List.of());

        assertEquals(
                request.statuses(), answers.stream().map(HostileAnswer::status).toList(), answers::toString);
        for (HostileAnswer answer : answers) {
            assertHarmless(answer);
        }
    }

    private static void assertHarmless(HostileAnswer answer) {
        String all = String.join("\n", answer.head()) + "\n\n" + answer.body();
        assertFalse(INSIDE.matcher(all.replace(REPORTED, "")).find(), all);
        answer.head().forEach(line -> assertFalse(FORBIDDEN_HEADER.matcher(line).matches(), all));
        String type = answer.header("Content-Type");
        boolean isTheContainers = type.equals("text/html;charset=utf-8");
        if (!type.isEmpty() && !isTheContainers) {
            assertTrue(CONTENT_TYPES.contains(type), all);
            assertEquals("nosniff", answer.header("X-Content-Type-Options"), all);
        }
        if (type.startsWith("text/plain")) {
            assertFalse(MARKUP.matcher(answer.body()).find(), all);
            assertTrue(answer.body().matches("[\n -~]*"), all);
        }
    }

    @Test
    void isALargeCorpus() {
        assertTrue(ANSWERS.size() >= 300, ANSWERS.size() + " requests");
    }

    @Test
    void changesNothing() {
        assertFalse(before.isEmpty());
        assertEquals(String.join("\n", before), String.join("\n", after));
    }

    @Test
    void thePageOfTheContainerIsTheSameWhateverWasSent() {
        Map<String, String> pages = new HashMap<>();
        ANSWERS.forEach((request, answers) -> {
            for (HostileAnswer answer : answers) {
                if (answer.header("Content-Type").startsWith("text/html")) {
                    assertEquals(
                            pages.computeIfAbsent(answer.status(), first -> answer.body()),
                            answer.body(),
                            request::where);
                }
            }
        });
        assertTrue(pages.containsKey("400"));
    }

    @Test
    void eachAnswerIsALineOfTheAccessLog() {
        accessLog.forEach(line -> assertTrue(ACCESS_LINE.matcher(line).matches(), line));
        assertEquals(ANSWERS.values().stream().mapToInt(List::size).sum(), accessLog.size());
    }

    @Test
    void noLineOfTheLogIsForged() {
        log.forEach(line -> assertTrue(LOG_LINE.matcher(line).matches(), line));
    }

    @Test
    void theLogsHoldNoCredentials() {
        String all = String.join("\n", accessLog) + String.join("\n", log);
        for (String authorization : List.of(Server.ADMIN, Server.DEVICE)) {
            assertFalse(all.contains(authorization.substring("Basic ".length())));
        }
        assertFalse(all.contains(Server.DEVICE_PASSWORD));
        assertFalse(all.contains(System.getProperty("it.admin.password")));
        assertFalse(all.contains("Authorization"));
    }

    static Stream<String> rows() {
        return HostileRequest.lines("stored.txt").stream().filter(line -> !line.isEmpty());
    }

    /** As the wire has it: quoted, quotes doubled, and nothing else changed, whatever a spreadsheet would make of it. */
    @ParameterizedTest
    @MethodSource("rows")
    void isStoredAndListedAsItIs(String line) throws Exception {
        List<String> state = ServerState.now();
        String[] fields = line.split("\t");
        String row = csv(fields);
        String path = "/devices/" + encoded(fields[0]);

        assertEquals(200, Server.send("PUT", path, Server.ADMIN, row).statusCode());
        HttpResponse<String> again = Server.send("PUT", "/devices", Server.ADMIN, row);
        HttpResponse<String> list = Server.send("GET", "/devices", Server.ADMIN, (String) null);
        HttpResponse<String> poll =
                Server.send("GET", path + "?app_ver=" + encoded(fields[1]), Server.DEVICE, (String) null);
        HttpResponse<String> fleet =
                Server.send("GET", "/fleet" + path.substring("/devices".length()), Server.ADMIN, (String) null);
        HttpResponse<String> deleted = Server.send("DELETE", path, Server.ADMIN, (String) null);
        HttpResponse<String> forgotten =
                Server.send("DELETE", "/fleet" + path.substring("/devices".length()), Server.ADMIN, (String) null);

        assertEquals(200, again.statusCode());
        assertTrue(again.body().contains("0 created, 0 changed"), again.body());
        assertTrue(list.body().lines().anyMatch(row::equals), list.body());
        assertEquals("text/csv", list.headers().firstValue("Content-Type").orElse(""));
        assertEquals(fields[2], poll.body());
        assertEquals(200, fleet.statusCode());
        assertEquals(
                "text/plain;charset=UTF-8",
                fleet.headers().firstValue("Content-Type").orElse(""));
        assertEquals(
                "nosniff", fleet.headers().firstValue("X-Content-Type-Options").orElse(""));
        assertEquals(200, deleted.statusCode());
        assertEquals(200, forgotten.statusCode());
        List<String> left = ServerState.now();
        left.removeIf(kept -> kept.startsWith("history: "));
        state.removeIf(kept -> kept.startsWith("history: "));
        assertEquals(String.join("\n", state), String.join("\n", left));
    }

    private static String csv(String... fields) {
        return Stream.of(fields)
                .map(field -> '"' + field.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(","));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Of all days, because one may just have ended. */
    private static List<String> accessLog() throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(Server.FOLDER.resolve("tomcat/logs"))) {
            for (Path file : files.filter(file -> file.getFileName().toString().startsWith("access."))
                    .sorted()
                    .toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }
}
