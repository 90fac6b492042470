package org.fuota.metrics;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * An expensive value: computed when it is asked for, by one thread at a time, and reused for ten seconds, and
 * for twenty times as long as it took. Whoever asks meanwhile gets the last one at once.
 */
final class Reused<T> {
    private static final Logger LOG = Logger.getLogger(Reused.class.getName());
    private static final long MIN_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int TIMES = 20;

    private final String name;
    private final Supplier<T> compute;
    private final LongSupplier nanoTime;
    private final Lock computing = new ReentrantLock();
    private volatile @Nullable Kept<T> kept;

    /**
     * @param name what it is, for the log
     * @param nanoTime a running time in nanoseconds, such as {@link System#nanoTime}
     */
    Reused(String name, Supplier<T> compute, LongSupplier nanoTime) {
        this.name = name;
        this.compute = compute;
        this.nanoTime = nanoTime;
    }

    /** Empty when it couldn't be computed, or never was until now. */
    Optional<T> get() {
        if (isDue() && computing.tryLock()) {
            try {
                // Another thread may have been here since.
                if (isDue()) {
                    renew();
                }
            } finally {
                computing.unlock();
            }
        }
        Kept<T> last = kept;
        return last == null ? Optional.empty() : last.value();
    }

    private boolean isDue() {
        Kept<T> last = kept;
        return last == null || nanoTime.getAsLong() - last.untilNanos() >= 0;
    }

    private void renew() {
        Kept<T> last = kept;
        long begun = nanoTime.getAsLong();
        Optional<T> value = Optional.empty();
        try {
            value = Optional.of(compute.get());
        } catch (RuntimeException e) {
            if (last == null || last.value().isPresent()) {
                LOG.log(Level.WARNING, e, () -> "the metrics are without " + name + ", until it can be had again");
            }
        }
        long ended = nanoTime.getAsLong();
        kept = new Kept<>(value, ended + Math.max(MIN_NANOS, (ended - begun) * TIMES));
    }

    private record Kept<T>(Optional<T> value, long untilNanos) {}
}
