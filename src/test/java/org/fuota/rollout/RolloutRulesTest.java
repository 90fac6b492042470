package org.fuota.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.fuota.file.FilePath;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutRulesTest {
    private static final Release FILE = release("f.bin");
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Board NOBODY = new Board(null, null, Map.of());

    /** Computed by another program: anybody may know beforehand which boards come when. */
    @ParameterizedTest
    @CsvSource({"2.0.0, 00001, 837", "2.0.0, 00002, 3218", "r, é-1, 3571"})
    void placesBoardsByAHash(String rollout, String deviceId, int position) {
        assertEquals(position, RolloutRules.position(rollout, deviceId));
    }

    @Test
    void spreadsBoardsEvenlyAndOtherwiseForEachRollout() {
        long ofOne = IntStream.range(0, 100_000)
                .filter(i -> RolloutRules.position("a", "board-" + i) < 1_000)
                .count();
        long ofBoth = IntStream.range(0, 100_000)
                .filter(i -> RolloutRules.position("a", "board-" + i) < 1_000
                        && RolloutRules.position("b", "board-" + i) < 1_000)
                .count();
        assertTrue(ofOne > 9_500 && ofOne < 10_500, "a tenth: " + ofOne);
        assertTrue(ofBoth > 800 && ofBoth < 1_200, "a tenth of that: " + ofBoth);
    }

    /** The clocks of Berlin leave out 2 to 3 o'clock on 2026-03-29, and have it twice on 2026-10-25. */
    @ParameterizedTest(name = "{0} in {1} at {2}: {3}")
    @CsvSource({
        "22:00-05:00, UTC, 2026-03-01T21:59:59Z, false",
        "22:00-05:00, UTC, 2026-03-01T22:00:00Z, true",
        "22:00-05:00, UTC, 2026-03-01T23:59:59Z, true",
        "22:00-05:00, UTC, 2026-03-02T04:59:59Z, true",
        "22:00-05:00, UTC, 2026-03-02T05:00:00Z, false",
        "08:00-17:30, UTC, 2026-03-01T17:29:59Z, true",
        "08:00-17:30, UTC, 2026-03-01T17:30:00Z, false",
        "08:00-17:30, Asia/Kolkata, 2026-03-01T02:30:00Z, true",
        "08:00-17:30, Asia/Kolkata, 2026-03-01T02:29:59Z, false",
        "02:00-03:00, Europe/Berlin, 2026-03-28T01:30:00Z, true",
        "02:00-03:00, Europe/Berlin, 2026-03-29T00:59:59Z, false",
        "02:00-03:00, Europe/Berlin, 2026-03-29T01:00:00Z, false",
        "02:00-03:00, Europe/Berlin, 2026-10-25T00:30:00Z, true",
        "02:00-03:00, Europe/Berlin, 2026-10-25T01:30:00Z, true",
        "02:00-03:00, Europe/Berlin, 2026-10-25T02:00:00Z, false"
    })
    void goesByWallClock(String hours, String zone, Instant now, boolean isWithin) {
        Definition definition = definition("\"hours\":\"" + hours + "\",\"zone\":\"" + zone + "\"");

        assertEquals(isWithin, definition.hours().contain(now));
    }

    @ParameterizedTest(name = "{0}: {1} is in stage {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[\"canary\",100] | canary-1 | 0",
                "[\"canary\",100] | 00001 | 1",
                "[10,\"canary\"] | canary-2 | 1",
                "[10,50,100] | at-999 | 0",
                "[10,50,100] | at-1000 | 1",
                "[10,50,100] | at-5000 | 2",
                "[10,50] | at-5000 | -1",
                "[0.01,100] | at-0 | 0",
                "[0.01,100] | at-1 | 1"
            })
    void comesInStages(String stages, String board, int stage) {
        Definition definition = definition("\"stages\":" + stages.strip());
        String deviceId = board.startsWith("at-") ? at(Integer.parseInt(board.substring(3))) : board;

        assertEquals(
                stage,
                RolloutRules.stageOf("r", definition, deviceId, (group, id) -> id.startsWith(group))
                        .orElse(-1));
    }

    /** A board at that place. */
    private static String at(int position) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "board-" + i)
                .filter(id -> RolloutRules.position("r", id) == position)
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest(name = "{0}, {1} new failures of {2} judged, {3} boards: {4}")
    @CsvSource({
        "5, 0, 100, 100, false",
        "5, 2, 10, 100, false",
        "5, 3, 100, 100, false",
        "5, 5, 100, 100, false",
        "5, 6, 100, 100, true",
        "5, 3, 59, 100, true",
        "5, 3, 60, 100, false",
        "0, 3, 1000, 1000, true",
        "0, 2, 1000, 1000, false",
        "0, 1, 9, 9, true",
        "5, 1, 9, 9, true",
        "5, 1, 20, 10, false",
        "100, 50, 50, 100, false"
    })
    void pauses(int percent, int failed, int judged, int boards, boolean isPaused) {
        Rollout rollout = rollout("\"max_failed_percent\":" + percent, RolloutState.RUNNING, 0);
        Tally tally = new Tally(judged, judged - failed, 0, failed, 0, 0, failed, judged - failed, failed, 0, 0);

        String why = RolloutRules.guard(rollout, tally, boards);

        assertEquals(isPaused, why != null, why);
    }

    @Test
    void setsAsideWhatFailedBefore() {
        Rollout rollout = rollout("\"max_failed_percent\":5", RolloutState.RUNNING, 0);

        assertEquals(null, RolloutRules.guard(rollout, new Tally(100, 80, 0, 20, 0, 0, 2, 80, 20, 0, 0), 100));
        // More than five per cent, but only two.
        assertEquals(null, RolloutRules.guard(rollout, new Tally(30, 10, 0, 20, 0, 0, 2, 10, 20, 0, 0), 100));
    }

    @ParameterizedTest(name = "after {0}: {1} updated, {2} failed, {3} due of {4} boards: {5}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "11:00 | 10 | 0 | 0 | 100 | -",
                "11:01 | 10 | 0 | 0 | 100 | the stage lasts until 2026-03-01T12:01:00Z",
                "11:00 | 9 | 0 | 0 | 100 | for 1 more boards to be judged, of 100",
                "11:00 | 5 | 0 | 0 | 5 | -",
                "11:00 | 0 | 0 | 0 | 0 | -",
                "11:00 | 18 | 2 | 0 | 100 | for 95 %: 18 of 20 judged have updated",
                "11:00 | 19 | 1 | 0 | 100 | -",
                "11:00 | 18 | 0 | 2 | 100 | for 95 %: 18 of 20 judged have updated",
                "11:30 | 4 | 0 | 1 | 100 | for 5 more boards to be judged, of 100; for 95 %: 4 of 5 judged have updated; the stage lasts until 2026-03-01T12:30:00Z"
            })
    void holdsTheGate(String began, int updated, int failed, int due, int boards, String waits) {
        Rollout rollout = rollout(definition(""), null, List.of(FILE), RolloutState.RUNNING, "", 0, began.strip());
        long judged = updated + failed + due;

        assertEquals(
                waits,
                RolloutRules.gate(
                        rollout,
                        new Tally(judged, updated, due, failed, 0, 0, failed, updated, failed, due, 0),
                        boards,
                        NOW));
    }

    @ParameterizedTest(name = "{0} {1} {2}: {3}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "RUNNING | \"any_image\":false | - | -",
                "COMPLETED | \"any_image\":false | - | -",
                "PAUSED | \"any_image\":false | - | it is paused: by bob",
                "SCHEDULED | \"any_image\":false | - | it is scheduled: by bob",
                "RUNNING | \"stages\":[0.01,100] | - | not in the first 0.01 %: it comes at 65.53 %",
                "RUNNING | \"stages\":[\"canary\",\"field\"] | - | it has come to group canary, and none of its stages has the board",
                "RUNNING | \"hours\":\"22:00-05:00\" | - | it begins only in its hours, 22:00-05:00 UTC",
                "RUNNING | \"hours\":\"22:00-05:00\" | 1 no no | -",
                "RUNNING | \"max_downloads\":3 | 2 no no | -",
                "RUNNING | \"max_downloads\":3 | 3 no no | the board was offered it 3 times, and still reports the old version",
                "RUNNING | \"max_downloads\":3 | 1 yes yes | the board has come back from it",
                "RUNNING | \"max_downloads\":3 | 1 yes no | the board has come back from it"
            })
    void objects(RolloutState state, String fields, String trial, String why) {
        Rollout rollout = rollout(fields.strip(), state, 0);
        String[] known = trial == null ? new String[0] : trial.strip().split(" ");
        Board board = known.length == 0
                ? NOBODY
                : new Board(
                        null,
                        null,
                        Map.of(
                                1L,
                                new Board.Trial(
                                        null,
                                        Long.parseLong(known[0]),
                                        known[1].equals("yes"),
                                        known[2].equals("yes"),
                                        null)));

        assertEquals(
                why,
                RolloutRules.objection(rollout, "board-5", board, Set.of(), NOW, (group, id) -> false, () -> true));
    }

    @Test
    void isNotOfferedAgainWhatFailedBeforeItWasResumed() {
        Rollout resumed = resumed(NOW);

        assertEquals(
                "the board failed before it was resumed",
                objection(resumed, new Board.Trial(null, 1, false, false, NOW)));
        assertEquals(null, objection(resumed, new Board.Trial(null, 1, false, false, NOW.plusMillis(1))));
        assertEquals(null, objection(resumed, new Board.Trial(null, 1, false, false, null)));
    }

    private static Rollout resumed(Instant at) {
        return new Rollout(
                1,
                "r",
                definition("\"stages\":[100]"),
                null,
                List.of(FILE),
                RolloutState.RUNNING,
                "",
                0,
                NOW,
                NOW,
                0,
                at,
                0);
    }

    private static @Nullable String objection(Rollout rollout, Board.Trial trial) {
        return RolloutRules.objection(
                rollout,
                "b",
                new Board(null, null, Map.of(1L, trial)),
                Set.of(),
                NOW,
                (group, id) -> false,
                () -> true);
    }

    @ParameterizedTest(name = "{0} {1}, took {2} {3}, any image {4}: {5}")
    @CsvSource(
            nullValues = "-",
            value = {
                "ESP32, a, ESP32, a, false, true",
                "ESP32, a, ESP32-S3, a, false, false",
                "ESP32, a, ESP32, b, false, false",
                "ESP32, a, ESP32-S3, b, true, true",
                "ESP32, a, -, -, false, true",
                "-, -, ESP32, a, false, true",
                "ESP32, -, ESP32, b, false, true"
            })
    void neverHitsOtherHardware(
            String chip, String project, String takenChip, String takenProject, boolean anyImage, boolean isOffered) {
        Rollout rollout = rollout(
                definition("\"stages\":[100],\"any_image\":" + anyImage),
                null,
                List.of(new Release(new FilePath("f.bin"), "a", chip, project)),
                RolloutState.RUNNING,
                "",
                0,
                "12:00");
        Board board = new Board(takenChip, takenProject, Map.of());

        String why = RolloutRules.objection(rollout, "b", board, Set.of(), NOW, (group, id) -> false, () -> true);

        assertEquals(isOffered, why == null, why);
    }

    @Test
    void isOfferedOnlyWhatItWasMadeForAndAtItsPace() {
        Rollout rollout = rollout("\"stages\":[100],\"offers_per_minute\":7", RolloutState.RUNNING, 0);

        assertEquals(
                Optional.of("f.bin isn't what it was made for any more"),
                Optional.ofNullable(RolloutRules.objection(
                        rollout, "b", NOBODY, Set.of("f.bin"), NOW, (group, id) -> false, () -> true)));
        assertEquals(
                Optional.of("its pace, 7 boards a minute, is used up"),
                Optional.ofNullable(RolloutRules.objection(
                        rollout, "b", NOBODY, Set.of(), NOW, (group, id) -> false, () -> false)));
    }

    private static Rollout rollout(String fields, RolloutState state, int stage) {
        String reason = state == RolloutState.PAUSED || state == RolloutState.SCHEDULED ? "by bob" : "";
        String all = fields.contains("stages") ? fields : fields + ",\"stages\":[100]";
        return rollout(definition(all), null, List.of(FILE), state, reason, stage, "12:00");
    }

    private static Rollout rollout(
            Definition definition,
            @Nullable Long undoes,
            List<Release> releases,
            RolloutState state,
            String reason,
            int stage,
            String began) {
        return new Rollout(
                1,
                "r",
                definition,
                undoes,
                releases,
                state,
                reason,
                stage,
                NOW,
                Instant.parse("2026-03-01T" + began + ":00Z"),
                0,
                null,
                0);
    }

    @ParameterizedTest(name = "offered {0}, took {1} before, others get {2}: {3}")
    @CsvSource(
            nullValues = "-",
            value = {
                "1.bin, -, 1.bin",
                "2.bin, -, 2.bin",
                "2.bin, o.bin, 2.bin",
                "9.bin, -, it isn't known what the board took before or no path holds that any more",
                "-, -, it isn't known what the board took before or no path holds that any more",
                "9.bin, o.bin, o.bin",
                "-, o.bin, o.bin",
                "nothing, o.bin, the board wasn't offered what it takes back"
            })
    void goesBackToWhatABoardTookBefore(String before, String otherwise, String expected) {
        List<Release> releases = new ArrayList<>(List.of(release("1.bin"), release("2.bin")));
        if (otherwise != null) {
            releases.add(release(otherwise));
        }
        String json = "{" + (otherwise == null ? "" : "\"file\":\"" + otherwise + "\",")
                + "\"replaces\":[\"2\"],\"stages\":[100]}";
        Rollout rollout = rollout(DefinitionJson.stored(json), 7L, releases, RolloutState.RUNNING, "", 0, "12:00");
        Board board = new Board(
                null,
                null,
                Objects.equals(before, "nothing")
                        ? Map.of()
                        : Map.of(7L, new Board.Trial(before, 1, true, false, null)));

        Release release = rollout.release(board);
        String why = RolloutRules.objection(rollout, "b", board, Set.of(), NOW, (group, id) -> false, () -> true);

        assertEquals(
                expected,
                release == null
                        ? String.valueOf(why).replace(",", "")
                        : release.path().value());
        assertEquals(release == null, why != null);
    }

    private static Release release(String path) {
        return new Release(new FilePath(path), path, null, null);
    }

    private static Definition definition(String fields) {
        return DefinitionJson.parse(
                "{\"file\":\"f.bin\",\"replaces\":[\"1\"]" + (fields.isEmpty() ? "" : "," + fields) + "}");
    }
}
