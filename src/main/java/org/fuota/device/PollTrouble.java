package org.fuota.device;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.error.Printable;
import org.jspecify.annotations.Nullable;

/**
 * Logs polls that were answered with 204 because the server couldn't decide, and remembers when that was. The first is
 * logged at once with its cause, then at most one in ten seconds with how many there were, because a fleet goes on polling
 * while a database is gone.
 */
public final class PollTrouble {
    private static final Logger LOG = Logger.getLogger(PollTrouble.class.getName());
    private static final long QUIET_NANOS = 10_000_000_000L;

    private final LongSupplier nanoTime;
    private final AtomicLong unlogged = new AtomicLong();
    private final AtomicLong nextLogNanos;
    private volatile @Nullable Long lastNanos;

    /** @param nanoTime a running time in nanoseconds, such as {@link System#nanoTime} */
    public PollTrouble(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.nextLogNanos = new AtomicLong(nanoTime.getAsLong());
    }

    /** Whether there was such a poll no longer ago than that. */
    public boolean isWithin(Duration duration) {
        Long last = lastNanos;
        return last != null && nanoTime.getAsLong() - last <= duration.toNanos();
    }

    void log(DeviceId deviceId, Throwable cause) {
        long polls = unlogged.incrementAndGet();
        long now = nanoTime.getAsLong();
        lastNanos = now;
        long next = nextLogNanos.get();
        if (now - next < 0 || !nextLogNanos.compareAndSet(next, now + QUIET_NANOS)) {
            return;
        }
        unlogged.addAndGet(-polls);
        LOG.log(
                Level.SEVERE,
                cause,
                () -> "can't check for updates: " + polls + " polls since the last such line, the last by device "
                        + Printable.of(deviceId.value()) + ", were answered 204, no update");
    }
}
