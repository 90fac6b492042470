package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code java -jar fuota.war --simulate}: what the server concludes of its boards is what was made of them. */
class SimulationIT {
    @TempDir
    static Path folder;

    @BeforeAll
    static void deploy() throws IOException {
        // With the usual limits: boards here live like real ones, but faster.
        Other.deploy(folder, context -> context);
    }

    @AfterAll
    static void undeploy() {
        Other.undeploy();
    }

    private static Process simulate(Path told, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-jar",
                Server.WAR.toString(),
                "--simulate",
                Server.ROOT + "/other"));
        command.addAll(List.of(options));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(told.toFile());
        builder.environment().put("FUOTA_DEVICE_PASSWORD", System.getProperty("it.device.password"));
        return builder.start();
    }

    @Test
    void failsAsItIsToldAndTheServerSeesIt() throws Exception {
        Path told = folder.resolve("told");
        Process simulation = simulate(
                told,
                "--ca",
                Server.CERTIFICATE.toString(),
                "--boards",
                "40",
                "--every",
                "1",
                "--versions",
                "1.0.0=3,0.9.0",
                "--stuck",
                "5",
                "--reverted",
                "10",
                "--silent",
                "5");
        try {
            await("/fleet?by=version", "\"0.9.0\",\"10\"", told);
            await("/fleet?by=version", "\"1.0.0\",\"30\"", told);
            // Who has polled less often has no rhythm yet, and so can't be silent.
            await(
                    () -> Other.send("GET", "/fleet?sort=polls&limit=1&columns=polls", null)
                                    .body()
                                    .matches("(?s).*\\D([5-9]|\\d\\d+)\\D*")
                            ? "ready"
                            : "",
                    "ready",
                    told);
            Boards.upload("sim.bin", "sim", "2.0.0");
            String definition = "{\"file\":\"sim.bin\",\"replaces\":[\"1.0.0\",\"0.9.0\"],\"stages\":[100],"
                    + "\"max_failed_percent\":100}";
            var made = Other.send("PUT", "/rollouts/2.0.0", definition);
            assertEquals(200, made.statusCode(), made.body());

            await(
                    "/rollouts/2.0.0",
                    "40 offered: 32 updated, 0 pending, of which 0 are due, 8 failed (2 stuck, 4 reverted, 2 silent)",
                    told);
            // It tells each five seconds.
            await(
                    () -> Other.send("GET", "/fleet?by=state", null).body() + Files.readString(told),
                    "36 updated, 4 reverted, 2 fell silent",
                    told);
        } finally {
            simulation.destroy();
            simulation.waitFor();
        }
        String text = Files.readString(told);
        assertTrue(
                text.startsWith("40 boards, sim-0001 to sim-0040, poll " + Server.ROOT + "/other every 1.0 s."), text);
    }

    @Test
    void endsWithASentenceWhereItCantBegin() throws Exception {
        Path told = folder.resolve("refused");
        Process simulation = simulate(told, "--boards", "0");

        assertEquals(1, simulation.waitFor());
        assertEquals("Fuota set-up: --boards 0 isn't a number from 1 to 100000\n", Files.readString(told));
    }

    private static void await(String path, String part, Path told) throws IOException {
        await(() -> Other.send("GET", path, null).body(), part, told);
    }

    private interface Text {
        String read() throws IOException;
    }

    private static void await(Text text, String part, Path told) throws IOException {
        String read = "";
        for (int i = 0; !read.contains(part); i++) {
            assertTrue(i < 50_000, "no " + part + " in " + read + Files.readString(told));
            read = text.read();
        }
    }
}
