package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
            for (int i = 0; i < 8; i++) {
                server.setTime(server.time().plusSeconds(60));
                assertEquals("a.bin", poll(server));
                // Written before the next.
                assertEquals("offered", state(server));
            }

            Instant jumped = server.time().plus(Duration.ofDays(days));
            server.setTime(jumped);

            assertEquals("a.bin", poll(server));
            awaitReady(server);
            assertWorks(server, "2");
            // Waiting: by a clock that was set back, the assignment is still to come.
            assertTrue(List.of("offered", "stuck", "waiting").contains(state(server)), state(server));
            assertEquals(jumped.toString(), lastSeen(server), "the fleet goes by the new time");

            server.restart();
            assertEquals("a.bin", poll(server));
            awaitReady(server);

            server.setTime(NOW.plus(Duration.ofHours(1)));
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
            server.setTime(NOW.plus(Duration.ofDays(1)));
            server.restart();
            server.setTime(NOW);

            assertTrue(before.contains("assigned"), before);
            assertTrue(server.get("/fleet/board").body().contains("assigned"));
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
}
