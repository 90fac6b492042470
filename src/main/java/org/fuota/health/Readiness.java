package org.fuota.health;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Whether the server can do its work; what changes is logged, with its cause. Anybody may ask, as often as they like: the checks
 * are made at most once a second and by one thread, and whoever asks meanwhile gets the last result at once. So a flood of
 * questions takes no more than one connection from the polls.
 */
public final class Readiness {
    private static final Logger LOG = Logger.getLogger(Readiness.class.getName());
    private static final long FRESH_NANOS = 1_000_000_000L;
    private static final long LONG_NANOS = 10_000_000_000L;

    /**
     * Something that the server can't do its work without. It fails by false, or by an exception that tells the log more.
     *
     * @param reason why it isn't ready then: a short lower-case sentence that anybody may read
     */
    public record Check(Supplier<String> reason, BooleanSupplier passes) {
        public Check(String reason, BooleanSupplier passes) {
            this(() -> reason, passes);
        }
    }

    private final List<Check> checks;
    private final LongSupplier nanoTime;
    private final Lock checking = new ReentrantLock();
    private final Map<Check, String> failing = new HashMap<>();
    private volatile long begunNanos;
    private volatile @Nullable Result last;

    /** @param nanoTime a running time in nanoseconds, such as {@link System#nanoTime} */
    public Readiness(List<Check> checks, LongSupplier nanoTime) {
        this.checks = List.copyOf(checks);
        this.nanoTime = nanoTime;
    }

    /** Why the server isn't ready, in the order of the checks; empty when it is. */
    public List<String> reasons() {
        Result result = last;
        if (result != null && isFresh(result)) {
            return result.reasons();
        }
        if (!checking.tryLock()) {
            return meanwhile(result);
        }
        try {
            // Another thread may have been here since.
            Result newest = last;
            return newest != null && isFresh(newest) ? newest.reasons() : check();
        } finally {
            checking.unlock();
        }
    }

    private boolean isFresh(Result result) {
        return nanoTime.getAsLong() - result.endedNanos() < FRESH_NANOS;
    }

    /** A disk or a database that hangs must not be hidden by what was true before. */
    private List<String> meanwhile(@Nullable Result result) {
        if (result == null) {
            return List.of("the first check isn't finished");
        }
        return nanoTime.getAsLong() - begunNanos > LONG_NANOS
                ? List.of("a check takes longer than 10 s")
                : result.reasons();
    }

    private List<String> check() {
        begunNanos = nanoTime.getAsLong();
        List<String> reasons = new ArrayList<>();
        for (Check check : checks) {
            failure(check).ifPresent(reasons::add);
        }
        last = new Result(List.copyOf(reasons), nanoTime.getAsLong());
        return reasons;
    }

    private Optional<String> failure(Check check) {
        Throwable cause = null;
        try {
            if (check.passes().getAsBoolean()) {
                String before = failing.remove(check);
                if (before != null) {
                    LOG.info(() -> "no longer so: " + before);
                }
                return Optional.empty();
            }
        } catch (RuntimeException | Error e) {
            cause = e;
        }
        String reason = check.reason().get();
        if (!reason.equals(failing.put(check, reason))) {
            LOG.log(Level.WARNING, cause, () -> "not ready: " + reason);
        }
        return Optional.of(reason);
    }

    private record Result(List<String> reasons, long endedNanos) {}
}
