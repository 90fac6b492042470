package org.fuota.evidence;

import java.time.Duration;
import java.time.Instant;

/**
 * A moment by two measures: the clock's, which tells people when, and that of the time in which polls could be answered,
 * which tells for how long.
 *
 * @param served milliseconds, of {@code ServedTime}
 */
public record Moment(Instant at, long served) {
    /** How long polls could be answered since then; negative when that moment is later. */
    Duration since(Moment earlier) {
        return Duration.ofMillis(served - earlier.served);
    }

    boolean isBefore(Moment other) {
        return served < other.served;
    }
}
