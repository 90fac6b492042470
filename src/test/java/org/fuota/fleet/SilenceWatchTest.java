package org.fuota.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.TestClock;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.fuota.evidence.State;
import org.fuota.notify.Event;
import org.fuota.notify.Notifier;
import org.fuota.notify.Webhooks;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag(TestDatabase.TAG)
class SilenceWatchTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock(Instant.parse("2026-03-01T10:00:00Z"));
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

    /** Each number is a look, of a server that has just started, at so many silent boards of those that polled within a day. */
    @ParameterizedTest(name = "{1} of {0}")
    @CsvSource(delimiter = '|', textBlock = """
            # boards | silent               | of which it tells
            100      | 0 20                 |
            100      | 0 21 21 100          | 21
            # not over before it is half as many
            100      | 21 20 11 21 10 20 22 | 21 22
            100      | 30 0 30 0 30         | 30 30 30
            10       | 2 3                  | 3
            9        | 9                    |
            """)
    void tellsOnceUntilItIsOver(int boards, String silent, @Nullable String told) {
        List<String> expected = new ArrayList<>();
        for (String count : told == null ? new String[0] : told.split(" ")) {
            expected.add("all boards: " + count + " of the " + boards
                    + " boards that polled within a day are silent: more than 20 %");
        }
        boards("a", boards, 0, HOUR);

        for (String count : silent.split(" ")) {
            boards("a", boards, Integer.parseInt(count), HOUR);
            look();
        }

        assertEquals(String.join("\n", expected), String.join("\n", told()));
    }

    @Test
    void tellsOfEachGroup() {
        boards("hall-", 20, 7, HOUR);
        boards("roof-", 9, 9, HOUR);
        boards("field-", 80, 4, HOUR);
        for (String group : List.of("hall", "roof", "field")) {
            join(group, group + "-%");
        }
        join("some", "%-1");

        look();
        look();

        assertEquals(
                List.of("hall: 7 of the 20 boards of group hall that polled within a day are silent: more than 20 %"),
                told());
    }

    @Test
    void countsOnlyBoardsThatPolledWithinADay() {
        boards("gone-", 500, 500, Duration.ofHours(25));
        boards("a-", 20, 5, HOUR);
        join("all", "%");

        look();

        assertEquals(
                List.of(
                        "all boards: 5 of the 20 boards that polled within a day are silent: more than 20 %",
                        "all: 5 of the 20 boards of group all that polled within a day are silent: more than 20 %"),
                told());
    }

    @Test
    void isOverWhenNoneOfThemHasPolledWithinADay() {
        boards("a", 20, 20, HOUR);
        look();
        clock.advance(Duration.ofHours(23));
        look();
        assertEquals(1, told().size());
        clock.advance(HOUR);
        look();
        boards("a", 20, 6, HOUR);
        look();

        assertEquals(2, told().size());
    }

    @Test
    void isToldByOneNode() {
        SilenceStore store = new SilenceStore(database);
        List<String> tellers = new ArrayList<>();

        store.begin("hall", clock.instant(), transaction -> tellers.add("a"));
        new SilenceStore(new Database(pool)).begin("hall", clock.instant(), transaction -> tellers.add("b"));

        assertEquals(List.of("a"), tellers);
    }

    private void look() {
        Notifier notifier = new Notifier(
                database, Webhooks.parse("http://127.0.0.1:1/", "", true), "node-a", clock, clock::nanoTime);
        new SilenceWatch(
                        database,
                        20,
                        clock::instant,
                        (transaction, subject, sentence, at) ->
                                notifier.tell(transaction, new Event(Event.Kind.GROUP_SILENT, subject, sentence, at)))
                .lookAtAll();
    }

    private List<String> told() {
        return database.query(
                "SELECT subject, sentence FROM webhook_event WHERE event = 'group_silent' ORDER BY number",
                row -> row.getString(1) + ": " + row.getString(2));
    }

    /** The first of them silent, of either kind. */
    private void boards(String prefix, int count, int silent, Duration ago) {
        database.transaction(transaction -> {
            for (int i = 0; i < count; i++) {
                State state = i >= silent ? State.UPDATED : i % 2 == 0 ? State.SILENT : State.UPDATED_SILENT;
                transaction.update(
                        """
                        INSERT INTO device_status (device_id, state, last_seen)
                        VALUES (?, ?, ?)
                        ON CONFLICT (device_id) DO UPDATE
                        SET state = excluded.state, last_seen = excluded.last_seen
                        """,
                        prefix + i,
                        (long) state.ordinal(),
                        clock.instant().minus(ago).toEpochMilli());
            }
            return count;
        });
    }

    private void join(String group, String pattern) {
        database.update(
                "INSERT INTO board_group (name, device_id) SELECT ?, device_id FROM device_status WHERE device_id LIKE ?",
                group,
                pattern);
    }
}
