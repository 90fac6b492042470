package org.fuota.rollout;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Which boards, of those that were seen lately, a stage is for; only as many as matter are looked for, and not each second. */
final class Candidates {
    private static final int PAGE = 1_000;
    private static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final TrialStore trials;
    private final RunningRollouts running;
    private final Supplier<Long> served;
    private final LongSupplier nanoTime;
    private final Map<Long, Found> found = new HashMap<>();

    /**
     * @param stage of which it was found
     * @param all of the stage and those before it; exact while there are few
     * @param added by this stage; exact while there are few
     */
    private record Found(int stage, long all, long added, long nanos) {}

    /**
     * @param served how long was served by now
     * @param nanoTime a running time in nanoseconds, such as {@link System#nanoTime}
     */
    Candidates(TrialStore trials, RunningRollouts running, Supplier<Long> served, LongSupplier nanoTime) {
        this.trials = trials;
        this.running = running;
        this.served = served;
        this.nanoTime = nanoTime;
    }

    /** How many boards there are up to its stage; at least as many as matter, where there are more. In served time, as silence is. */
    long inStage(Rollout rollout, Instant now) {
        return found(rollout, now).all();
    }

    /** The same of those that the stages before its own didn't have. */
    long addedByStage(Rollout rollout, Instant now) {
        return found(rollout, now).added();
    }

    private synchronized Found found(Rollout rollout, Instant now) {
        Found known = found.get(rollout.number());
        if (known == null || known.stage() != rollout.stage() || nanoTime.getAsLong() - known.nanos() > KEPT_NANOS) {
            known = find(rollout, now);
            found.put(rollout.number(), known);
        }
        return known;
    }

    private Found find(Rollout rollout, Instant now) {
        long enough = Math.max(rollout.definition().minBoards(), 10);
        long since = served.get() - Rollouts.LATELY.toMillis();
        long all = 0;
        long added = 0;
        for (String version : rollout.definition().replaces()) {
            String after = "";
            while (after != null && (all < enough || added < enough)) {
                List<TrialStore.Runner> page = trials.runners(rollout.undoes(), version, after, since, PAGE);
                for (TrialStore.Runner board : page) {
                    int stage = isOffered(rollout, board) ? stage(rollout, board.deviceId()) : Integer.MAX_VALUE;
                    all += stage <= rollout.stage() ? 1 : 0;
                    added += stage == rollout.stage() ? 1 : 0;
                }
                after = page.size() < PAGE ? null : page.get(page.size() - 1).deviceId();
            }
        }
        // Those of the stage that have it by now.
        Instant began = rollout.stageBegan();
        for (String deviceId : trials.idsBeyond(rollout, began == null ? now : began, PAGE)) {
            int stage = stage(rollout, deviceId);
            all += stage <= rollout.stage() ? 1 : 0;
            added += stage == rollout.stage() ? 1 : 0;
        }
        return new Found(rollout.stage(), all, added, nanoTime.getAsLong());
    }

    /** Who is held back, or counts for nothing, isn't waited for. */
    private static boolean isOffered(Rollout rollout, TrialStore.Runner board) {
        Release release = board.isClone() ? null : rollout.release(board.board());
        return release != null && RolloutRules.otherHardware(rollout.definition(), release, board.board()) == null;
    }

    /** One after the last for a board that none has. */
    private int stage(Rollout rollout, String deviceId) {
        return RolloutRules.isMeant(rollout.definition(), deviceId, running::isInGroup)
                ? RolloutRules.stageOf(rollout.name(), rollout.definition(), deviceId, running::isInGroup)
                        .orElse(Integer.MAX_VALUE)
                : Integer.MAX_VALUE;
    }
}
