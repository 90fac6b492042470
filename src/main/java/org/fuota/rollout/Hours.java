package org.fuota.rollout;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * The hours of the day in which boards are offered something for the first time, by wall clock in a zone, from inclusive to exclusive;
 * they may cross midnight. An hour that the clock has twice in a night counts twice, and one that it leaves out doesn't come.
 *
 * @param from null, like to, for all day
 */
record Hours(@Nullable LocalTime from, @Nullable LocalTime to, ZoneId zone) {
    boolean contain(Instant now) {
        if (from == null || to == null) {
            return true;
        }
        LocalTime time = now.atZone(zone).toLocalTime();
        boolean isAfterFrom = !time.isBefore(from);
        boolean isBeforeTo = time.isBefore(to);
        return from.isBefore(to) ? isAfterFrom && isBeforeTo : isAfterFrom || isBeforeTo;
    }

    @Override
    public String toString() {
        return from == null ? "all day" : from + "-" + to + " " + zone;
    }
}
