package org.fuota.evidence;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How often a value came back that had just gone: once is a rollback, again and again is two boards with one id.
 *
 * @param before the value before the present one, or null
 * @param count how often, each within a day of the one before
 * @param last when last, or null
 */
public record Flips(
        @Nullable String before, long count, @Nullable Instant last) {
    /** So many, the last of them not longer ago than {@link #REMEMBERED}, aren't a rollback any more. */
    public static final long MANY = 3;

    public static final Duration REMEMBERED = Duration.ofDays(1);

    static Flips none() {
        return new Flips(null, 0, null);
    }

    Flips changed(String from, String to, Instant at) {
        if (!to.equals(before)) {
            return new Flips(from, count, last);
        }
        return new Flips(from, isRecent(at) ? count + 1 : 1, at);
    }

    boolean isMany(Instant now) {
        return count >= MANY && isRecent(now);
    }

    private boolean isRecent(Instant now) {
        return last != null && Duration.between(last, now).compareTo(REMEMBERED) <= 0;
    }
}
