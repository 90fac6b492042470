package org.fuota.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttentionRulesTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    @ParameterizedTest(name = "from {0} until {1}")
    @CsvSource(delimiter = '|', textBlock = """
            # from               | until                | what
            2026-01-01T00:00:00Z | 2026-03-31T10:00:00Z |
            2026-01-01T00:00:00Z | 2026-03-31T09:59:59Z | warn null the certificate ends at 2026-03-31T09:59:59Z: 29 days left
            2026-01-01T00:00:00Z | 2026-03-08T10:00:00Z | warn null the certificate ends at 2026-03-08T10:00:00Z: 7 days left
            2026-01-01T00:00:00Z | 2026-03-08T09:59:59Z | bad null the certificate ends at 2026-03-08T09:59:59Z: 6 days left
            2026-01-01T00:00:00Z | 2026-03-02T10:00:00Z | bad null the certificate ends at 2026-03-02T10:00:00Z: 1 day left
            2026-01-01T00:00:00Z | 2026-03-01T10:00:00Z | bad null the certificate ends at 2026-03-01T10:00:00Z: 0 days left
            2026-01-01T00:00:00Z | 2026-03-01T09:59:59Z | bad 2026-03-01T09:59:59Z the certificate has expired at 2026-03-01T09:59:59Z
            2026-03-01T10:00:00Z | 2036-01-01T00:00:00Z |
            2026-03-01T10:00:01Z | 2036-01-01T00:00:00Z | bad null the certificate isn't valid before 2026-03-01T10:00:01Z by this server's clock
            """)
    void looksAtTheCertificate(Instant from, Instant until, @Nullable String what) {
        assertEquals(
                Optional.ofNullable(what),
                AttentionRules.certificate(new Node.Validity(from, until), NOW)
                        .map(concern ->
                                concern.fields().get("level") + " " + concern.since() + " " + concern.sentence()));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            # state        | boards | what
            updated_silent | 1      | bad: 1 board is silent since it updated: a bad image looks like this
            updated_silent | 12     | bad: 12 boards are silent since they updated: a bad image looks like this
            stuck          | 2      | bad: 2 boards are offered their file again and again, and don't take it
            reverted       | 1      | warn: 1 board went back to the version before its update
            unavailable    | 3      | warn: 3 boards are assigned a file that isn't there
            silent         | 9      |
            discovered     | 9      |
            stuck          | 0      |
            """)
    void looksAtStates(String state, long boards, @Nullable String what) {
        List<Concern> concerns = AttentionRules.boards(Map.of(state, boards), 0);

        assertEquals(
                Optional.ofNullable(what).orElse(""),
                concerns.stream()
                        .map(concern -> concern.fields().get("level") + ": " + concern.sentence())
                        .collect(Collectors.joining("\n")));
        concerns.forEach(concern -> assertEquals(boards, concern.devices()));
    }

    @Test
    void tellsOfFewFilesByTheirNames() {
        List<String> files = IntStream.range(0, 10).mapToObj(i -> i + ".bin").toList();

        assertEquals(
                "update file 0.bin is missing or damaged on the disk",
                AttentionRules.lost(files).get(0).sentence());
        assertEquals(10, AttentionRules.lost(files).size());
        List<String> more = new ArrayList<>(files);
        more.add("x.bin");
        assertEquals(
                List.of("11 update files are missing or damaged on the disk"),
                AttentionRules.lost(more).stream().map(Concern::sentence).toList());
    }

    @Test
    void tellsTheMostUrgentFirst() {
        List<Concern> concerns = new ArrayList<>(
                AttentionRules.boards(Map.of("reverted", 1L, "stuck", 2L, "updated_silent", 3L, "unavailable", 4L), 5));
        concerns.add(AttentionRules.certificate(new Node.Validity(Instant.EPOCH, NOW.plusSeconds(2_000_000)), NOW)
                .orElseThrow());
        concerns.add(AttentionRules.loop("a.bin", 2));
        concerns.add(AttentionRules.silent("hall", NOW));
        concerns.add(AttentionRules.silent("", NOW));
        concerns.add(AttentionRules.paused(new Offers.Pause("2.0.0", "by alice: holiday", NOW)));
        concerns.add(AttentionRules.paused(new Offers.Pause("3.0.0", "", NOW)));
        concerns.add(AttentionRules.stopped(new Offers.Stop(NOW, "all offers are stopped")));
        concerns.addAll(AttentionRules.lost(List.of("b.bin")));
        concerns.add(AttentionRules.notReady("the disk is full"));

        concerns.sort(AttentionRules.MOST_URGENT_FIRST);

        assertEquals(
                """
                not_ready null null: the disk is full
                stopped null null: all offers are stopped
                lost_file null b.bin: update file b.bin is missing or damaged on the disk
                rollout_paused null 2.0.0: rollout 2.0.0 is paused: by alice: holiday
                rollout_paused null 3.0.0: rollout 3.0.0 is paused
                silent_group null hall: many boards of group hall are silent since 2026-03-01T10:00:00Z
                silent_group null null: many boards are silent since 2026-03-01T10:00:00Z
                updated_silent 3 null: 3 boards are silent since they updated: a bad image looks like this
                loop 2 a.bin: 2 boards update for ever: update file a.bin reports the version that it is to replace
                stuck 2 null: 2 boards are offered their file again and again, and don't take it
                reverted 1 null: 1 board went back to the version before its update
                unavailable 4 null: 4 boards are assigned a file that isn't there
                certificate null null: the certificate ends at 2026-03-24T13:33:20Z: 23 days left
                clone 5 null: 5 boards have an id that two boards seem to use""",
                concerns.stream()
                        .map(concern -> concern.fields().get("kind") + " " + concern.devices() + " " + concern.subject()
                                + ": " + concern.sentence())
                        .collect(Collectors.joining("\n")));
    }
}
