package org.fuota.faults;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.fuota.faults.Client.Answer;
import org.fuota.tomcat.TomcatProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are full, read-only, gone or garbage, and a database that somebody else locks. */
@Tag(Faults.TAG)
class DiskIT {
    private static final String NO_DATABASE = "the database doesn't answer, or takes no writes";
    private static final String DAMAGED = "the database is damaged: restore a backup; the server's log tells more";
    private static final String NO_FOLDER = "the folder of the update files can't be read and written";
    private static final String NOT_WRITTEN = "what polls told hasn't been written for 10 s";
    private static final byte[] GARBAGE = "this is no database ".repeat(5000).getBytes(StandardCharsets.US_ASCII);
    /** Longer than a poll waits for the pool and for a lock together. */
    private static final Duration LOCKED = Duration.ofSeconds(Faults.IS_LONG ? 30 : 6);

    private final List<AutoCloseable> mounts = new ArrayList<>();
    private final TomcatProcess tomcat;
    private Client client;

    DiskIT(@TempDir Path folder) throws IOException {
        tomcat = new TomcatProcess(folder)
                .option("-XX:TieredStopAtLevel=1")
                .option("-XX:+UseSerialGC")
                .option("-Dfuota.database.lifetime=1000")
                .option("-Dfuota.min.free.bytes=0");
    }

    @BeforeEach
    void start() throws Exception {
        Files.createDirectories(tomcat.data());
        mounts.add(Mount.disk(tomcat.data(), "16m"));
        tomcat.start();
        client = new Client(tomcat);
        assertEquals(200, client.put("/files/a.bin", "the first").status());
        assertEquals(200, client.assign("board", "1", "a.bin").status());
        assertEquals(200, client.poll("board", "1").status());
    }

    @AfterEach
    void stop() throws Exception {
        tomcat.kill();
        for (int i = mounts.size() - 1; i >= 0; i--) {
            mounts.get(i).close();
        }
    }

    @Test
    void servesWithAFullDiskAndGoesOnWhenThereIsSpace() throws Exception {
        Path filler = tomcat.data().resolve("filler");
        fill(filler);

        assertEquals(507, client.put("/files/b.bin", new byte[100_000]).status());
        // What fits into the pages that the database has already may succeed; the next doesn't.
        int status = 200;
        for (int i = 0; i < 10_000 && status == 200; i++) {
            status = client.assign("board-" + i, "1", "a.bin").status();
        }
        assertEquals(503, status);
        assertEquals(200, client.poll("board", "1").status());
        assertEquals("the first", client.download("a.bin").text());
        // What one poll tells may fit, too; what many do doesn't.
        AtomicInteger strangers = new AtomicInteger();
        Faults.await("not ready: " + NOT_WRITTEN, () -> {
            assertEquals(
                    404,
                    client.poll("stranger-" + strangers.incrementAndGet(), "1").status());
            return reasons().contains(NOT_WRITTEN);
        });

        Files.delete(filler);
        assertServes();
    }

    @Test
    void servesFromAReadOnlyFolder() throws Exception {
        Mount mount = Mount.readOnly(blobs());
        try {
            awaitReadiness(NO_FOLDER);
            assertEquals(200, client.poll("board", "1").status());
            assertEquals("the first", client.download("a.bin").text());
            assertFailsForTheAdmin(client.put("/files/b.bin", "b"));
            assertEquals(200, client.assign("board-2", "1", "a.bin").status());
        } finally {
            mount.close();
        }
        assertServes();
    }

    @Test
    void pollsFailSafeWithoutTheFolder() throws Exception {
        Path away = tomcat.data().resolve("away");
        Files.move(blobs(), away);

        assertEquals(204, client.poll("board", "1").status());
        assertEquals(404, client.poll("unknown", "1").status());
        awaitReadiness(NO_FOLDER);
        assertFailsForTheAdmin(client.put("/files/b.bin", "b"));
        assertEquals(false, Files.exists(blobs()), "nothing is made where a disk may be missing");

        Files.move(away, blobs());
        assertServes();
    }

    @Test
    void servesWithAReadOnlyDatabase() throws Exception {
        tomcat.kill();
        byte[] before = Files.readAllBytes(database());
        Mount mount = Mount.readOnly(database().getParent());
        try {
            tomcat.restart();
            assertPollIsSafe();
            awaitReadiness(NO_DATABASE);
            assertEquals(503, client.assign("board-2", "1", "a.bin").status());
            assertEquals(
                    true, Set.of(200, 503).contains(client.download("a.bin").status()), "nobody may know of it");
            assertArrayEquals(before, Files.readAllBytes(database()));
        } finally {
            mount.close();
        }
        assertServes();
    }

    @Test
    void leavesGarbageInPlaceOfTheDatabaseAlone() throws Exception {
        tomcat.kill();
        Path away = tomcat.data().resolve("away");
        Files.move(database().getParent(), away);
        Files.createDirectory(database().getParent());
        Files.write(database(), GARBAGE);
        tomcat.restart();

        assertEquals(204, client.poll("board", "1").status());
        awaitReadiness(DAMAGED);
        assertEquals(503, client.assign("board-2", "1", "a.bin").status());
        assertEquals(503, client.download("a.bin").status());
        assertArrayEquals(GARBAGE, Files.readAllBytes(database()));

        Files.move(database().getParent(), tomcat.data().resolve("garbage"));
        Files.move(away, database().getParent());
        assertServes();
    }

    @Test
    void goesOnWhenTheDatabaseIsNoLongerLocked() throws Exception {
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + database());
                Statement statement = other.createStatement();
                Boards boards = new Boards(tomcat)) {
            statement.executeUpdate("BEGIN EXCLUSIVE");
            Instant end = Instant.now().plus(LOCKED);
            while (Instant.now().isBefore(end)) {
                assertEquals(503, client.assign("board-2", "1", "a.bin").status());
                assertEquals(
                        503,
                        client.put("/devices", Client.row("board-2", "1", "a.bin"))
                                .status());
            }
            awaitReadiness(NO_DATABASE);
            statement.executeUpdate("ROLLBACK");
            boards.awaitPolls(5);
            assertEquals(List.of(), List.copyOf(boards.failures()));
        }
        assertServes();
    }

    /** All of it, without a restart. */
    private void assertServes() throws Exception {
        Faults.await("ready", () -> reasons().stream().noneMatch(List.of(NO_DATABASE, DAMAGED, NO_FOLDER)::contains));
        assertEquals(200, client.put("/files/later.bin", "later").status());
        assertEquals(200, client.assign("board-later", "1", "later.bin").status());
        assertEquals("later.bin", client.poll("board-later", "1").text());
        assertEquals("later", client.download("later.bin").text());
        assertEquals("a.bin", client.poll("board", "1").text());
        assertEquals("the first", client.download("a.bin").text());
        try (var files = Files.list(blobs())) {
            assertEquals(
                    List.of(),
                    files.map(file -> file.getFileName().toString())
                            .filter(file -> file.startsWith(".new-"))
                            .toList());
        }
    }

    private void assertPollIsSafe() throws IOException {
        int status = client.poll("board", "1").status();
        assertEquals(true, Load.POLL_STATUSES.contains(status), "poll: " + status);
    }

    private static void assertFailsForTheAdmin(Answer answer) {
        assertEquals(500, answer.status(), answer.text());
        assertEquals("the server failed; its log tells why\n", answer.text());
    }

    private void awaitReadiness(String reason) throws Exception {
        Faults.await("not ready: " + reason, () -> reasons().contains(reason));
    }

    private List<String> reasons() throws IOException {
        return client.get("/health/ready").text().lines().toList();
    }

    private static void fill(Path filler) throws IOException {
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            // As it was meant.
        }
    }

    private Path blobs() {
        return tomcat.data().resolve("blobs");
    }

    private Path database() {
        return tomcat.data().resolve("db/devices.db");
    }
}
