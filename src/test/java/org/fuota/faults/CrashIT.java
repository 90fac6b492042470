package org.fuota.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.fuota.tomcat.TomcatProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills the server in the middle of its work, again and again, and looks at what is there when it has started again. */
@Tag(Faults.TAG)
class CrashIT {
    private static final String BULKS = "SELECT COUNT(*) FROM bulk WHERE published = 1";
    private static final int CLIENTS = 6;
    /** The kill comes after so many answers, at most, and then as many milliseconds. */
    private static final int MAX_ANSWERS = 60;

    private static final int MAX_MORE_MILLIS = 300;

    @TempDir
    Path folder;

    private final Ledger ledger = new Ledger();
    private final Load load = new Load(ledger);
    private long unacknowledged;
    private long unacknowledgedThere;
    private long killedStarts;

    @Test
    void losesNothing() throws Exception {
        int rounds = Faults.rounds(20, 500);
        Random random = new Random(Faults.seed(CrashIT.class));
        Instant begun = Instant.now();
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        // Quick to start, and many starts are what this is about.
        try (TomcatProcess tomcat =
                new TomcatProcess(folder).option("-XX:TieredStopAtLevel=1").option("-XX:+UseSerialGC")) {
            tomcat.setUp();
            for (int round = 1; round <= rounds; round++) {
                startAfterSomeKills(tomcat, random);
                assertEquals(List.of(), leftovers(tomcat), "temporary files after the start");
                check(tomcat);
                if (round % (Faults.IS_LONG ? 10 : 20) == 0) {
                    tell(round, begun);
                }
                killUnderLoad(tomcat, threads, random);
            }
            tomcat.restart();
            check(tomcat);
        } finally {
            threads.shutdownNow();
        }
        tell(rounds, begun);
    }

    /** Some starts are cut short, too: in the first, that may be within the migration. */
    private void startAfterSomeKills(TomcatProcess tomcat, Random random) throws IOException, InterruptedException {
        if (random.nextInt(6) == 0) {
            tomcat.launch();
            TimeUnit.MILLISECONDS.sleep(300 + random.nextInt(3000));
            tomcat.kill();
            tomcat.deleteHalfUnpacked();
            killedStarts++;
        }
        tomcat.restart();
    }

    private void killUnderLoad(TomcatProcess tomcat, ExecutorService threads, Random random) throws Exception {
        Client client = new Client(tomcat);
        AtomicBoolean isOver = new AtomicBoolean();
        List<Future<?>> clients = load.begin(client, CLIENTS, threads, random, isOver, noAnswer -> {
            if (!isOver.get()) {
                throw new UncheckedIOException("before the kill", noAnswer);
            }
        });
        long answers = load.requests() + random.nextInt(MAX_ANSWERS);
        // Also over when a client has failed, which is told below.
        while (load.requests() < answers && clients.stream().noneMatch(Future::isDone)) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        TimeUnit.MILLISECONDS.sleep(random.nextInt(MAX_MORE_MILLIS));
        isOver.set(true);
        tomcat.kill();
        for (Future<?> one : clients) {
            one.get();
        }
    }

    private void check(TomcatProcess tomcat) throws IOException, SQLException, InterruptedException {
        Client client = new Client(tomcat);
        Map<String, String> found = load.look(client);
        assertEquals(List.of(), ledger.lies(found));
        assertEquals(List.of(), load.wrongs());
        assertEquals(
                List.of("ready"),
                client.get("/health/ready").text().lines().limit(1).toList());
        checkDatabase(tomcat);

        unacknowledged += ledger.unacknowledged();
        unacknowledgedThere += ledger.unacknowledgedThere(found);
        ledger.goOn(found);
    }

    /** Whole, and each row together with who made it. */
    private static void checkDatabase(TomcatProcess tomcat) throws SQLException, InterruptedException {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:sqlite:" + tomcat.data().resolve("db/devices.db"));
                Statement statement = connection.createStatement()) {
            assertEquals("ok", first(statement, "PRAGMA integrity_check"));
            // What the crash left on its way is moved within seconds.
            for (int tries = 0; tries < 300 && !first(statement, BULKS).equals("0"); tries++) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            assertEquals("0", first(statement, BULKS), "bulks on their way");
            assertEquals(
                    "0", first(statement, """
                    SELECT COUNT(*) FROM device_app a FULL JOIN
                        (SELECT * FROM device_status WHERE row_file IS NOT NULL) s USING (device_id)
                    WHERE assigned_at IS NULL OR a.app_ver IS NOT row_app_ver OR update_file_path IS NOT row_file
                    """), "rows without the time of their assignment, or the other way round");
            assertEquals("0", first(statement, """
                    SELECT COUNT(*) FROM device_app
                    WHERE update_file_path || ' to version ' || app_ver IS NOT (
                        SELECT value_after FROM history
                        WHERE history.device_id = device_app.device_id AND actor IS NOT NULL
                        ORDER BY number DESC LIMIT 1)
                    """), "rows that aren't what the audit trail says");
        }
    }

    private static String first(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** What lies among the update files' bytes and isn't one by its name, or isn't what its name says. */
    private static List<Path> leftovers(TomcatProcess tomcat) throws IOException {
        try (Stream<Path> all = Files.walk(tomcat.data().resolve("blobs"))) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().equals(sha256(file)))
                    .toList();
        }
    }

    private static String sha256(Path file) {
        try {
            return Hashes.sha256(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void tell(int rounds, Instant begun) {
        Faults.tell(
                CrashIT.class,
                rounds + " rounds, " + (rounds + killedStarts) + " kills (" + killedStarts
                        + " of them during a start), "
                        + load.requests() + " answered requests, " + load.acknowledged()
                        + " acknowledged writes, none lost; " + unacknowledged + " writes without an answer, of which "
                        + unacknowledgedThere + " are there, whole; "
                        + Duration.between(begun, Instant.now()).toSeconds() + " s");
    }
}
