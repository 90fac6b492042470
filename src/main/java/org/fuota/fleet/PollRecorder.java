package org.fuota.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;
import org.fuota.poll.OfferedFile;
import org.fuota.poll.Poll;
import org.fuota.poll.PollAnswer;
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

    /** How long whoever only wants to read waits for what others write. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final FleetStore store;
    private final HistoryStore history;
    private final OfferedFiles files;
    private final long maxDiscovered;
    private final ServedTime served;
    private final LongSupplier nanoTime;
    private final Map<String, List<Sighting>> pending = new ConcurrentHashMap<>();
    private final AtomicLong drops = new AtomicLong();
    private final ReentrantLock flushing = new ReentrantLock();
    private volatile long flushes;
    private volatile long writtenNanos;
    private boolean isFailing;
    private long discoveredSinceTrim = Long.MAX_VALUE / 2;

    /**
     * @param maxDiscovered how many devices without a row are kept, give or take a few
     * @param nanoTime a running time in nanoseconds, such as {@link System#nanoTime}
     */
    public PollRecorder(
            Database database,
            HistoryStore history,
            OfferedFiles files,
            long maxDiscovered,
            ServedTime served,
            LongSupplier nanoTime) {
        this.store = new FleetStore(database);
        this.history = history;
        this.files = files;
        this.maxDiscovered = maxDiscovered;
        this.served = served;
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
        return pending.isEmpty() ? Duration.ZERO : Duration.ofNanos(nanoTime.getAsLong() - writtenNanos);
    }

    /** Writes what there is now. False when the database refused: all of it stays in memory then. */
    public boolean flush() {
        flushing.lock();
        try {
            return flushOnce(false);
        } finally {
            flushing.unlock();
        }
    }

    /** The same as the server stops. */
    public boolean flushLast() {
        flushing.lock();
        try {
            return flushOnce(true);
        } finally {
            flushing.unlock();
        }
    }

    /**
     * Has written what there was when it was called, for whoever wants to read it. If the database is busy for long, it hasn't.
     * All who ask while others write share what is written next.
     */
    void refresh() {
        long before = flushes;
        try {
            if (!flushing.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        try {
            if (flushes == before) {
                flushOnce(false);
            }
        } finally {
            flushing.unlock();
        }
    }

    /** What comes meanwhile is for the next time: otherwise it might never end. */
    private boolean flushOnce(boolean isLast) {
        flushes++;
        long begunNanos = nanoTime.getAsLong();
        try {
            List<String> deviceIds = List.copyOf(pending.keySet());
            for (int from = 0; from < deviceIds.size(); from += BATCH) {
                write(take(deviceIds.subList(from, Math.min(from + BATCH, deviceIds.size()))));
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

    private void write(Map<String, List<Sighting>> batch) {
        try {
            served.keep(store.transaction(transaction -> {
                ServedTime.Counted counted = served.count(transaction);
                discoveredSinceTrim += write(transaction, batch, counted.start());
                return counted;
            }));
        } catch (RuntimeException e) {
            batch.forEach((deviceId, earlier) -> pending.merge(deviceId, earlier, (later, ignored) -> {
                later.forEach(sighting -> add(earlier, sighting));
                return earlier;
            }));
            throw e;
        }
    }

    /**
     * A statement for many devices wherever it goes, because these are most of what a poll costs; returns how many were
     * discovered, or a few more.
     */
    private long write(Transaction transaction, Map<String, List<Sighting>> batch, long start) {
        Map<String, DeviceStatus> known = store.statuses(transaction, List.copyOf(batch.keySet()));
        List<DeviceStatus> statuses = new ArrayList<>(batch.size());
        List<HistoryEvent> events = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        Map<String, OfferedFile> taken = new HashMap<>();
        long discovered = 0;
        for (Map.Entry<String, List<Sighting>> device : batch.entrySet()) {
            String deviceId = device.getKey();
            DeviceStatus before = known.get(deviceId);
            DeviceStatus status = before;
            int eventsBefore = events.size();
            for (Sighting seen : device.getValue()) {
                Sighting sighting = seen.after(start).withOffered(files);
                Optional.ofNullable(sighting.offered()).ifPresent(offered -> taken.put(offered.sha256(), offered));
                DeviceStatus.Step step =
                        status == null ? DeviceStatus.first(deviceId, sighting) : status.after(sighting);
                status = step.status();
                events.addAll(step.events());
                step.report().ifPresent(report -> store.add(transaction, report));
            }
            statuses.add(status);
            if (before == null) {
                discovered += mayLackRow(device.getValue()
                                .get(device.getValue().size() - 1)
                                .answer())
                        ? 1
                        : 0;
            }
            if (events.size() - eventsBefore > (before == null ? HistoryStore.MAX_OF_STRANGER : 0)) {
                changed.add(deviceId);
            }
        }
        store.save(transaction, statuses);
        store.keep(transaction, taken.values());
        history.add(transaction, events);
        changed.forEach(deviceId -> history.trim(transaction, deviceId));
        return discovered;
    }

    /** A poll tells, as a rule, and so the database needn't be asked; one too many does no harm. */
    private static boolean mayLackRow(PollAnswer answer) {
        return switch (answer) {
            case OFFERED, NO_UPDATE, FILE_MISSING -> false;
            case UNKNOWN_DEVICE, MALFORMED, TROUBLE -> true;
        };
    }

    /** Counting them takes a while with a large fleet, so not each time. */
    private void forgetOldestDiscovered() {
        if (discoveredSinceTrim <= maxDiscovered / 20) {
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
            List<String> forgotten = store.discoveredBeyond(transaction, maxDiscovered, BATCH);
            forgotten.forEach(deviceId -> {
                store.forget(transaction, deviceId);
                history.forget(transaction, deviceId);
            });
            return forgotten.size();
        });
    }
}
