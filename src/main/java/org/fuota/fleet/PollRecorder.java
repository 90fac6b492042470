package org.fuota.fleet;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.fuota.device.Poll;
import org.fuota.device.PollAnswer;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;
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
    private static final int BATCH = 2_000;

    private final FleetStore store;
    private final HistoryStore history;
    private final Function<String, Optional<String>> sha256;
    private final long maxDiscovered;
    private final Clock clock;
    private final Map<String, List<Sighting>> pending = new ConcurrentHashMap<>();
    private final AtomicLong drops = new AtomicLong();
    private volatile Instant written;
    private boolean isFailing;
    private long discoveredSinceTrim = Long.MAX_VALUE / 2;

    /**
     * @param sha256 the digest, in hexadecimal, of the update file at a path
     * @param maxDiscovered how many devices without a row are kept, give or take a few
     */
    public PollRecorder(
            Database database,
            HistoryStore history,
            Function<String, Optional<String>> sha256,
            long maxDiscovered,
            Clock clock) {
        this.store = new FleetStore(database);
        this.history = history;
        this.sha256 = sha256;
        this.maxDiscovered = maxDiscovered;
        this.clock = clock;
        this.written = clock.instant();
    }

    /** Takes a poll in; never waits for more than another poll of the same device. */
    @Override
    public void accept(Poll poll) {
        String deviceId = poll.deviceId().value();
        Sighting sighting = Sighting.of(poll);
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
        return pending.isEmpty() ? Duration.ZERO : Duration.between(written, clock.instant());
    }

    /** Writes what there is. False when the database refused: all of it stays in memory then. */
    public synchronized boolean flush() {
        Instant begun = clock.instant();
        try {
            for (Map<String, List<Sighting>> batch = take(); !batch.isEmpty(); batch = take()) {
                write(batch);
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
        written = begun;
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

    private Map<String, List<Sighting>> take() {
        Map<String, List<Sighting>> batch = new LinkedHashMap<>();
        for (String deviceId : pending.keySet()) {
            if (batch.size() == BATCH) {
                break;
            }
            List<Sighting> sightings = pending.remove(deviceId);
            if (sightings != null) {
                batch.put(deviceId, sightings);
            }
        }
        return batch;
    }

    private void write(Map<String, List<Sighting>> batch) {
        try {
            // Before the transaction: a file that nobody has read yet takes a while.
            Map<String, Optional<String>> digests = new HashMap<>();
            batch.values()
                    .forEach(sightings -> sightings.forEach(sighting -> {
                        if (sighting.file() != null) {
                            digests.computeIfAbsent(sighting.file(), sha256);
                        }
                    }));
            discoveredSinceTrim += store.transaction(transaction -> write(transaction, batch, digests));
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
    private long write(
            Transaction transaction, Map<String, List<Sighting>> batch, Map<String, Optional<String>> digests) {
        Map<String, DeviceStatus> known = store.statuses(transaction, List.copyOf(batch.keySet()));
        List<DeviceStatus> statuses = new ArrayList<>(batch.size());
        List<HistoryEvent> events = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        long discovered = 0;
        for (Map.Entry<String, List<Sighting>> device : batch.entrySet()) {
            String deviceId = device.getKey();
            DeviceStatus before = known.get(deviceId);
            DeviceStatus status = before;
            int eventsBefore = events.size();
            for (Sighting sighting : device.getValue()) {
                String digest = sighting.file() == null
                        ? null
                        : digests.get(sighting.file()).orElse(null);
                DeviceStatus.Step step = status == null
                        ? DeviceStatus.first(deviceId, sighting, digest)
                        : status.after(sighting, digest);
                status = step.status();
                events.addAll(step.events());
                step.report().ifPresent(report -> store.add(transaction, report));
            }
            statuses.add(status);
            if (before == null) {
                discovered += mayLackRow(status.answer()) ? 1 : 0;
            } else if (events.size() > eventsBefore) {
                changed.add(deviceId);
            }
        }
        store.save(transaction, statuses);
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
        store.transaction(transaction -> {
            List<String> forgotten = store.discoveredBeyond(transaction, maxDiscovered);
            forgotten.forEach(deviceId -> {
                store.forget(transaction, deviceId);
                history.forget(transaction, deviceId);
            });
            return forgotten;
        });
        discoveredSinceTrim = 0;
    }
}
