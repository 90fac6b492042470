package org.fuota.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.fuota.device.DeviceRow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What polls change, and what is learned of them. */
class DeviceStatusTest {
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    # polls                                                       | events
                    0 1                                                           | 0 seen >1
                    0 - malformed                                                 | 0 seen >
                    0 1 offered a.bin                                             | 0 seen >1; 0 offered >a.bin
                    0 1; 9 1; 19 1                                                | 0 seen >1
                    0 1 offered a.bin; 9 1 offered a.bin                          | 0 seen >1; 0 offered >a.bin
                    0 1; 9 2                                                      | 0 seen >1; 9 version 1>2
                    0 - malformed; 9 2                                            | 0 seen >; 9 version >2
                    0 1; 9 - malformed; 10 1                                      | 0 seen >1; 9 answer no_update>malformed; 10 answer malformed>no_update
                    0 1 unknown_device; 9 1                                       | 0 seen >1; 9 answer unknown_device>no_update
                    0 1; 9 1 trouble; 10 1 trouble; 20 1                          | 0 seen >1
                    0 1; 9 1 offered a.bin                                        | 0 seen >1; 9 offered >a.bin
                    0 1 offered a.bin; 9 1 offered b.bin                          | 0 seen >1; 0 offered >a.bin; 9 offered a.bin>b.bin
                    0 1 offered a.bin; 9 2                                        | 0 seen >1; 0 offered >a.bin; 9 updated 1>2
                    0 1 offered a.bin; 9 2 offered b.bin; 10 3                    | 0 seen >1; 0 offered >a.bin; 9 updated 1>2; 9 offered a.bin>b.bin; 10 updated 2>3
                    0 1 offered a.bin; 9 2; 10 3                                  | 0 seen >1; 0 offered >a.bin; 9 updated 1>2; 10 version 2>3
                    0 1 offered a.bin; 9 2; 10 1 offered a.bin; 20 1 offered a.bin; 30 2 | 0 seen >1; 0 offered >a.bin; 9 updated 1>2; 10 reverted 2>1; 30 updated 1>2
                    0 1 offered a.bin; 9 1; 10 1 offered a.bin                    | 0 seen >1; 0 offered >a.bin; 9 answer offered>no_update; 10 answer no_update>offered
                    0 1 @10.0.0.1; 9 1 @10.0.0.2; 10 1 @10.0.0.2                  | 0 seen >1; 9 address 10.0.0.1>10.0.0.2
                    0 1; 1 2; 2 1; 3 2; 4 1; 5 2 | 0 seen >1; 1 version 1>2; 2 version 2>1; 3 version 1>2; 4 version 2>1; 4 clone >version flips between 2 and 1; 5 version 1>2
                    """)
    void tellsWhatChanged(String polls, String events) {
        assertEquals(events, Script.events(polls));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    0 1                                                            | none
                    0 1; 9 2                                                       | none
                    0 1 offered a.bin; 9 1 offered a.bin                           | none
                    0 1 offered a.bin; 9 2                                         | a 2
                    0 1 offered a.bin; 9 1 file_missing; 10 2                      | a 2
                    0 1 offered a.bin; 9 2 offered b.bin; 10 3                     | a 2, b 3
                    # Only the first after an offer counts.
                    0 1 offered a.bin; 9 2; 10 3; 11 1 offered a.bin; 12 4         | a 2
                    # Of a board behind two uplinks.
                    0 1 @a; 1 1 @b; 2 1 @a; 3 1 @b; 4 1 @a; 5 1 offered a.bin @b; 6 2 @a | a 2
                    # Nothing is learned of clones.
                    0 1; 1 2; 2 1; 3 2; 4 1 offered a.bin; 5 2                     | none
                    """)
    void learnsWhatAFileReports(String polls, String reports) {
        String learned = String.join(
                ", ",
                Script.steps(polls).stream()
                        .flatMap(step -> step.reports().stream())
                        .map(report -> report.sha256().charAt(0) + " " + report.appVersion())
                        .toList());

        assertEquals(reports, learned.isEmpty() ? "none" : learned);
    }

    @Test
    void learnsNothingOfAFileThatCannotBeRead() {
        Sighting offered = Script.sightings("0 1 offered a.bin").get(0);
        DeviceStatus status =
                DeviceStatus.first("1", Script.offering(null, offered)).status();

        assertEquals(List.of(), status.after(Script.sightings("9 2").get(0)).reports());
    }

    @Test
    void beginsAnewWhenOtherBytesAreOffered() {
        Sighting offered = Script.sightings("0 1 offered a.bin").get(0);
        Sighting again = Script.sightings("9 1 offered a.bin").get(0);

        DeviceStatus status = DeviceStatus.first("1", offered).status();

        assertEquals(2, offers(status.after(again).status()));
        assertEquals(2, offers(status.after(Script.offering(null, again)).status()), "not known to be others");
        assertEquals(
                1,
                offers(status.after(Script.offering(Script.offered("b"), again)).status()));
    }

    @Test
    void countsEqualPollsAsIfOneByOne() {
        DeviceStatus one =
                Script.status("0 1 offered a.bin; 10 1 offered a.bin; 20 1 offered a.bin; 30 1 offered a.bin");
        Sighting first = Script.sightings("0 1 offered a.bin").get(0);
        Sighting run = Script.sightings("10 1 offered a.bin")
                .get(0)
                .and(Script.sightings("20 1 offered a.bin").get(0))
                .and(Script.sightings("30 1 offered a.bin").get(0));

        DeviceStatus together =
                DeviceStatus.first("1", first).status().after(run).status();

        assertEquals(one, together);
    }

    @ParameterizedTest(name = "{0} at {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
                    # polls                                           | now   | flips: of the version, it is a clone; of the address alone, perhaps two uplinks
                    0 1; 1 2; 2 1                                     | 3     |
                    0 1; 1 2; 2 1; 3 2                                | 3     |
                    0 1; 1 2; 2 1; 3 2; 4 1                           | 5     | version flips between 2 and 1
                    0 1; 1 2; 2 1; 3 2; 4 1; 5 1; 6 1                 | 7     | version flips between 2 and 1
                    0 1; 1 2; 2 1; 3 2; 4 1                           | 86404 | version flips between 2 and 1
                    0 1; 1 2; 2 1; 3 2; 4 1                           | 86405 |
                    0 1; 1 2; 2 1; 3 2; 90000 1                       | 90001 |
                    0 1; 1 2; 2 3; 3 4; 4 5; 5 6                      | 7     |
                    0 1; 1 2; 2 1; 3 3; 4 1; 5 3                      | 6     | version flips between 1 and 3
                    0 1 @a; 1 1 @b; 2 1 @a; 3 1 @b                    | 3     |
                    0 1 @a; 1 1 @b; 2 1 @a; 3 1 @b; 4 1 @a            | 5     | address flips between b and a
                    0 1 @a; 1 2 @b; 2 1 @a; 3 2 @b; 4 1 @a            | 5     | version flips between 2 and 1, address flips between b and a
                    """)
    void flagsClones(String polls, long now, @Nullable String evidence) {
        DeviceStatus status = Objects.requireNonNull(Script.status(polls));

        assertEquals(evidence != null && evidence.startsWith("version"), status.isClone(Script.at(now)));
        assertEquals(Objects.requireNonNullElse(evidence, ""), status.flips(Script.at(now)));
    }

    /** The polls as they are told, by two nodes, of which one is late. */
    @ParameterizedTest(name = "{0}: {1}, {2}")
    @CsvSource(delimiter = '|', textBlock = """
                    # told                                           | then                            | events
                    9 2; 0 1                                         | 2 polls 2                       | 9 seen >2
                    0 1; 9 2; 5 1                                    | 2 polls 3                       | 0 seen >1; 9 version 1>2
                    0 1; 9 1 @b; 5 1 file_missing @a                 | 1 polls 3                       | 0 seen >1; 9 address 10.0.0.1>b
                    9 - malformed; 0 1                               | 1 polls 2                       | 9 seen >
                    # the same offer, counted; and since when
                    9 1 offered a.bin; 0 1 offered a.bin             | 1 polls 2, a.bin 0 to 9 x2      | 9 seen >1; 9 offered >a.bin
                    0 1 offered a.bin; 9 1 offered a.bin; 5 1 offered a.bin | 1 polls 3, a.bin 0 to 9 x3 | 0 seen >1; 0 offered >a.bin
                    # an offer of which nothing was known, with what came of it
                    9 1; 0 1 offered a.bin                           | 1 polls 2, a.bin 0 to 0 x1      | 9 seen >1; 0 offered >a.bin
                    9 2; 0 1 offered a.bin                           | 2 polls 2, a.bin 0 to 0 x1 updated 2 at 9 | 9 seen >2; 0 offered >a.bin; 9 updated 1>2, not 9 version >2
                    0 1; 9 2; 5 1 offered a.bin                      | 2 polls 3, a.bin 5 to 5 x1 updated 2 at 9 | 0 seen >1; 9 version 1>2; 5 offered >a.bin; 9 updated 1>2, not 9 version >2
                    0 2; 9 2; 5 1 offered a.bin                      | 2 polls 3, a.bin 5 to 5 x1 updated 2 at 9 | 0 seen >2; 5 offered >a.bin; 9 updated 1>2
                    0 1 offered a.bin; 9 2; 5 1 offered b.bin        | 2 polls 3, b.bin 5 to 5 x1 updated 2 at 9 | 0 seen >1; 0 offered >a.bin; 9 updated 1>2; 5 offered a.bin>b.bin
                    # an older offer than the known one
                    9 1 offered b.bin; 0 1 offered a.bin             | 1 polls 2, b.bin 9 to 9 x1      | 9 seen >1; 9 offered >b.bin
                    # what came of the known offer
                    0 1 offered a.bin; 9 1; 5 2                      | 1 polls 3, a.bin 0 to 0 x1 updated 2 at 5, reverted at 9 | 0 seen >1; 0 offered >a.bin; 9 answer offered>no_update; 5 updated 1>2; 9 reverted 2>1
                    0 1 offered a.bin; 9 3; 5 2                      | 3 polls 3, a.bin 0 to 0 x1 updated 2 at 5 | 0 seen >1; 0 offered >a.bin; 9 updated 1>3
                    0 1 offered a.bin; 5 2; 9 2; 7 3                 | 2 polls 4, a.bin 0 to 0 x1 updated 2 at 5 | 0 seen >1; 0 offered >a.bin; 5 updated 1>2
                    0 1 offered a.bin; 5 2; 20 1; 9 2                | 1 polls 4, a.bin 0 to 0 x1 updated 2 at 5, reverted at 20 | 0 seen >1; 0 offered >a.bin; 5 updated 1>2; 20 reverted 2>1
                    5 1 offered a.bin; 9 1; 0 2                      | 1 polls 3, a.bin 5 to 5 x1      | 5 seen >1; 5 offered >a.bin; 9 answer offered>no_update
                    # trouble is no news
                    0 1; 9 1; 5 1 trouble                            | 1 polls 3                       | 0 seen >1
                    # the order alone is mixed: no clone
                    1 1; 3 2; 2 1; 5 2; 4 2; 9 2; 6 2; 7 2           | 2 polls 8                       | 1 seen >1; 3 version 1>2
                    """)
    void mergesWhatIsToldLate(String told, String then, String events) {
        assertEquals(then, text(Objects.requireNonNull(Script.status(told))));
        assertEquals(events, Script.events(told));
    }

    /** However the polls of a board are told, the board ends where it does when they are told in order. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "0 1; 1 1; 2 1; 3 1; 4 1",
                "0 1; 1 1; 2 2; 3 2; 4 2; 5 2",
                "0 1; 1 1 offered a.bin; 2 1 offered a.bin; 3 1 offered a.bin; 4 1 offered a.bin",
                "0 1; 1 1; 2 1 offered a.bin; 3 1 offered a.bin; 4 2; 5 2",
                "0 1 offered a.bin; 1 1 offered b.bin; 2 1 offered b.bin; 3 2; 4 2",
                "0 1 offered a.bin; 1 2; 2 2 offered b.bin; 3 3; 4 3",
                "0 1 @a; 1 1 offered a.bin @b; 2 1 trouble @a; 3 2 @b; 4 2 @a",
                "0 - malformed; 1 1; 2 1 file_missing; 3 1 offered a.bin; 4 2"
            })
    void endsAlikeInWhateverOrder(String polls) {
        List<Sighting> sightings = Script.sightings(polls);
        String inOrder = end(sightings);

        permutations(sightings).forEach(told -> assertEquals(inOrder, end(told), () -> "told as " + told));
    }

    /** An update and its rollback, both told before the only offer, aren't known for what they are. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "0 1; 1 1 offered a.bin; 2 1 offered a.bin; 3 2; 4 2; 5 1 offered a.bin; 6 1 offered a.bin",
                "0 1; 1 1 offered a.bin; 2 1 offered a.bin; 3 2; 4 1; 5 1",
            })
    void endsAlikeWhicheverPollIsLate(String polls) {
        List<Sighting> sightings = Script.sightings(polls);
        String inOrder = end(sightings);

        for (int late = 0; late < sightings.size(); late++) {
            for (int after = late + 1; after < sightings.size(); after++) {
                List<Sighting> told = new ArrayList<>(sightings);
                told.add(after, told.remove(late));
                assertEquals(inOrder, end(told), () -> "told as " + told);
            }
        }
    }

    private static List<List<Sighting>> permutations(List<Sighting> sightings) {
        if (sightings.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Sighting>> all = new ArrayList<>();
        for (Sighting first : sightings) {
            List<Sighting> others = new ArrayList<>(sightings);
            others.remove(first);
            permutations(others).forEach(rest -> {
                List<Sighting> told = new ArrayList<>(List.of(first));
                told.addAll(rest);
                all.add(told);
            });
        }
        return all;
    }

    /** Without since when, which isn't always known. */
    private static String end(List<Sighting> told) {
        DeviceStatus status = Script.steps(told).get(told.size() - 1).status();
        Offer offer = status.offer();
        State state = new StateRules(FleetSettings.DEFAULT)
                .conclude(new DeviceRow("1", "1", "a.bin"), Script.START, status, true, status.lastSeen())
                .state();
        return state + " " + status.appVersion() + " " + status.polls() + " " + status.lastSeen() + " "
                + status.answer()
                + " " + status.remoteAddress() + " " + status.firstSeen() + " " + status.isClone(Script.at(9))
                + (offer == null
                        ? ""
                        : " " + offer.file() + " x" + offer.count() + " " + offer.since() + " " + offer.last() + " "
                                + offer.isUpdated() + " " + offer.isReverted());
    }

    private static String text(DeviceStatus status) {
        Offer offer = status.offer();
        return status.appVersion() + " polls " + status.polls()
                + (offer == null
                        ? ""
                        : ", " + offer.file() + " " + second(offer.since().at()) + " to "
                                + second(offer.last().at()) + " x" + offer.count()
                                + (offer.updatedAt() == null
                                        ? ""
                                        : " updated " + offer.updatedTo() + " at " + second(offer.updatedAt()))
                                + (offer.revertedAt() == null ? "" : ", reverted at " + second(offer.revertedAt())));
    }

    private static long second(Instant at) {
        return Script.START.until(at, ChronoUnit.SECONDS);
    }

    private static long offers(DeviceStatus status) {
        return Objects.requireNonNull(status.offer()).count();
    }
}
