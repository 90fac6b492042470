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
import org.fuota.evidence.FleetSettings;
import org.fuota.evidence.State;
import org.fuota.history.HistoryStore;
import org.fuota.rollout.RolloutCount;
import org.fuota.served.ServedTime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag(TestDatabase.TAG)
class FleetHistoryTest {
    private static final Instant BEGIN = Instant.parse("2026-03-01T10:20:00Z");
    private static final Instant NEVER = Instant.parse("2100-01-01T00:00:00Z");

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock(BEGIN);
    private final List<RolloutCount> rollouts = new ArrayList<>();
    private BasicDataSource pool = new BasicDataSource();
    private Database database = new Database(pool);
    private FleetHistory history = history();

    @BeforeEach
    void open() {
        pool = TestDatabase.pool(folder);
        database = new Database(pool);
        history = history();
    }

    @AfterEach
    void close() throws Exception {
        pool.close();
    }

    @Test
    void countsEachHourOnceAndInventsNone() {
        board("a", State.OFFERED, "1");
        rollouts.add(new RolloutCount("2.0.0", 9, 5, 1, 3));
        history.count();
        board("b", State.OFFERED, "2");
        clock.advance(Duration.ofMinutes(39));
        history.count();
        // No server ran at 11.
        clock.advance(Duration.ofMinutes(61));
        board("c", State.UNSEEN, null);
        rollouts.add(new RolloutCount("2.0.1", 0, 0, 0, 0));
        history.count();

        assertEquals("10 1 1; 12  1; 12 1 1; 12 2 1", told(FleetHistory.By.VERSION));
        assertEquals("10 2.0.0 9 5 1 3; 12 2.0.0 9 5 1 3; 12 2.0.1 0 0 0 0", told(FleetHistory.By.ROLLOUT));
        assertEquals(
                "10 offered 1; 12 offered 2; 12 unseen 1; ",
                (told(FleetHistory.By.STATE) + "; ").replaceAll("[0-9]+ [a-z_]+ 0; ", ""));
        assertEquals(20, told(FleetHistory.By.STATE).split("; ").length, "those without boards, too");
    }

    @Test
    void changesNothingWhenAnotherNodeHasCountedMeanwhile() {
        board("a", State.OFFERED, "1");
        FleetHistory another = new FleetHistory(
                database,
                fleet(),
                () -> {
                    // It was slow: the others aren't.
                    history.count();
                    return List.of(new RolloutCount("2.0.0", 9, 5, 1, 3));
                },
                clock::instant);

        another.count();

        assertEquals("10 1 1", told(FleetHistory.By.VERSION));
        assertEquals("", told(FleetHistory.By.ROLLOUT));
    }

    @Test
    void keepsTheVersionsOfMostBoardsAndTheOthersTogether() {
        for (int i = 0; i < FleetHistory.MAX_NAMES + 2; i++) {
            board("a" + i, State.OFFERED, "1." + i);
            if (i != 7 && i != 8) {
                board("b" + i, State.OFFERED, "1." + i);
            }
        }
        assertEquals("101 versions, (others) 2, in all 202", versionsOfAnHour());

        // A board may really call itself so.
        for (int i = 0; i < 3; i++) {
            board("c" + i, State.OFFERED, FleetHistory.OTHERS);
        }
        clock.advance(Duration.ofHours(1));
        assertEquals("100 versions, (others) 7, in all 205", versionsOfAnHour());
    }

    private String versionsOfAnHour() {
        history.count();
        List<FleetHistoryStore.Count> counts =
                history.first(FleetHistory.By.VERSION, clock.instant().minus(Duration.ofHours(1)), clock.instant());
        FleetHistoryStore.Count first = counts.get(0);
        return counts.size() + " versions, " + first.name() + " " + first.boards() + ", in all "
                + counts.stream().mapToLong(FleetHistoryStore.Count::boards).sum();
    }

    @ParameterizedTest(name = "from {0} to {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            # from                 | to                       | hours
            2026-03-01T10:00:00Z   | 2026-03-01T13:00:00Z     | 10 11 12
            2026-03-01T10:00:00.001Z | 2026-03-01T12:00:00.001Z | 11 12
            2026-03-01T10:59:59Z   | 2026-03-01T12:00:00Z     | 11
            2026-03-01T11:00:00Z   | 2026-03-01T11:00:01Z     | 11
            2026-03-01T11:00:01Z   | 2026-03-01T11:59:59Z     |
            0000-01-01T00:00:00Z   | 9999-12-31T00:00:00Z     | 10 11 12
            2026-03-01T13:00:00Z   | 9999-12-31T00:00:00Z     |
            """)
    void tellsWhatBeginsWithin(Instant from, Instant to, @Nullable String hours) {
        for (int i = 0; i < 3; i++) {
            history.count();
            clock.advance(Duration.ofHours(1));
        }

        List<String> told = history.first(FleetHistory.By.STATE, from, to).stream()
                .map(count -> count.hour().toString().substring(11, 13))
                .distinct()
                .toList();

        assertEquals(hours == null ? "" : hours, String.join(" ", told));
    }

    @Test
    void tellsAllThoughTheyFillManyPages() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 2500; i++) {
            Instant hour = Instant.EPOCH.plus(Duration.ofHours(i / 7));
            row("version", hour, "1." + i % 7);
            row("rollout", hour, "1." + i % 7);
            expected.add(hour + " 1." + i % 7);
        }

        List<String> told = new ArrayList<>();
        all(FleetHistory.By.VERSION).forEach(count -> told.add(count.hour() + " " + count.name()));

        assertEquals(String.join("\n", expected), String.join("\n", told));
    }

    /** An hour in which no server ran may be the last of a day. */
    @ParameterizedTest(name = "from {0} to {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            # from                 | to                       | the last hours, newest first
            2026-03-01T00:00:00Z   | 2026-03-09T00:00:00Z     | 04T00 02T22 01T23
            2026-03-01T23:00:00Z   | 2026-03-04T00:00:00.001Z | 04T00 02T22 01T23
            2026-03-01T23:00:00.001Z | 2026-03-04T00:00:00Z   | 02T22
            2026-03-02T22:30:00Z   | 2026-03-04T00:00:00Z     |
            2026-03-01T00:00:00Z   | 2026-03-02T20:30:00Z     | 02T20 01T23
            0000-01-01T00:00:00Z   | 9999-12-31T00:00:00Z     | 04T00 02T22 01T23 00T07
            """)
    void tellsTheLastHourOfEachDay(Instant from, Instant to, @Nullable String hours) {
        for (String hour :
                List.of("02-28T07", "03-01T00", "03-01T23", "03-02T00", "03-02T20", "03-02T22", "03-04T00")) {
            row("version", Instant.parse("2026-" + hour + ":00:00Z"), "1");
            row("version", Instant.parse("2026-" + hour + ":00:00Z"), "2");
        }
        row("state", Instant.parse("2026-03-02T23:00:00Z"), "silent");
        String newestFirst = hours == null ? "" : hours.replace("00T07", "28T07");

        List<Instant> told = history.lastHours(FleetHistory.By.VERSION, from, to);

        assertEquals(
                newestFirst,
                String.join(
                        " ",
                        told.stream()
                                .map(hour -> hour.toString().substring(8, 13))
                                .toList()));
        if (told.size() > 1) {
            assertEquals(
                    told.get(1) + " 1; " + told.get(1) + " 2; " + told.get(0) + " 1; " + told.get(0) + " 2",
                    String.join(
                            "; ",
                            history.of(FleetHistory.By.VERSION, told.subList(0, 2)).stream()
                                    .map(count -> count.hour() + " " + count.name())
                                    .toList()));
        }
    }

    /** By the key alone, from one day to the next. */
    @Test
    @DisabledIfSystemProperty(named = TestDatabase.PROPERTY, matches = "postgresql")
    void findsTheLastHoursByTheKey() {
        List<String> plan = database.query(
                "EXPLAIN QUERY PLAN " + FleetHistoryStore.LAST_HOURS,
                row -> row.getString("detail"),
                "version",
                9L,
                "version",
                86_400_000L,
                0L,
                0L);

        assertEquals(
                List.of(),
                plan.stream()
                        .filter(step -> step.contains("SCAN fleet_history"))
                        .toList(),
                plan.toString());
    }

    @Test
    void forgetsWhatIsOldThoughThatFillsManySlices() {
        for (int i = 0; i < 11_000; i++) {
            row(i % 2 == 0 ? "state" : "version", BEGIN.minus(Duration.ofHours(i)), "x");
        }

        history.prune(BEGIN.minus(Duration.ofHours(3)));

        assertEquals(
                "2 2",
                all(FleetHistory.By.STATE).size() + " "
                        + all(FleetHistory.By.VERSION).size());
    }

    private List<FleetHistoryStore.Count> all(FleetHistory.By by) {
        List<FleetHistoryStore.Count> all = new ArrayList<>();
        List<FleetHistoryStore.Count> page = history.first(by, Instant.EPOCH, NEVER);
        while (!page.isEmpty()) {
            all.addAll(page);
            page = history.after(page.get(page.size() - 1), NEVER);
        }
        return all;
    }

    /** Hour, name and numbers. */
    private String told(FleetHistory.By by) {
        return String.join(
                "; ",
                all(by).stream()
                        .map(count ->
                                count.hour().toString().substring(11, 13) + " " + count.name() + " " + count.boards()
                                        + (count.updated() == null
                                                ? ""
                                                : " " + count.updated() + " " + count.failed() + " " + count.pending()))
                        .toList());
    }

    private void row(String kind, Instant hour, String name) {
        database.update(
                "INSERT INTO fleet_history (kind, hour, name, boards) VALUES (?, ?, ?, 1)",
                kind,
                hour.toEpochMilli(),
                name);
    }

    private void board(String id, State state, @Nullable String version) {
        database.update(
                "INSERT INTO device_status (device_id, state, app_ver) VALUES (?, ?, ?)",
                id,
                (long) state.ordinal(),
                version);
    }

    private FleetHistory history() {
        return new FleetHistory(database, fleet(), () -> rollouts, clock::instant);
    }

    private Fleet fleet() {
        States states =
                new States(FleetSettings.DEFAULT, path -> true, new ServedTime(database, clock, clock::nanoTime));
        return new Fleet(database, new HistoryStore(database), states, clock, clock::nanoTime);
    }
}
