package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A clock that jumps, as that of a board computer without a battery does when it finds a time server. */
@Timeout(120)
class ClockIT {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path folder;

    @ParameterizedTest(name = "by {0} days")
    @ValueSource(ints = {1, -1})
    void goesOnWhenTheClockJumps(int days) throws Exception {
        try (SimulatedServer server = new SimulatedServer(folder, NOW, context -> context)) {
            assertWorks(server, "1");
            offerForEightMinutes(server);

            Instant jumped = server.time().plus(Duration.ofDays(days));
            server.setClock(jumped);

            assertEquals("a.bin", poll(server));
            awaitReady(server);
            assertWorks(server, "2");
            assertEquals("offered", state(server), "eight minutes since the offer, whatever the clock says");
            assertEquals(jumped.toString(), lastSeen(server), "the fleet goes by the new time");

            server.restart();
            assertEquals("a.bin", poll(server));
            awaitReady(server);

            server.setClock(NOW.plus(Duration.ofHours(1)));
            assertEquals("a.bin", poll(server));
            awaitReady(server);
            assertWorks(server, "3");
            assertEquals(NOW.plus(Duration.ofHours(1)).toString(), lastSeen(server));
        }
    }

    /** A day too far in the future must not cost history that is to be kept, but for what is older by then. */
    @Test
    void keepsHistoryWhenTheClockWasAhead() throws Exception {
        try (SimulatedServer server = new SimulatedServer(folder, NOW, context -> context)) {
            assertWorks(server, "1");
            String before = server.get("/fleet/board").body();
            server.setClock(NOW.plus(Duration.ofDays(1)));
            server.restart();
            server.setClock(NOW);

            assertTrue(before.contains("assigned"), before);
            assertTrue(server.get("/fleet/board").body().contains("assigned"));
        }
    }

    /** Neither its absence nor its clock is the boards' doing. */
    @Test
    void takesNoBoardForSilentThatItCouldNotHear() throws Exception {
        try (SimulatedServer server = new SimulatedServer(folder, NOW, context -> context)) {
            assertWorks(server, "1");
            offerForEightMinutes(server);

            server.stop();
            server.setTime(server.time().plus(Duration.ofDays(1)));
            server.start();
            assertEquals("offered", state(server));
            server.setClock(server.time().plus(Duration.ofDays(300)));
            assertEquals("offered", state(server));
            server.setClock(server.time().minus(Duration.ofDays(600)));
            server.restart();
            assertEquals("offered", state(server));

            server.setTime(server.time().plusSeconds(300));
            assertEquals("offered", state(server));
            server.setTime(server.time().plusMillis(1));
            assertEquals("silent", state(server), "five of its gaps, in which it could have polled");
        }
    }

    @Test
    void tellsThatTheClockWasSetOnce() throws Exception {
        try (SimulatedServer server = new SimulatedServer(folder, NOW, context -> context)) {
            assertWorks(server, "1");
            for (String told : List.of("forward by 3 h", "back by 3 days")) {
                String sentence = "the clock was set " + told + ": ";
                int before = count(Server.log(), sentence);
                server.setClock(
                        told.contains("h")
                                ? server.time().plus(Duration.ofHours(3))
                                : server.time().minus(Duration.ofDays(3)));
                await(() -> count(Server.log(), sentence) > before);
                server.setTime(server.time().plusSeconds(60));
                assertWorks(server, told);
                assertEquals(before + 1, count(Server.log(), sentence));
            }
        }
    }

    /** As on a board computer that has no time server yet. */
    @Test
    void tellsThatTheCertificateIsNotValidYet() throws Exception {
        int before = Server.log().length();
        try (SimulatedServer server = new SimulatedServer(folder, NOW, context -> context);
                Browser browser =
                        Browser.open(Files.createDirectory(folder.resolve("profile")), SimulatedServer.CONTEXT)) {
            String begin = Server.certificate().getNotBefore().toInstant().toString();
            String sentence = " days left, but by this server's clock it isn't valid before " + begin;

            assertTrue(server.get("/health/ready").body().contains(sentence + "\n"));
            assertTrue(server.json("/health/ready").contains(",\"certificate_valid_from\":\"" + begin + "\","));
            String logged = Server.log().substring(before);
            assertTrue(logged.matches("(?s).*WARNING: the certificate, [^\n]*" + sentence + "\n.*"), logged);
            browser.logIn();
            browser.go("#/");
            browser.awaitText("#attention", "The certificate isn't valid before");
        }
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        while (!condition.call()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private static void assertWorks(SimulatedServer server, String content) {
        assertEquals(
                200,
                Server.send("PUT", "/sim/files/a.bin", Server.ADMIN, content).statusCode());
        assertEquals(
                200,
                Server.send("PUT", "/sim/devices/board", Server.ADMIN, "board,1,a.bin")
                        .statusCode());
        assertEquals("a.bin", poll(server));
        assertEquals(content, server.get("/files/a.bin").body());
        assertEquals(200, server.get("/fleet").statusCode());
    }

    private static String poll(SimulatedServer server) {
        return server.get("/devices/board?app_ver=1").body();
    }

    private static String state(SimulatedServer server) {
        return row(server).get(1);
    }

    private static String lastSeen(SimulatedServer server) {
        return row(server).get(5);
    }

    private static List<String> row(SimulatedServer server) {
        return server.csv("/fleet").get(0);
    }

    private static void awaitReady(SimulatedServer server) {
        while (server.get("/health/ready").statusCode() != 200) {
            Thread.onSpinWait();
        }
    }

    private static void offerForEightMinutes(SimulatedServer server) {
        for (int i = 0; i < 8; i++) {
            server.setTime(server.time().plusSeconds(60));
            assertEquals("a.bin", poll(server));
            // Written before the next.
            assertEquals("offered", state(server));
        }
    }
}
