package org.fuota.evidence;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How often a device polls: its last gaps. The usual one is their median, so that one outage, or one retry, changes
 * nothing, and a new interval is learned within a few polls.
 *
 * @param millis newest last
 */
public record Gaps(List<Long> millis) {
    private static final int KEPT = 5;
    private static final int NEEDED = 3;

    public Gaps {
        millis = List.copyOf(millis);
    }

    static Gaps none() {
        return new Gaps(List.of());
    }

    /** With the gaps between a poll and the sighting that followed it, and within that. */
    Gaps after(Moment lastPoll, Sighting sighting) {
        List<Long> gaps = new ArrayList<>(millis);
        add(gaps, sighting.first().since(lastPoll).toMillis());
        return new Gaps(gaps).within(sighting);
    }

    /** With the gaps within a sighting, taken as equal. */
    Gaps within(Sighting sighting) {
        List<Long> gaps = new ArrayList<>(millis);
        long between = sighting.polls() - 1;
        for (long i = 0; i < Math.min(between, KEPT); i++) {
            add(gaps, sighting.last().since(sighting.first()).toMillis() / between);
        }
        return new Gaps(gaps);
    }

    /** Empty until there were a few. */
    public Optional<Duration> usual() {
        if (millis.size() < NEEDED) {
            return Optional.empty();
        }
        List<Long> sorted = new ArrayList<>(millis);
        Collections.sort(sorted);
        return Optional.of(Duration.ofMillis(sorted.get(sorted.size() / 2)));
    }

    public String text() {
        return millis.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    public static Gaps ofText(String text) {
        List<Long> gaps = new ArrayList<>(KEPT);
        for (String gap : text.isEmpty() ? new String[0] : text.split(",")) {
            gaps.add(Long.valueOf(gap));
        }
        return new Gaps(gaps);
    }

    private static void add(List<Long> gaps, long gap) {
        // Two nodes don't know to the millisecond what was served.
        if (gap < 0) {
            return;
        }
        gaps.add(gap);
        if (gaps.size() > KEPT) {
            gaps.remove(0);
        }
    }
}
