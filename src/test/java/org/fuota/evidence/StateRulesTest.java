package org.fuota.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.fuota.device.DeviceRow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The conclusions, for a device whose row is as old as its history: assigned at second 0, unless it says otherwise. */
class StateRulesTest {
    private static final StateRules RULES = new StateRules(new FleetSettings(3, Duration.ofSeconds(600), 5, 10));

    /**
     * Row, whether its file is there, the second of its assignment, the device's polls, and the present; then what follows,
     * and since which second.
     */
    @ParameterizedTest(name = "{0} {1} {2} | {3} | {4}: {5} since {6}")
    @CsvSource(delimiter = '|', textBlock = """
                    # row   | there | assigned | polls                                                   | now   | state       | since
                    1>a.bin | yes   | 7 |                                                                | 99    | unseen      | 7
                    1>a.bin | yes   |   |                                                                | 99    | unseen      |
                    1>a.bin | no    | 7 |                                                                | 99    | unavailable | 7

                            | no    |   | 10 1 unknown_device; 20 1 unknown_device                       | 30    | discovered  | 10
                            | no    |   | 10 1 unknown_device                                            | 99999 | discovered  | 10
                            | no    |   | 0 1 offered a.bin; 9 2; 20 2 unknown_device                    | 30    | discovered  | 0

                    1>a.bin | yes   | 0 | 10 2                                                           | 20    | waiting     | 10
                    1>a.bin | yes   | 15| 10 2                                                           | 20    | waiting     | 15
                    1>a.bin | yes   | 0 | 10 2; 20 3                                                     | 20    | waiting     | 20
                    1>a.bin | yes   | 0 | 10 - malformed                                                 | 20    | waiting     | 0
                    # Its version is the one, but it has not polled since the assignment, or since the file came.
                    1>a.bin | yes   | 15| 10 1 unknown_device                                            | 20    | waiting     | 15
                    1>a.bin | yes   | 15| 10 1 offered b.bin                                             | 20    | waiting     | 15
                    1>a.bin | yes   | 0 | 10 1 file_missing                                              | 20    | waiting     | 10
                    1>a.bin | yes   | 0 | 10 1 trouble                                                   | 20    | waiting     | 10
                    # Took what it was offered before the row was changed, so this one never reaches it.
                    1>a.bin | yes   | 15| 10 1 offered b.bin; 20 2                                       | 30    | waiting     | 20

                    1>a.bin | no    | 7 | 10 1 file_missing                                              | 20    | unavailable | 10
                    1>a.bin | no    | 15| 10 1 file_missing                                              | 20    | unavailable | 15
                    1>a.bin | no    | 7 | 10 2                                                           | 20    | unavailable | 7
                    1>a.bin | no    | 7 | 10 1 offered a.bin; 20 1 file_missing                          | 30    | unavailable | 20

                    1>a.bin | yes   | 0 | 10 1 offered a.bin                                             | 20    | offered     | 10
                    1>a.bin | yes   | 0 | 10 1 offered a.bin; 20 1 offered a.bin; 30 1 offered a.bin     | 40    | offered     | 10
                    1>a.bin | yes   | 0 | 10 1 offered a.bin; 700 1 offered a.bin                        | 701   | offered     | 10
                    1>a.bin | yes   | 0 | 10 1 offered a.bin; 20 - malformed; 30 1 trouble               | 40    | offered     | 10

                    1>a.bin | yes   | 0 | 10 1 offered a.bin; 300 1 offered a.bin; 610 1 offered a.bin   | 611   | stuck       | 10
                    1>a.bin | yes   | 0 | 10 1 offered a.bin; 300 1 offered a.bin; 609 1 offered a.bin   | 611   | offered     | 10
                    # Another file begins anew; the row's version too.
                    1>b.bin | yes   | 0 | 1 1 offered a.bin; 500 1 offered a.bin; 900 1 offered b.bin    | 901   | offered     | 900
                    2>a.bin | yes   | 0 | 1 1 offered a.bin; 500 1 offered a.bin; 900 2 offered a.bin    | 901   | offered     | 900

                    1>a.bin | yes   | 0 | 10 1 offered a.bin; 20 2                                       | 30    | updated     | 20
                    1>a.bin | yes   | 0 | 10 1 offered a.bin; 20 2; 30 3                                 | 40    | updated     | 20
                    1>a.bin | no    | 0 | 10 1 offered a.bin; 20 2                                       | 30    | updated     | 20
                    2>b.bin | yes   | 0 | 10 1 offered a.bin; 20 2 offered b.bin; 30 3                   | 40    | updated     | 30
                    1>a.bin | yes   | 0 | 9 1 offered a.bin; 20 2; 30 1 offered a.bin; 40 2              | 50    | updated     | 40

                    1>a.bin | yes   | 0 | 10 1 offered a.bin; 20 2; 30 1 offered a.bin                   | 40    | reverted    | 30
                    1>a.bin | yes   | 0 | 10 1 offered a.bin; 20 2; 30 1 trouble                         | 40    | reverted    | 30
                    1>a.bin | no    | 0 | 10 1 offered a.bin; 20 2; 30 1 file_missing                    | 40    | reverted    | 30
                    1>a.bin | yes   | 0 | 0 1 offered a.bin; 20 2; 30 1 offered a.bin; 700 1 offered a.bin | 701 | reverted    | 30
                    1>b.bin | yes   | 35| 10 1 offered a.bin; 20 2; 30 1 offered a.bin                   | 40    | waiting     | 35

                    # Five gaps of 60 s; known from the third gap on.
                    1>a.bin | yes   | 0 | 0 2; 60 2; 120 2; 180 2                                        | 480   | waiting     | 0
                    1>a.bin | yes   | 0 | 0 2; 60 2; 120 2; 180 2                                        | 481   | silent      | 180
                    1>a.bin | yes   | 0 | 0 2; 60 2; 120 2                                               | 99999 | waiting     | 0
                    1>a.bin | no    | 0 | 0 2; 60 2; 120 2; 180 2                                        | 999   | silent      | 180
                    1>a.bin | yes   | 0 | 0 1 offered a.bin; 60 1 offered a.bin; 120 1 offered a.bin; 180 1 offered a.bin | 999 | silent | 180
                    1>a.bin | yes   | 0 | 0 1 offered a.bin; 60 2; 120 2; 180 1 offered a.bin            | 999   | silent      | 180
                    # Without a row, too.
                            | no    |   | 0 2 unknown_device; 60 2 unknown_device; 120 2 unknown_device; 180 2 unknown_device | 480 | discovered | 0
                            | no    |   | 0 2 unknown_device; 60 2 unknown_device; 120 2 unknown_device; 180 2 unknown_device | 481 | silent | 180
                    # Updated, and then silent: the image may have bricked it. Withdrawing that hides nothing.
                    1>a.bin | yes   | 0 | 0 1 offered a.bin; 60 1 offered a.bin; 120 2; 180 2            | 480   | updated     | 120
                    1>a.bin | yes   | 0 | 0 1 offered a.bin; 60 1 offered a.bin; 120 2; 180 2            | 481   | updated_silent | 180
                    1>a.bin | no    | 0 | 0 1 offered a.bin; 60 1 offered a.bin; 120 2; 180 2            | 481   | updated_silent | 180
                            | no    |   | 0 1 offered a.bin; 60 1 offered a.bin; 120 2; 180 2 unknown_device | 481 | updated_silent | 180
                    # Its row offers another file, which it never took.
                    1>b.bin | yes   | 0 | 0 1 offered a.bin; 60 1 offered a.bin; 120 2; 180 2            | 999   | silent      | 180
                    2>a.bin | yes   | 0 | 0 1 offered a.bin; 60 1 offered a.bin; 120 2; 180 2            | 999   | silent      | 180
                    1>a.bin | yes   | 0 | 0 2; 60 2; 120 2; 180 2; 9000 2                                | 9001  | waiting     | 0
                    # A clock that was set back.
                    1>a.bin | yes   | 0 | 1000 2; 1060 2; 1120 2; 1180 2; 5 2                            | 6     | waiting     | 1000
                    """)
    void concludes(
            @Nullable String row,
            String there,
            @Nullable Long assigned,
            @Nullable String polls,
            long now,
            String state,
            @Nullable Long since) {
        FleetDevice device =
                device(row, assigned, Optional.ofNullable(polls).orElse(""), there.equals("yes"), Script.moment(now));

        Conclusion conclusion = device.conclusion();
        assertEquals(state, conclusion.state().label(), Evidence.of(device, Script.at(now)));
        assertEquals(since == null ? null : Script.at(since), conclusion.since());
    }

    @ParameterizedTest(name = "{1}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
                    1>a.bin | | 99 | was assigned a.bin at 2026-01-01T00:00:05Z, and never polled
                            | 10 1 unknown_device | 20 | polls, reports version 1, and has no assignment
                            | 10 - malformed | 20 | polls, reports no valid version, and has no assignment
                    1>a.bin | 10 a\u202eb | 20 | reports version a%E2%80%AEb; its assignment offers a.bin to version 1 only
                    1>a.bin | 10 1 unknown_device | 20 | reports version 1, and hasn't polled since it was assigned a.bin: its next poll is offered it
                    1>a.bin | 10 1 offered a.bin | 20 | was offered a.bin at version 1 once since 2026-01-01T00:00:10Z, and still reports version 1
                    1>a.bin | 10 1 offered a.bin; 20 1 offered a.bin; 30 2 | 40 | was offered a.bin at version 1 2 times, last at 2026-01-01T00:00:20Z, and reports version 2 since 2026-01-01T00:00:30Z
                    1>a.bin | 10 1 offered a.bin; 20 2; 30 1 | 40 | was offered a.bin at version 1 once, reported version 2 at 2026-01-01T00:00:20Z, and version 1 again since 2026-01-01T00:00:30Z
                    1>a.bin | 0 1; 60 1; 120 1; 180 1 | 999 | polled last at 2026-01-01T00:03:00Z, reports version 1, and usually polls every 60 s
                            | 0 1; 60 1; 120 1; 180 1 | 999 | polled last at 2026-01-01T00:03:00Z, reports version 1, and usually polls every 60 s
                    1>a.bin | 0 1 offered a.bin; 60 2; 120 2; 180 2 | 999 | was offered a.bin at version 1 once, reported version 2 at 2026-01-01T00:01:00Z, and hasn't polled since 2026-01-01T00:03:00Z, though it usually does every 60 s
                    1>a.bin | 0 2 @a; 1 2 @b; 2 2 @a; 3 2 @b; 4 2 @a | 5 | reports version 2; its assignment offers a.bin to version 1 only; perhaps behind two uplinks: address flips between b and a
                    1>a.bin | 0 1; 1 2; 2 1; 3 2; 4 1 | 5 | reports version 1, and hasn't polled since it was assigned a.bin: its next poll is offered it; perhaps two boards with one id: version flips between 2 and 1
                    """)
    void saysWhy(@Nullable String row, @Nullable String polls, long now, String evidence) {
        FleetDevice device = device(row, 5L, Optional.ofNullable(polls).orElse(""), true, Script.moment(now));

        assertEquals(evidence, Evidence.of(device, Script.at(now)));
    }

    /** The clock's second, and the second of the time in which polls could be answered. */
    @ParameterizedTest(name = "{0} at {1}, of which {2} were served: {3}")
    @CsvSource(delimiter = '|', textBlock = """
                    # polls, which were a minute of served time apart                | now    | served | state
                    0 2; 60 2; 120 2; 180 2                                          | 99999  | 480    | waiting
                    0 2; 60 2; 120 2; 180 2                                          | 10     | 480    | waiting
                    0 2; 60 2; 120 2; 180 2                                          | 99999  | 481    | silent
                    0 2; 60 2; 120 2; 180 2                                          | 10     | 481    | silent
                    # The clock was set within: neither a gap, nor a reason to be stuck.
                    0 2; 60 2; 90120 2; 90180 2                                      | 90480  | 481    | silent
                    0 1 offered a.bin; 60 1 offered a.bin; 90120 1 offered a.bin     | 90121  | 121    | offered
                    90000 1 offered a.bin; 60 1 offered a.bin; 120 1 offered a.bin   | 121    | 121    | offered
                    """)
    void goesByTheTimeInWhichItCouldHear(String polls, long now, long served, String state) {
        DeviceStatus status = null;
        long minute = 0;
        for (Sighting seen : Script.sightings(polls)) {
            Moment moment = new Moment(seen.first().at(), 60_000 * minute++);
            Sighting sighting = new Sighting(
                    seen.appVersion(),
                    seen.answer(),
                    seen.file(),
                    seen.offered(),
                    seen.remoteAddress(),
                    moment,
                    moment,
                    1);
            status = (status == null ? DeviceStatus.first("1", sighting) : status.after(sighting)).status();
        }
        DeviceRow row = new DeviceRow("1", "1", "a.bin");

        assertEquals(
                state,
                RULES.conclude(row, null, status, true, new Moment(Script.at(now), served * 1000))
                        .state()
                        .label());
    }

    @Test
    void saysThatTheFileIsMissing() {
        assertEquals(
                "its update file a.bin isn't there",
                Evidence.of(device("1>a.bin", null, "", false, Script.moment(0)), Script.at(0)));
    }

    @Test
    void hasNothingToConcludeFromNothing() {
        assertThrows(IllegalArgumentException.class, () -> RULES.conclude(null, null, null, true, Script.moment(0)));
    }

    /** Until then nothing but a poll can change it. */
    @ParameterizedTest(name = "{0} at {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
                    # polls                   | now | to be concluded anew at, in milliseconds
                                              | 9   |
                    0 2; 60 2; 120 2          | 130 |
                    0 2; 60 2; 120 2; 180 2   | 190 | 480001
                    0 2; 60 2; 120 2; 180 2   | 481 |
                    """)
    void tellsWhenItWillBeSilent(@Nullable String polls, long now, @Nullable Long checkAt) {
        FleetDevice device = device("1>a.bin", null, Optional.ofNullable(polls).orElse(""), true, Script.moment(now));

        assertEquals(checkAt, device.conclusion().checkAt());
        if (checkAt != null) {
            Moment just = new Moment(Script.at(now), checkAt - 1);
            Moment then = new Moment(Script.at(now), checkAt);
            assertEquals(
                    device.conclusion().state(),
                    RULES.conclude(device.row(), null, device.status(), true, just)
                            .state());
            assertEquals(
                    State.SILENT,
                    RULES.conclude(device.row(), null, device.status(), true, then)
                            .state());
        }
    }

    private static FleetDevice device(
            @Nullable String row, @Nullable Long assigned, String polls, boolean isFileThere, Moment now) {
        DeviceRow deviceRow = row == null ? null : new DeviceRow("1", row.split(">")[0], row.split(">")[1]);
        Instant assignedAt = assigned == null ? null : Script.at(assigned);
        DeviceStatus status = Script.status(polls);
        return new FleetDevice(
                "1", deviceRow, assignedAt, status, RULES.conclude(deviceRow, assignedAt, status, isFileThere, now));
    }
}
