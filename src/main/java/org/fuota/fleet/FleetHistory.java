package org.fuota.fleet;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.db.Database;
import org.fuota.error.FuotaException;
import org.fuota.rollout.RolloutCount;

/**
 * How many boards there were in each hour: by state, by version, and by rollout. They are counted once an hour, when somebody first looks
 * in it; of an hour in which nobody did, because no server ran, there is nothing.
 */
public final class FleetHistory {
    private static final Logger LOG = Logger.getLogger(FleetHistory.class.getName());

    /** For how long it is kept. */
    public static final Duration KEPT = Duration.ofDays(400);

    /** How many versions, and how many rollouts, an hour has. */
    public static final int MAX_NAMES = 100;

    /** What further versions are counted as, together. */
    static final String OTHERS = "(others)";

    private static final int PAGE_COUNTS = 1_000;

    private final FleetHistoryStore store;
    private final Fleet fleet;
    private final Supplier<List<RolloutCount>> rollouts;
    private final Supplier<Instant> time;

    /** What boards are counted by. */
    enum By {
        STATE,
        VERSION,
        ROLLOUT;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param rollouts what has become of each, {@value #MAX_NAMES} at most
     * @param time by the clock that all nodes share
     */
    public FleetHistory(Database database, Fleet fleet, Supplier<List<RolloutCount>> rollouts, Supplier<Instant> time) {
        this.store = new FleetHistoryStore(database);
        this.fleet = fleet;
        this.rollouts = rollouts;
        this.time = time;
    }

    /** Counts, unless this hour is counted; to be called again and again, by one node. Two that do so change nothing. */
    public void keep() {
        try {
            count();
        } catch (FuotaException e) {
            LOG.log(Level.FINE, e, () -> "the database doesn't tell how many boards there are; tried again");
        }
    }

    void count() {
        Instant hour = time.get().truncatedTo(ChronoUnit.HOURS);
        if (store.has(hour)) {
            return;
        }
        List<FleetHistoryStore.Count> counts = new ArrayList<>();
        fleet.countByState(Where.ALL)
                .forEach((state, boards) -> counts.add(FleetHistoryStore.Count.of(By.STATE, hour, state, boards)));
        most(fleet.countByVersion(Where.ALL))
                .forEach(
                        (version, boards) -> counts.add(FleetHistoryStore.Count.of(By.VERSION, hour, version, boards)));
        for (RolloutCount count : rollouts.get()) {
            counts.add(new FleetHistoryStore.Count(
                    By.ROLLOUT,
                    hour,
                    count.rollout(),
                    count.offered(),
                    count.updated(),
                    count.failed(),
                    count.pending()));
        }
        store.add(hour, counts);
    }

    /** Those that most boards report; and the others in one. */
    private static Map<String, Long> most(Map<String, Long> versions) {
        Map<String, Long> most = new LinkedHashMap<>();
        versions.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .forEach(version ->
                        most.merge(most.size() < MAX_NAMES ? version.getKey() : OTHERS, version.getValue(), Long::sum));
        return most;
    }

    /** Deletes what was before that. */
    public void prune(Instant before) {
        store.prune(before);
    }

    /** By the clock that all nodes share. */
    Instant now() {
        return time.get();
    }

    /** The first counts of hours that begin from some moment on and before another, in order of time and then of names. */
    List<FleetHistoryStore.Count> first(By by, Instant from, Instant to) {
        Instant hour = from.truncatedTo(ChronoUnit.HOURS);
        Instant first = hour.equals(from) ? hour : hour.plus(1, ChronoUnit.HOURS);
        // No hour begins just before another.
        return store.page(by, first.minusMillis(1), "", to, PAGE_COUNTS);
    }

    /** The last hours that were counted of each UTC day, from some moment on and before another, newest first. */
    List<Instant> lastHours(By by, Instant from, Instant to) {
        return store.lastHours(by, from, to);
    }

    /** All counts of some of these, in order of time and then of names. */
    List<FleetHistoryStore.Count> of(By by, List<Instant> hours) {
        return store.of(by, hours);
    }

    /** Those that follow one of them. */
    List<FleetHistoryStore.Count> after(FleetHistoryStore.Count count, Instant to) {
        return store.page(count.by(), count.hour(), count.name(), to, PAGE_COUNTS);
    }
}
