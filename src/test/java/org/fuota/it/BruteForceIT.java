package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import org.fuota.tomcat.TomcatProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Whoever guesses passwords, each from an address of his own, and the good boards beside him. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BruteForceIT {
    private static final String GOOD = Server.basic("device", TomcatProcess.DEVICE_PASSWORD);
    private static final String ADMIN = Server.basic("admin", TomcatProcess.ADMIN_PASSWORD);
    private static final String SECRET = "a-wrong-secret";
    private static final String POLL = "/devices/00001?app_ver=1";
    private static final int BUDGET = 10;

    @TempDir
    static Path folder;

    private static TomcatProcess tomcat;
    private static SSLContext tls;

    @BeforeAll
    static void start() throws Exception {
        // A twentieth of them wait for guessers: 16.
        tomcat = new TomcatProcess(folder).option("-Dfuota.threads=320").start();
        tls = tomcat.tls();
    }

    @AfterAll
    static void stop() {
        tomcat.close();
    }

    @Test
    @Order(1)
    void logsUserAndAddressAndNoPassword() throws IOException {
        try (BoardConnection guesser = connection("127.0.0.10")) {
            for (int i = 0; i < 5; i++) {
                assertEquals(403, guess(guesser, "ad\r\nmin").status());
            }
        }
        List<String> lines = tomcat.log()
                .lines()
                .filter(line -> line.contains("failed login"))
                .toList();

        assertTrue(
                lines.get(0)
                        .endsWith(
                                "failed logins: 1 since the last such line, the last as user ad%0D%0Amin from 127.0.0.10"),
                lines.toString());
        assertTrue(lines.size() < 5, "not each of them: " + lines);
        assertFalse(tomcat.log().contains(SECRET));
    }

    @Test
    void slowsOnlyWhoHasFailedOften() throws IOException {
        exhaust("127.0.0.20");
        int slowed = count("slowed");
        int atOnce = count("at_once");
        try (BoardConnection guesser = connection("127.0.0.20");
                BoardConnection other = connection("127.0.0.21")) {
            int closed = 0;
            int kept = 0;
            // On a slow machine a further failure may be forgiven meanwhile.
            while (closed < 2) {
                BoardConnection.Answer answer = guess(guesser, "device");
                assertEquals(403, answer.status());
                assertTrue(answer.body().startsWith("credentials are missing or wrong"), answer.body());
                closed += guesser.isOpen() ? 0 : 1;
                kept += guesser.isOpen() ? 1 : 0;
            }
            assertEquals(403, guess(other, "device").status());
            assertTrue(other.isOpen());

            assertEquals(slowed + 2, count("slowed"));
            assertEquals(atOnce + kept + 1, count("at_once"));
        }
    }

    @Test
    void goodBoardsBehindTheSameAddressOvertake() throws Exception {
        String address = "127.0.0.30";
        exhaust(address);
        int overtook = 0;
        for (int round = 0; round < 5 && overtook == 0; round++) {
            CompletableFuture<Integer> slow = guessLater(address);
            try (BoardConnection board = connection(address)) {
                // Not on and on: the server ends a connection after a thousand requests.
                while (!slow.isDone() && overtook < BUDGET) {
                    assertEquals(404, board.send("GET", POLL, GOOD, new byte[0]).status(), "let in, and unknown");
                    assertTrue(board.isOpen(), "kept");
                    overtook += slow.isDone() ? 0 : 1;
                }
            }
            assertEquals(403, slow.get());
        }

        assertTrue(overtook > 0, "a refusal comes after a poll that was sent later");
    }

    @Test
    void holdsFewThreadsForThem() throws Exception {
        String address = "127.0.0.40";
        exhaust(address);
        int closed = count("closed");
        int slowed = count("slowed");
        List<BoardConnection> guessers = new ArrayList<>();
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            BoardConnection guesser = connection(address);
            // Connected by a good poll, so that the guesses then come at one time.
            assertEquals(404, guesser.send("GET", POLL, GOOD, new byte[0]).status());
            guessers.add(guesser);
        }
        for (BoardConnection guesser : guessers) {
            answers.add(CompletableFuture.supplyAsync(() -> status(guesser), task -> new Thread(task).start()));
        }
        for (CompletableFuture<Integer> answer : answers) {
            assertEquals(403, answer.get());
        }
        for (BoardConnection guesser : guessers) {
            assertFalse(guesser.isOpen());
        }

        assertEquals(40, count("closed") - closed + count("slowed") - slowed);
        assertTrue(count("closed") > closed, "some of them without a wait");
        assertTrue(count("slowed") >= slowed + 16, "a twentieth of the threads waits");
    }

    /** It looks at credentials by itself. */
    @Test
    void countsGuessesAtTheReadinessToo() throws IOException {
        int before = count("at_once");
        try (BoardConnection guesser = connection("127.0.0.50")) {
            assertEquals(
                    403,
                    guesser.send("GET", "/health/ready", Server.basic("admin", SECRET), new byte[0])
                            .status());
        }

        assertEquals(before + 1, count("at_once"));
    }

    @Test
    void takesARoleThatIsNotEnoughForNoGuess() throws IOException {
        int before = all();
        try (BoardConnection board = connection("127.0.0.60")) {
            for (int i = 0; i < 2 * BUDGET; i++) {
                assertEquals(403, board.send("GET", "/fleet", GOOD, new byte[0]).status());
                assertTrue(board.isOpen());
            }
        }

        assertEquals(before, all());
    }

    @Test
    void takesNoCredentialsForNoGuess() throws IOException {
        int before = all();
        try (BoardConnection scanner = connection("127.0.0.70")) {
            for (int i = 0; i < 2 * BUDGET; i++) {
                assertEquals(
                        403, scanner.send("GET", "/files", null, new byte[0]).status());
                assertTrue(scanner.isOpen());
            }
        }

        assertEquals(before, all());
    }

    private static BoardConnection connection(String address) {
        return new BoardConnection(tls, tomcat.port(), address);
    }

    private static BoardConnection.Answer guess(BoardConnection guesser, String user) throws IOException {
        return guesser.send("GET", POLL, Server.basic(user, SECRET), new byte[0]);
    }

    private static CompletableFuture<Integer> guessLater(String address) {
        return CompletableFuture.supplyAsync(() -> status(connection(address)), task -> new Thread(task).start());
    }

    private static int status(BoardConnection guesser) {
        try {
            return guess(guesser, "device").status();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void exhaust(String address) throws IOException {
        try (BoardConnection guesser = connection(address)) {
            do {
                guess(guesser, "device");
            } while (guesser.isOpen());
        }
    }

    private static int all() throws IOException {
        return count("at_once") + count("slowed") + count("closed");
    }

    private static int count(String answer) throws IOException {
        HttpsURLConnection metrics = (HttpsURLConnection)
                URI.create(tomcat.root() + "/metrics").toURL().openConnection();
        metrics.setSSLSocketFactory(tls.getSocketFactory());
        metrics.setRequestProperty("Authorization", ADMIN);
        try (InputStream in = metrics.getInputStream()) {
            Matcher metric = Pattern.compile("fuota_failed_logins_total\\{answer=\"" + answer + "\"} ([0-9]+)\\.0")
                    .matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            assertTrue(metric.find(), answer);
            return Integer.parseInt(metric.group(1));
        }
    }
}
