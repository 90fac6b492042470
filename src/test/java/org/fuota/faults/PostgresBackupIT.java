package org.fuota.faults;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.fuota.tomcat.TomcatProcess;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/backup-postgresql}, while boards poll and an admin writes, and {@code deploy/restore-postgresql} on another server. */
@Tag(Faults.TAG)
@Timeout(600)
class PostgresBackupIT {
    private static final int OLD_FILES = 20;

    @TempDir
    Path folder;

    private BareDatabase database;
    private BareDatabase other;
    private TomcatProcess tomcat;
    private TomcatProcess restored;

    @BeforeEach
    void setUp() throws Exception {
        database = new BareDatabase(folder.resolve("database"));
        other = new BareDatabase(folder.resolve("other"));
        tomcat = new TomcatProcess(Files.createDirectory(folder.resolve("tomcat")));
        restored = new TomcatProcess(Files.createDirectory(folder.resolve("restored")));
        database.use(tomcat, BareDatabase.PASSWORD);
        other.use(restored, BareDatabase.PASSWORD);
    }

    @AfterEach
    void end() {
        tomcat.close();
        restored.close();
        database.close();
        other.close();
    }

    @Test
    void bringsBackOneMoment() throws Exception {
        tomcat.start();
        Client client = new Client(tomcat);
        for (int file = 0; file < OLD_FILES; file++) {
            upload(client, "old/" + file);
        }
        assertEquals(200, client.assign("board", "1", "old/0").status());
        Path backup = folder.resolve("fuota.dump");
        int before;
        int after;
        try (Writer writer = new Writer(client);
                Boards boards = new Boards(tomcat)) {
            Faults.await("some are written", () -> writer.done.get() >= 5);
            before = writer.done.get();
            Program made = database.run("deploy/backup-postgresql", backup.toString());
            after = writer.done.get() + 1;
            assertEquals(0, made.exit(), made.output());
            boards.awaitPolls(10);
            assertEquals(List.of(), List.copyOf(boards.failures()));
            Faults.await("it goes on", () -> writer.done.get() > after);
            assertEquals(null, writer.failure.get());
        }

        Program back = other.run("deploy/restore-postgresql", backup.toString());
        assertEquals(0, back.exit(), back.output());
        restored.start();
        Client reader = new Client(restored);
        List<String> devices = reader.get("/devices").text().lines().toList();
        // All that was acknowledged before, and nothing that came after; of each step all or nothing, and none without
        // those before it.
        int steps = (devices.size() - 1) / 2;
        assertTrue(before <= steps && steps <= after, () -> before + " to " + after + ", not " + steps);
        assertEquals(expectedDevices(steps), devices);
        assertEquals(
                "restored: " + devices.size() + " assignments, " + files(reader).size() + " update files",
                back.output().lines().findFirst().orElseThrow());
        int uploads = files(reader).size() - OLD_FILES;
        assertTrue(uploads == steps || uploads == steps + 1, () -> uploads + " uploads, " + steps + " steps");
        List<String> paths = Stream.concat(
                        Stream.iterate(0, n -> n < OLD_FILES, n -> n + 1).map(n -> "old/" + n),
                        Stream.iterate(1, n -> n <= uploads, n -> n + 1).map(PostgresBackupIT::path))
                .toList();
        assertEquals(paths.stream().sorted().toList(), files(reader));
        for (String path : paths) {
            assertArrayEquals(bytes(path), reader.download(path).bytes(), path);
        }
        assertEquals(
                lines(client, "/files", "\"old/1"), lines(reader, "/files", "\"old/1"), "size, SHA-256, when stored");
        assertEquals("old/0", reader.poll("board", "1").text());
        assertEquals(200, reader.get("/health/ready").status());
        assertEquals(200, reader.assign("new", "1", "old/0").status());
    }

    @Test
    void refusesWhatWouldLoseSomething() throws Exception {
        tomcat.start();
        Client client = new Client(tomcat);
        upload(client, "old/1");
        Path backup = folder.resolve("fuota.dump");
        assertEquals(
                0, database.run("deploy/backup-postgresql", backup.toString()).exit());
        byte[] whole = Files.readAllBytes(backup);

        assertRefused(database.environment(), "is there already", "deploy/backup-postgresql", backup);
        assertArrayEquals(whole, Files.readAllBytes(backup));
        Path another = folder.resolve("another.dump");
        assertRefused(other.environment(), "isn't Fuota's", "deploy/backup-postgresql", another);
        Map<String, String> wrong = database.environment();
        wrong.put("PGPORT", String.valueOf(TomcatProcess.freePort()));
        assertRefused(wrong, "pg_dump failed, so there is no", "deploy/backup-postgresql", another);
        Map<String, String> stranger = database.environment();
        stranger.put("PGSSLROOTCERT", other.environment().get("PGSSLROOTCERT"));
        assertRefused(stranger, "certificate verify failed", "deploy/backup-postgresql", another);
        Map<String, String> nameless = database.environment();
        nameless.remove("PGDATABASE");
        assertRefused(nameless, "set PGDATABASE", "deploy/backup-postgresql", another);
        assertRefused(nameless, "set PGDATABASE", "deploy/restore-postgresql", backup);
        Map<String, String> broken = database.environment();
        broken.put("PATH", cutting() + ":" + System.getenv("PATH"));
        assertRefused(broken, "can't be read back", "deploy/backup-postgresql", another);
        // Nor is half of one left.
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(backup), files.filter(Files::isRegularFile).toList());
        }

        assertRefused(database.environment(), "isn't empty", "deploy/restore-postgresql", backup);
        Path part = Files.write(folder.resolve("part.dump"), Arrays.copyOf(whole, whole.length - 500));
        assertRefused(other.environment(), "nothing was restored", "deploy/restore-postgresql", part);
        Path text = Files.writeString(folder.resolve("text"), "text");
        assertRefused(other.environment(), "isn't what backup-postgresql wrote", "deploy/restore-postgresql", text);
        assertEquals("0\n", other.ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'fuota'"));
        assertEquals(200, client.download("old/1").status());
        assertEquals(
                0, other.run("deploy/restore-postgresql", backup.toString()).exit());
    }

    /** A folder with a pg_dump whose file loses its end, as on a broken disk. */
    private Path cutting() throws IOException {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Path dump = Files.writeString(bin.resolve("pg_dump"), """
                #!/bin/bash
                PATH=${PATH#*:}
                pg_dump "$@"
                for argument; do
                  [[ $argument != --file=* ]] || truncate --size=-500 "${argument#--file=}"
                done
                """);
        Files.setPosixFilePermissions(dump, PosixFilePermissions.fromString("rwxr-xr-x"));
        return bin;
    }

    private static void assertRefused(Map<String, String> environment, String why, String script, Path file)
            throws Exception {
        Program refused = Program.run(environment, "", List.of(script, file.toString()));
        assertNotEquals(0, refused.exit(), refused.output());
        assertTrue(refused.output().contains(why), refused.output());
        assertFalse(refused.output().contains(BareDatabase.PASSWORD), refused.output());
    }

    /** Takes one step after the other: uploads a file, and then assigns it to a board of its own and to one that has a file already. */
    private static final class Writer implements AutoCloseable {
        final AtomicInteger done = new AtomicInteger();
        final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private final Thread thread;
        private volatile boolean isOver;

        Writer(Client client) {
            thread = new Thread(() -> write(client));
            thread.start();
        }

        private void write(Client client) {
            try {
                while (!isOver) {
                    int step = done.get() + 1;
                    upload(client, path(step));
                    String rows =
                            Client.row("one-" + step, "1", path(step)) + Client.row("two-" + step, "1", path(step));
                    assertEquals(200, client.put("/devices", rows).status());
                    done.set(step);
                }
            } catch (IOException | AssertionError e) {
                failure.set(e);
            }
        }

        @Override
        public void close() {
            isOver = true;
            Faults.join(thread);
        }
    }

    private static List<String> expectedDevices(int steps) {
        return Stream.concat(
                        Stream.of(Client.row("board", "1", "old/0")),
                        Stream.iterate(1, step -> step <= steps, step -> step + 1)
                                .flatMap(step -> Stream.of(
                                        Client.row("one-" + step, "1", path(step)),
                                        Client.row("two-" + step, "1", path(step)))))
                .map(String::strip)
                .sorted()
                .toList();
    }

    private static String path(int step) {
        return "new/" + step;
    }

    private static void upload(Client client, String path) throws IOException {
        assertEquals(200, client.put("/files/" + path, bytes(path)).status());
    }

    /** What a path was uploaded with: up to two rows of the database. */
    private static byte[] bytes(String path) {
        Random random = new Random(path.hashCode());
        byte[] bytes = new byte[1 + random.nextInt(2_000_000)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static List<String> files(Client client) throws IOException {
        return lines(client, "/files", "\"").stream()
                .map(line -> line.split("\"")[1])
                .toList();
    }

    /** Those that begin so. */
    private static List<String> lines(Client client, String list, String beginning) throws IOException {
        return client.get(list)
                .text()
                .lines()
                .filter(line -> line.startsWith(beginning))
                .toList();
    }
}
