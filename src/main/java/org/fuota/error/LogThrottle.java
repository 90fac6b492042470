package org.fuota.error;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Keeps a log readable under what happens often: the first is to be logged at once, then at most one in ten seconds, with their number. */
public final class LogThrottle {
    private static final long QUIET_NANOS = 10_000_000_000L;

    private final LongSupplier nanoTime;
    private final AtomicLong untold = new AtomicLong();
    private final AtomicLong nextNanos;

    /** @param nanoTime a running time in nanoseconds, such as {@link System#nanoTime} */
    public LogThrottle(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.nextNanos = new AtomicLong(nanoTime.getAsLong());
    }

    /** Counts one. How many the log is to be told of now, this one included; 0 when it is to be told later. */
    public long count() {
        untold.incrementAndGet();
        return rest();
    }

    /** How many the log is to be told of now, though none has come; to be called now and then, so that a burst's end is told. */
    public long rest() {
        long now = nanoTime.getAsLong();
        long next = nextNanos.get();
        if (untold.get() == 0 || now - next < 0 || !nextNanos.compareAndSet(next, now + QUIET_NANOS)) {
            return 0;
        }
        return untold.getAndSet(0);
    }
}
