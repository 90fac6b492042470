package org.fuota.served;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.logging.Logger;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.fuota.evidence.Moment;
import org.jspecify.annotations.Nullable;

/**
 * How long polls could be answered, ever: it stands still while the server is down, and nobody who sets the clock moves it.
 * So neither is taken for a silence of boards.
 *
 * <p>It is kept in the database, because it goes on after a restart. What was served since it was counted last is lost when
 * the server is killed: then boards are silent a little later. Of nodes on one database, time in which several served counts
 * once: each adds what it has served since any of them has counted.
 */
public final class ServedTime {
    private static final Logger LOG = Logger.getLogger(ServedTime.class.getName());
    private static final long NANOS_IN_MILLI = 1_000_000;
    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    /** Less is within what a clock that is being corrected, or a pause of this process, can do. */
    private static final Duration STEP = Duration.ofSeconds(5);

    /** How seldom it is counted when there is nothing else to write. */
    private static final long IDLE_MILLIS = 10_000;

    private final ServedTimeStore store;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final long startNanos;
    private volatile @Nullable Counted counted;
    private Duration lead;

    /**
     * A count of this process.
     *
     * @param start what had been served, in milliseconds, when this process began
     * @param uptime of this process, in milliseconds
     */
    public record Counted(long start, long uptime) {}

    /** @param nanoTime a running time in nanoseconds, such as {@link System#nanoTime} */
    public ServedTime(Database database, Clock clock, LongSupplier nanoTime) {
        this.store = new ServedTimeStore(database);
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
        this.lead = lead();
    }

    /** Milliseconds since this process began. */
    public long uptime() {
        return (nanoTime.getAsLong() - startNanos) / NANOS_IN_MILLI;
    }

    public Moment now() {
        Counted known = counted;
        long start = known != null
                ? known.start()
                : store.last().map(ServedTimeStore.Count::served).orElse(0L);
        return new Moment(clock.instant(), start + uptime());
    }

    /** The same within the transaction that counts. */
    public Moment now(Counted count) {
        return new Moment(clock.instant(), count.start() + uptime());
    }

    /** Whether it is time to count, though there is nothing else to write. */
    public boolean isDue() {
        Counted known = counted;
        return known == null || uptime() - known.uptime() >= IDLE_MILLIS;
    }

    /** Adds what was served since the last count; {@link #keep} what comes of it when the transaction has succeeded. */
    public Counted count(Transaction transaction) {
        Instant now = clock.instant();
        long uptime = uptime();
        Optional<ServedTimeStore.Count> last = store.last(transaction);
        long before = last.map(ServedTimeStore.Count::served).orElse(0L);
        Counted known = counted;
        long own = known == null ? uptime : uptime - known.uptime();
        boolean isOwn = known != null && before == known.start() + known.uptime();
        // Another node, or this one before a restart, has counted since: no more than what came after that.
        long added = isOwn || last.isEmpty()
                ? own
                : Math.min(
                        own, Math.max(0, Duration.between(last.get().at(), now).toMillis()));
        if (known == null) {
            last.ifPresent(count -> tellIfBehind(count.at(), now));
        }
        long served = before + added;
        store.save(transaction, served / DAY_MILLIS, new ServedTimeStore.Count(served, now));
        return new Counted(served - uptime, uptime);
    }

    public void keep(Counted count) {
        counted = count;
    }

    /**
     * What was before that may be forgotten, for being too old: so long ago by the clock, and so long ago in the time that
     * was served. A clock that is wrong is no reason to delete anything.
     */
    public Instant before(Duration kept) {
        Moment now = now();
        long day = Math.floorDiv(now.served() - kept.toMillis(), DAY_MILLIS);
        Instant byClock = now.at().minus(kept);
        // Before it was counted, it went by the clock.
        Instant byService = store.began(day).orElseGet(() -> Instant.ofEpochMilli(day * DAY_MILLIS));
        return byService.isBefore(byClock) ? byService : byClock;
    }

    /** Tells the log when the clock was set since the last time; nothing else follows from that. */
    public synchronized void watchClock() {
        Duration before = lead;
        lead = lead();
        Duration step = lead.minus(before);
        if (step.abs().compareTo(STEP) < 0) {
            return;
        }
        LOG.warning(() -> "the clock was set " + (step.isNegative() ? "back" : "forward") + " by " + words(step)
                + ": which boards are silent or stuck, and what is too old, goes by the time that this server has run, so"
                + " nothing follows from it");
    }

    /** By how much the clock is ahead of this process. */
    private Duration lead() {
        return Duration.between(Instant.EPOCH, clock.instant()).minusMillis(uptime());
    }

    private static void tellIfBehind(Instant last, Instant now) {
        Duration behind = Duration.between(now, last);
        if (behind.compareTo(STEP) >= 0) {
            LOG.warning(() -> "the clock is " + words(behind)
                    + " behind what it was when this server ran last: one of the" + " two times is wrong");
        }
    }

    private static String words(Duration duration) {
        long seconds = duration.abs().toSeconds();
        return seconds < 120
                ? seconds + " s"
                : seconds < 7200
                        ? seconds / 60 + " min"
                        : seconds < 2 * 86_400 ? seconds / 3600 + " h" : seconds / 86_400 + " days";
    }
}
