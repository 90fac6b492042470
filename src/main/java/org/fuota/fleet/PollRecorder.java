package org.fuota.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.fuota.device.DeviceRow;
import org.fuota.evidence.DeviceStatus;
import org.fuota.evidence.FleetDevice;
import org.fuota.evidence.Sighting;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;
import org.fuota.poll.OfferedFile;
import org.fuota.poll.Poll;
import org.fuota.rollout.TrialStore;
import org.fuota.served.ServedTime;
import org.jspecify.annotations.Nullable;

/**
 * Remembers polls: takes them in memory, where equal ones become one, and writes them when {@link #flush} is called. So a
 * poll never waits for the database, and a fleet whose database is gone for a while loses nothing but what is more than
 * memory is meant to hold.
 */
public final class PollRecorder implements Consumer<Poll> {
    private static final Logger LOG = Logger.getLogger(PollRecorder.class.getName());

    /** Devices in memory: of 100 MB at most. */
    static final int MAX_DEVICES = 100_000;

    /** Changes of one device in memory. */
    static final int MAX_SIGHTINGS = 16;

    /** Devices in one transaction: of some milliseconds, because others wait for it. */
    static final int BATCH = 2_000;

    private final DeviceStore store;
    private final ReportStore reports;
    private final HistoryStore history;
    private final BiConsumer<Transaction, List<TrialStore.Told>> trials;
    private final States states;
    private final ServedTime served;
    private final LongSupplier nanoTime;
    private final Map<String, List<Sighting>> pending = new ConcurrentHashMap<>();
    private final AtomicLong drops = new AtomicLong();
    /** One round at a time; and within it, one batch, or one device that is forgotten. */
    private final Lock flushing = new ReentrantLock();

    private final ReentrantLock writing = new ReentrantLock();
    private volatile long writtenNanos;
    private boolean isFailing;
    private long discoveredSinceTrim = Long.MAX_VALUE / 2;

    /**
     * @param trials keeps what polls tell of rollouts, in the same transaction
     * @param nanoTime a running time in nanoseconds, such as {@link System#nanoTime}
     */
    public PollRecorder(
            Database database,
            HistoryStore history,
            BiConsumer<Transaction, List<TrialStore.Told>> trials,
            States states,
            LongSupplier nanoTime) {
        this.store = new DeviceStore(database);
        this.reports = new ReportStore(database);
        this.history = history;
        this.trials = trials;
        this.states = states;
        this.served = states.served();
        this.nanoTime = nanoTime;
        this.writtenNanos = nanoTime.getAsLong();
    }

    /** Takes a poll in; never waits for more than another poll of the same device. */
    @Override
    public void accept(Poll poll) {
        String deviceId = poll.deviceId().value();
        Sighting sighting = Sighting.of(poll, served.uptime());
        if (pending.size() >= MAX_DEVICES && !pending.containsKey(deviceId)) {
            drops.incrementAndGet();
            return;
        }
        pending.compute(deviceId, (id, known) -> add(known, sighting));
    }

    /** How many polls were forgotten, because there were too many that couldn't be written. */
    public long drops() {
        return drops.get();
    }

    /** For how long there have been polls that aren't written; zero when all are. */
    public Duration lag() {
        return pending.isEmpty() && !writing.isLocked()
                ? Duration.ZERO
                : Duration.ofNanos(nanoTime.getAsLong() - writtenNanos);
    }

    /** Writes what there is now. False when the database refused: all of it stays in memory then. */
    public boolean flush() {
        return flush(false);
    }

    /** The same as the server stops; the log tells of what is lost then. */
    public void flushLast() {
        if (!flush(true)) {
            LOG.warning("what the last polls told is lost: the database refuses it");
        }
    }

    private boolean flush(boolean isLast) {
        flushing.lock();
        try {
            return flushOnce(isLast);
        } finally {
            flushing.unlock();
        }
    }

    /**
     * Forgets what isn't written yet of some devices, as somebody else does with the rest.
     *
     * @param rest is told of which there is something that isn't written yet
     * @return what the rest returns; when it throws, nothing is forgotten
     */
    int forget(List<String> deviceIds, ToIntFunction<Set<String>> rest) {
        writing.lock();
        Map<String, List<Sighting>> sightings = take(deviceIds);
        try {
            return rest.applyAsInt(sightings.keySet());
        } catch (RuntimeException e) {
            sightings.forEach(this::putBack);
            throw e;
        } finally {
            writing.unlock();
        }
    }

    /** What comes meanwhile is for the next time: otherwise it might never end. */
    private boolean flushOnce(boolean isLast) {
        long begunNanos = nanoTime.getAsLong();
        try {
            List<String> deviceIds = List.copyOf(pending.keySet());
            for (int from = 0; from < deviceIds.size(); from += BATCH) {
                write(deviceIds.subList(from, Math.min(from + BATCH, deviceIds.size())));
            }
            if (isLast || served.isDue()) {
                served.keep(store.transaction(served::count));
            }
            forgetOldestDiscovered();
        } catch (RuntimeException e) {
            if (!isFailing) {
                LOG.log(Level.WARNING, e, () -> "what polls tell can't be written: it is kept in memory meanwhile");
            }
            isFailing = true;
            return false;
        }
        if (isFailing) {
            LOG.info("what polls tell is written again");
        }
        isFailing = false;
        writtenNanos = begunNanos;
        return true;
    }

    private List<Sighting> add(@Nullable List<Sighting> known, Sighting sighting) {
        List<Sighting> sightings = known == null ? new ArrayList<>(1) : known;
        int last = sightings.size() - 1;
        if (last >= 0 && sightings.get(last).saysTheSameAs(sighting)) {
            sightings.set(last, sightings.get(last).and(sighting));
        } else if (sightings.size() < MAX_SIGHTINGS) {
            sightings.add(sighting);
        } else {
            drops.addAndGet(sighting.polls());
        }
        return sightings;
    }

    private Map<String, List<Sighting>> take(List<String> deviceIds) {
        Map<String, List<Sighting>> batch = new LinkedHashMap<>();
        for (String deviceId : deviceIds) {
            List<Sighting> sightings = pending.remove(deviceId);
            if (sightings != null) {
                batch.put(deviceId, sightings);
            }
        }
        return batch;
    }

    private void write(List<String> deviceIds) {
        writing.lock();
        Map<String, List<Sighting>> batch = take(deviceIds);
        try {
            served.keep(store.transaction(transaction -> {
                ServedTime.Counted counted = served.count(transaction);
                discoveredSinceTrim += write(transaction, batch, counted);
                return counted;
            }));
        } catch (RuntimeException e) {
            batch.forEach(this::putBack);
            throw e;
        } finally {
            writing.unlock();
        }
    }

    private void putBack(String deviceId, List<Sighting> earlier) {
        pending.merge(deviceId, earlier, (later, ignored) -> {
            later.forEach(sighting -> add(earlier, sighting));
            return earlier;
        });
    }

    /**
     * A statement for many devices wherever it goes, because these are most of what a poll costs; returns how many were
     * discovered.
     */
    private long write(Transaction transaction, Map<String, List<Sighting>> batch, ServedTime.Counted counted) {
        Map<String, FleetDevice> known = store.find(transaction, batch.keySet());
        Map<String, DeviceRow> rows = store.rows(
                transaction,
                batch.keySet().stream().filter(id -> !known.containsKey(id)).toList());
        States.Round round = states.at(served.now(counted));
        List<FleetDevice> devices = new ArrayList<>(batch.size());
        List<HistoryEvent> events = new ArrayList<>();
        List<HistoryEvent> mistaken = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        Map<String, OfferedFile> taken = new HashMap<>();
        List<TrialStore.Told> told = new ArrayList<>();
        long discovered = 0;
        for (Map.Entry<String, List<Sighting>> device : batch.entrySet()) {
            String deviceId = device.getKey();
            FleetDevice before = known.get(deviceId);
            DeviceStatus status = before == null ? null : before.status();
            int ofStranger = status == null ? HistoryStore.MAX_OF_STRANGER : 0;
            int eventsBefore = events.size();
            for (Sighting seen : device.getValue()) {
                Sighting sighting = seen.after(counted.start());
                Optional.ofNullable(sighting.offered()).ifPresent(offered -> taken.put(offered.sha256(), offered));
                DeviceStatus.Step step =
                        status == null ? DeviceStatus.first(deviceId, sighting) : status.after(sighting);
                status = step.status();
                events.addAll(step.events());
                Optional.ofNullable(step.mistaken()).ifPresent(mistaken::add);
                told.add(told(status, sighting));
                step.reports().forEach(report -> reports.add(transaction, report));
            }
            devices.add(
                    before == null
                            ? round.conclude(deviceId, rows.get(deviceId), null, status)
                            : round.conclude(before, Objects.requireNonNull(status)));
            discovered += before == null && !rows.containsKey(deviceId) ? 1 : 0;
            if (events.size() - eventsBefore > ofStranger) {
                changed.add(deviceId);
            }
        }
        store.write(transaction, known, devices);
        reports.keep(transaction, taken.values());
        history.retract(transaction, mistaken);
        history.add(transaction, events);
        changed.forEach(deviceId -> history.trim(transaction, deviceId));
        trials.accept(transaction, told);
        return discovered;
    }

    private static TrialStore.Told told(DeviceStatus status, Sighting sighting) {
        return new TrialStore.Told(
                status.deviceId(),
                sighting.rollout(),
                sighting.appVersion(),
                sighting.first().at().toEpochMilli(),
                sighting.last().at().toEpochMilli(),
                sighting.last().served(),
                sighting.polls(),
                status.takenBefore(),
                status.gaps().usual().map(Duration::toMillis).orElse(null));
    }

    /** Counting them takes a while with a large fleet, so not each time. */
    private void forgetOldestDiscovered() {
        if (discoveredSinceTrim <= states.settings().maxDiscovered() / 20) {
            return;
        }
        // Slice by slice, because others wait.
        int forgotten;
        do {
            forgotten = forgetSomeDiscovered();
        } while (forgotten == BATCH);
        discoveredSinceTrim = 0;
    }

    private int forgetSomeDiscovered() {
        return store.transaction(transaction -> {
            List<String> forgotten =
                    store.discoveredBeyond(transaction, states.settings().maxDiscovered(), BATCH);
            store.delete(transaction, forgotten);
            history.forget(transaction, forgotten);
            return forgotten.size();
        });
    }
}
