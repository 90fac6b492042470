package org.fuota.notify;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.error.FuotaException;

/** Tells of this node when it hasn't been ready for a minute, and when it is again: if the database lets it. */
public final class ServerTrouble {
    private static final Logger LOG = Logger.getLogger(ServerTrouble.class.getName());
    private static final Duration LONG = Duration.ofMinutes(1);

    private final Supplier<List<String>> reasons;
    private final Notifier notifier;
    private final LongSupplier nanoTime;
    private List<String> trouble = List.of();
    private long sinceNanos;
    private long lastNanos;
    /** Whether it told of trouble; empty after the start, when the database knows. */
    private Optional<Boolean> told = Optional.empty();

    /** @param reasons why this node isn't ready; none when it is */
    public ServerTrouble(Supplier<List<String>> reasons, Notifier notifier, LongSupplier nanoTime) {
        this.reasons = reasons;
        this.notifier = notifier;
        this.nanoTime = nanoTime;
    }

    /** To be called again and again, by one thread at a time. */
    public void look() {
        List<String> now = reasons.get();
        if (!now.isEmpty()) {
            lastNanos = nanoTime.getAsLong();
            sinceNanos = trouble.isEmpty() ? lastNanos : sinceNanos;
            trouble = now;
        }
        try {
            tell(now.isEmpty());
        } catch (FuotaException e) {
            LOG.log(Level.FINE, e, () -> "the database takes no event; tried again");
        }
    }

    private void tell(boolean isReady) {
        boolean hasTold = told.isPresent() ? told.get() : hasToldBeforeStart();
        told = Optional.of(hasTold);
        Duration lasted = Duration.ofNanos(lastNanos - sinceNanos);
        boolean isLong = !trouble.isEmpty() && lasted.compareTo(LONG) >= 0;
        String what = trouble.isEmpty() ? "" : ": " + String.join("; ", trouble);
        if (!isReady && isLong && !hasTold) {
            tell(Event.Kind.SERVER_TROUBLE, "isn't ready" + what);
        }
        if (isReady && (isLong || hasTold)) {
            tell(
                    Event.Kind.SERVER_READY,
                    "is ready again" + (isLong ? ", after " + lasted.toMinutes() + " min" + what : ""));
        }
        if (isReady) {
            trouble = List.of();
        }
    }

    private void tell(Event.Kind kind, String clause) {
        notifier.tell(kind, notifier.node(), "Fuota on " + notifier.node() + " " + clause);
        told = Optional.of(kind == Event.Kind.SERVER_TROUBLE);
    }

    private boolean hasToldBeforeStart() {
        return notifier.store()
                .lastOf(notifier.node(), Event.Kind.SERVER_TROUBLE, Event.Kind.SERVER_READY)
                .filter(Event.Kind.SERVER_TROUBLE.label()::equals)
                .isPresent();
    }
}
