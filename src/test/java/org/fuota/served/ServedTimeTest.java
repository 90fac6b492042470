package org.fuota.served;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.TestClock;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.fuota.evidence.FleetSettings;
import org.fuota.evidence.Moment;
import org.fuota.evidence.Script;
import org.fuota.fleet.Fleet;
import org.fuota.fleet.States;
import org.fuota.history.HistoryStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag(TestDatabase.TAG)
class ServedTimeTest {
    @TempDir
    Path folder;

    private final TestClock clock = new TestClock(Script.START);
    private BasicDataSource pool = new BasicDataSource();
    private Database database = new Database(pool);

    @BeforeEach
    void open() {
        pool = TestDatabase.pool(folder);
        database = new Database(pool);
    }

    @AfterEach
    void close() throws Exception {
        pool.close();
    }

    /**
     * Of nodes A and B: a letter has that one count, and start if it doesn't run; a number lets so many seconds pass; +, -
     * set the clock by so many; and !A ends one without a count.
     */
    @ParameterizedTest(name = "{0}: {1} s")
    @CsvSource(delimiter = '|', textBlock = """
            # what happens                 | seconds served
            A                              | 0
            A 7 A                          | 7
            A 7 A 5 A 3 A                  | 15
            # What is down doesn't serve; what is killed loses what it didn't count.
            A 7 A !A 25 A 4 A              | 11
            A 7 A 5 !A 25 A                | 7
            # Whoever sets the clock.
            A 7 A +90000 5 A               | 12
            A 7 A -90000 5 A               | 12
            A 7 A !A +90000 A 5 A          | 12
            A 7 A !A -90000 A 5 A          | 12
            A 7 A +90000 !A A -90000 5 A   | 12
            # Two at a time count once.
            A B 5 A B 5 B A 5 A 5 B        | 20
            A 5 B 5 A 5 B 5 !A 5 B         | 25
            A 5 A !A 5 B 5 B               | 10
            # While one was down, the other served.
            A B 5 A B !A 60 B A 5 A B      | 70
            """)
    void countsOnlyTimeInWhichPollsCouldBeAnswered(String script, long seconds) {
        @Nullable ServedTime[] nodes = new @Nullable ServedTime[2];
        for (String word : script.split(" +")) {
            switch (word.charAt(0)) {
                case 'A', 'B' -> nodes[word.charAt(0) - 'A'] = count(nodes[word.charAt(0) - 'A']);
                case '!' -> nodes[word.charAt(1) - 'A'] = null;
                case '+', '-' -> clock.step(Duration.ofSeconds(Long.parseLong(word)));
                default -> clock.advance(Duration.ofSeconds(Long.parseLong(word)));
            }
        }

        assertEquals(
                Duration.ofSeconds(seconds),
                Duration.ofMillis(
                        new ServedTimeStore(database).last().orElseThrow().served()));
    }

    @Test
    void goesOnBeforeItIsCounted() {
        ServedTime earlier = count(null);
        clock.advance(Duration.ofSeconds(3));
        count(earlier);
        clock.advance(Duration.ofSeconds(4));
        ServedTime served = time();
        clock.advance(Duration.ofSeconds(2));

        assertEquals(new Moment(Script.at(9), 5000), served.now(), "when the database takes no writes");

        count(served);
        clock.advance(Duration.ofSeconds(3));
        assertEquals(new Moment(Script.at(12), 8000), served.now());
    }

    /** Kept for two days: by the clock, and by what was served. */
    @ParameterizedTest(name = "served {0} days, set by {1} days, served {2} days: what was before day {3}")
    @CsvSource({
        "0, 0, 0,",
        "1, 0, 0,",
        "5, 0, 0, 3",
        "5, 0, 4, 7",
        "1, 4000, 0,",
        "1, 4000, 1, 0",
        "5, 4000, 0, 3",
        "5, -3, 0, 0",
    })
    void deletesNothingBecauseOfAClock(int days, int step, int later, @Nullable Integer before) {
        ServedTime served = serve(days, count(null));
        clock.step(Duration.ofDays(step));
        served = serve(later, served);

        Instant actual = served.before(Duration.ofDays(2));
        assertEquals(
                before == null ? null : Script.START.plus(Duration.ofDays(before)),
                actual.isBefore(Instant.EPOCH) ? null : actual);
    }

    /** A database of before goes by the clock until then: what was silent stays so, and what is old may go. */
    @Test
    void goesOnFromTheTimeOfAnOlderDatabase() throws Exception {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("CREATE TABLE schema_migration (number TEXT PRIMARY KEY NOT NULL)");
            for (String script : List.of("0001_device_app", "0002_fleet", "0003_taken_files", "0004_device_app_file")) {
                statement.executeUpdate(
                        Files.readString(Path.of("src/main/resources/db/migration/" + script + ".sql")));
                statement.executeUpdate("INSERT INTO schema_migration VALUES ('" + script.substring(0, 4) + "')");
            }
            statement.executeUpdate("""
                    INSERT INTO device_status (device_id, first_seen, last_seen, polls, recent_gaps, app_ver, app_ver_since,
                        remote_addr, answer, answer_since, offered_file, offered_app_ver, offered_since, offered_last, offers,
                        version_flips, addr_flips)
                    VALUES ('1', 5, %1$d, 9, '60000,60000,60000', '1', 5, '::1', 'offered', 5, 'a.bin', '1', 7, %1$d, 9, 0, 0),
                        ('2', 5, 6, 9, '60000,60000,60000', '1', 5, '::1', 'no_update', 5, NULL, NULL, NULL, NULL, NULL, 0, 0),
                        ('3', 5, %1$d, 9, '60000,60000,60000', '1', 5, '::1', 'offered', 5, 'a.bin', '1', 7, %1$d, 9, 0, 0)
                    """.formatted(Script.START.toEpochMilli()));
            statement.executeUpdate(
                    "INSERT INTO device_app VALUES ('3', '1', 'a.bin'), ('4', '1', 'a.bin'), ('5', NULL, NULL)");
            statement.executeUpdate("INSERT INTO device_assignment VALUES ('3', 6), ('4', 8)");
        }
        clock.advance(Duration.ofDays(3));
        ServedTime served = count(null);
        clock.advance(Duration.ofSeconds(300));

        Fleet fleet = new Fleet(
                database,
                new HistoryStore(database),
                new States(FleetSettings.DEFAULT, path -> path.value().equals("a.bin"), served),
                clock,
                clock::nanoTime);
        assertEquals(
                "{unseen=2, waiting=1, offered=0, updated=0, reverted=0, stuck=0, updated_silent=0, silent=0, unavailable=0, discovered=2}",
                fleet.countByState().toString(),
                "what can be told at once");
        fleet.tick();
        assertEquals(
                List.of("1 9 5", "2 7 6", "3 5 7", "4 0 8", "5 8 null"),
                database.query(
                        "SELECT device_id, state, state_since FROM device_status ORDER BY device_id",
                        row -> row.getString(1) + " " + row.getInt(2) + " " + row.getString(3)),
                "the rest, as ordinals of states");
        assertEquals(
                List.of("7 7 null", "null null null", "7 7 6", "null null 8", "null null null"),
                database.query(
                        "SELECT offered_since, offered_since_served, assigned_at FROM device_status ORDER BY device_id",
                        row -> row.getString(1) + " " + row.getString(2) + " " + row.getString(3)));
        assertEquals(
                Script.START.truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(90)),
                served.before(Duration.ofDays(90)));
    }

    private ServedTime serve(int days, ServedTime served) {
        for (int hour = 0; hour < 24 * days; hour++) {
            clock.advance(Duration.ofHours(1));
            count(served);
        }
        return served;
    }

    private ServedTime count(@Nullable ServedTime running) {
        ServedTime served = running == null ? time() : running;
        served.keep(database.transaction(served::count));
        return served;
    }

    private ServedTime time() {
        return new ServedTime(database, clock, clock::nanoTime);
    }
}
