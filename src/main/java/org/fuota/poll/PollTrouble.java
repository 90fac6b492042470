package org.fuota.poll;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.device.DeviceId;
import org.fuota.error.LogThrottle;
import org.fuota.error.Printable;
import org.jspecify.annotations.Nullable;

/** Logs polls that the server couldn't decide, seldom, because a fleet goes on polling while a database is gone; and remembers the last. */
public final class PollTrouble {
    private static final Logger LOG = Logger.getLogger(PollTrouble.class.getName());

    private final LongSupplier nanoTime;
    private final LogThrottle throttle;
    private volatile @Nullable Long lastNanos;

    /** @param nanoTime a running time in nanoseconds, such as {@link System#nanoTime} */
    public PollTrouble(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.throttle = new LogThrottle(nanoTime);
    }

    /** Whether there was such a poll no longer ago than that. */
    public boolean isWithin(Duration duration) {
        Long last = lastNanos;
        return last != null && nanoTime.getAsLong() - last <= duration.toNanos();
    }

    void log(DeviceId deviceId, Throwable cause) {
        lastNanos = nanoTime.getAsLong();
        long polls = throttle.count();
        if (polls > 0) {
            LOG.log(
                    Level.SEVERE,
                    cause,
                    () -> "can't check for updates: " + polls + " polls since the last such line, the last by device "
                            + Printable.of(deviceId.value()) + ", were answered 204, no update");
        }
    }

    /** Logs how many there were since the last line, if that is long ago; to be called now and then. */
    public void logRest() {
        long polls = throttle.rest();
        if (polls > 0) {
            LOG.severe(() -> "can't check for updates: " + polls
                    + " polls since the last such line were answered 204, no update");
        }
    }
}
