package org.fuota.fleet;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.db.Transaction;
import org.fuota.device.DeviceRow;
import org.fuota.evidence.FleetDevice;
import org.fuota.evidence.Moment;
import org.jspecify.annotations.Nullable;

/** Concludes anew about devices when something else than a poll may have changed their state, and keeps what comes of it. */
final class StateKeeper {
    private static final Logger LOG = Logger.getLogger(StateKeeper.class.getName());

    /** How long it works on end; what is left then is for the next time. */
    private static final long MAX_NANOS = 300_000_000;

    /** The same of what isn't urgent. */
    private static final long MAX_NANOS_OF_ALL = 50_000_000;

    /** The work of those states that only time changes. */
    static final String BY_TIME = "states";

    private final DeviceStore store;
    private final States states;
    private final LongSupplier nanoTime;
    /** Up to which id the devices of a file are done; of each file that has come or gone. */
    private final Map<String, String> files = new ConcurrentHashMap<>();
    /** The same of all devices; null when all are done. */
    private final AtomicReference<@Nullable String> all = new AtomicReference<>();

    private boolean isFailing;

    StateKeeper(DeviceStore store, States states, LongSupplier nanoTime) {
        this.store = store;
        this.states = states;
        this.nanoTime = nanoTime;
    }

    /** Has the devices of a file looked at. */
    void fileChanged(String path) {
        files.put(path, "");
    }

    /** Has all looked at: for what nobody tells, such as an assignment or a file that was changed by hand, and settings. */
    void lookAtAll() {
        all.set("");
    }

    /** Some devices as they are by now, by what {@code device_app} says; those that are nowhere aren't in it. */
    List<FleetDevice> conclude(Transaction statements, Collection<String> deviceIds, Moment now) {
        return conclude(deviceIds, store.find(statements, deviceIds), store.rows(statements, deviceIds), null, now);
    }

    /**
     * Concludes about some devices in the transaction that has changed something about them.
     *
     * @param assignedAt when assignments that are others now were changed; null when nobody knows
     */
    void keep(Transaction transaction, Collection<String> deviceIds, @Nullable Instant assignedAt, Moment now) {
        Map<String, FleetDevice> before = store.find(transaction, deviceIds);
        List<FleetDevice> after = conclude(deviceIds, before, store.rows(transaction, deviceIds), assignedAt, now);
        store.write(transaction, before, after);
        Set<String> gone = new HashSet<>(before.keySet());
        after.forEach(device -> gone.remove(device.deviceId()));
        store.delete(transaction, gone);
    }

    /** Goes on with what is due; what is left after a while is for the next time. */
    void tick() {
        long begunNanos = nanoTime.getAsLong();
        boolean isMore = true;
        try {
            // What becomes of files is looked at where they came or went.
            boolean isTime = store.isOurs(BY_TIME);
            while (isMore && nanoTime.getAsLong() - begunNanos < MAX_NANOS) {
                isMore = isTime && checkDue()
                        || checkFile()
                        || nanoTime.getAsLong() - begunNanos < MAX_NANOS_OF_ALL && checkAll();
            }
            isFailing = false;
        } catch (RuntimeException e) {
            LOG.log(
                    isFailing ? Level.FINE : Level.WARNING,
                    e,
                    () -> "the states of boards can't be concluded until the database takes that");
            isFailing = true;
        }
    }

    private boolean checkDue() {
        Moment now = states.served().now();
        return keep(store.idsDue(now.served()), now);
    }

    private boolean checkFile() {
        for (String path : files.keySet()) {
            String after = files.remove(path);
            if (after != null) {
                try {
                    List<String> ids = store.idsOfFileAfter(path, after);
                    keep(ids, states.served().now());
                    if (!ids.isEmpty()) {
                        // Unless it has changed again meanwhile.
                        files.putIfAbsent(path, ids.get(ids.size() - 1));
                    }
                } catch (RuntimeException e) {
                    files.putIfAbsent(path, after);
                    throw e;
                }
                return true;
            }
        }
        return false;
    }

    private boolean checkAll() {
        String after = all.get();
        if (after == null) {
            return false;
        }
        Moment now = states.served().now();
        List<String> ids = store.idsAfter(after);
        String last = ids.isEmpty() ? null : ids.get(ids.size() - 1);
        if (last != null) {
            keep(store.read(statements -> outdated(statements, ids, after, last, now)), now);
        }
        all.compareAndSet(after, last);
        return true;
    }

    /** Those of a range that aren't as they are kept: few, as a rule, and only for them anybody has to wait. */
    private List<String> outdated(Transaction statements, List<String> ids, String after, String last, Moment now) {
        Map<String, FleetDevice> kept = new HashMap<>();
        store.first(statements, Where.ALL.and("device_id > ? AND device_id <= ?", after, last), ids.size())
                .forEach(device -> kept.put(device.deviceId(), device));
        Set<String> outdated = new LinkedHashSet<>(ids);
        for (FleetDevice device : conclude(ids, kept, store.rows(statements, after, last), null, now)) {
            FleetDevice known = kept.get(device.deviceId());
            if (known != null && DeviceColumns.difference(known, device).isEmpty()) {
                outdated.remove(device.deviceId());
            }
        }
        return List.copyOf(outdated);
    }

    private boolean keep(List<String> deviceIds, Moment now) {
        if (deviceIds.isEmpty()) {
            return false;
        }
        store.transaction(transaction -> {
            keep(transaction, deviceIds, null, now);
            return deviceIds;
        });
        return true;
    }

    private List<FleetDevice> conclude(
            Collection<String> deviceIds,
            Map<String, FleetDevice> before,
            Map<String, DeviceRow> rows,
            @Nullable Instant assignedAt,
            Moment now) {
        States.Round round = states.at(now);
        List<FleetDevice> devices = new ArrayList<>(deviceIds.size());
        for (String deviceId : deviceIds) {
            DeviceRow row = rows.get(deviceId);
            FleetDevice known = before.get(deviceId);
            if (row != null || known != null && known.status() != null) {
                Instant since = row != null
                                && known != null
                                && known.row() != null
                                && known.row().isSame(row)
                                && known.assignedAt() != null
                        ? known.assignedAt()
                        : assignedAt;
                devices.add(round.conclude(
                        deviceId, row, row == null ? null : since, known == null ? null : known.status()));
            }
        }
        return devices;
    }
}
