package org.fuota.rollout;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Counts of rollouts for those who look: kept for as long as it takes that counting costs at most one part in so many of the time. */
final class Tallies {
    private static final int SHARE = 20;

    private final TrialStore trials;
    private final Supplier<Long> served;
    private final LongSupplier nanoTime;
    private final Map<Long, Kept> kept = new ConcurrentHashMap<>();

    /** @param rollout as it was then */
    private record Kept(Rollout rollout, Tally tally, long untilNanos) {}

    /**
     * @param served how long was served by now
     * @param nanoTime a running time in nanoseconds, such as {@link System#nanoTime}
     */
    Tallies(TrialStore trials, Supplier<Long> served, LongSupplier nanoTime) {
        this.trials = trials;
        this.served = served;
        this.nanoTime = nanoTime;
    }

    Tally of(Rollout rollout) {
        long begunNanos = nanoTime.getAsLong();
        Kept known = kept.get(rollout.number());
        if (known != null && known.untilNanos() - begunNanos > 0 && isAsItWas(rollout, known.rollout())) {
            return known.tally();
        }
        Tally tally = trials.tally(rollout, served.get());
        long nowNanos = nanoTime.getAsLong();
        kept.put(rollout.number(), new Kept(rollout, tally, nowNanos + SHARE * (nowNanos - begunNanos)));
        return tally;
    }

    /** In all that counts go by. */
    private static boolean isAsItWas(Rollout rollout, Rollout before) {
        return rollout.state() == before.state()
                && rollout.stage() == before.stage()
                && Objects.equals(rollout.resumed(), before.resumed());
    }
}
