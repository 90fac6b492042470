package org.fuota.fleet;

import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.fuota.device.DeviceRow;
import org.fuota.device.Reports;
import org.fuota.file.FilePath;
import org.fuota.file.LearnedVersion;
import org.fuota.file.Recipients;
import org.fuota.history.Actor;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;

/** All devices that have a row or have polled, with what is concluded about each. */
public final class Fleet {
    private static final int PAGE_DEVICES = 1000;
    private static final int MAX_REMEMBERED_FILES = 10_000;

    private final FleetStore store;
    private final HistoryStore history;
    private final StateRules rules;
    private final Predicate<FilePath> fileExists;
    private final ServedTime served;
    private final Clock clock;

    /** @param fileExists whether a file can be downloaded from a path */
    public Fleet(
            Database database,
            HistoryStore history,
            FleetSettings settings,
            Predicate<FilePath> fileExists,
            ServedTime served,
            Clock clock) {
        this.store = new FleetStore(database);
        this.history = history;
        this.rules = new StateRules(settings);
        this.fileExists = fileExists;
        this.served = served;
        this.clock = clock;
    }

    /** How many devices there are in each state, by its label; all states, in their order. Reads the whole fleet. */
    public Map<String, Long> countByState() {
        Map<String, Long> counts = noneByState();
        try {
            forEach(FleetFilter.all(), now(), (device, conclusion) -> {
                counts.merge(conclusion.state().label(), 1L, Long::sum);
                return true;
            });
        } catch (IOException e) {
            throw new IllegalStateException("counting writes nothing", e);
        }
        return counts;
    }

    /** What devices reported after a file with this digest (in hexadecimal) was offered to them, what most did first. */
    public List<LearnedVersion> learnedVersions(String sha256) {
        return store.learnedVersions(sha256);
    }

    /** The devices that are assigned a file, those together that are alike. */
    public List<Recipients> recipients(FilePath path) {
        return store.recipients(path.value());
    }

    /** What those of some devices that have polled said and took last, by their ids. */
    public Map<String, Reports.Report> reports(Transaction statements, List<String> deviceIds) {
        return store.reports(statements, deviceIds);
    }

    static Map<String, Long> noneByState() {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (State state : State.values()) {
            counts.put(state.label(), 0L);
        }
        return counts;
    }

    /** When whatever is concluded for one answer is concluded; else its parts might disagree. */
    Moment now() {
        return served.now();
    }

    /** Hands over the devices that a filter takes, ordered by id, in constant memory, until the consumer has enough. */
    void forEach(FleetFilter filter, Moment now, DeviceConsumer consumer) throws IOException {
        Map<String, Boolean> files = new HashMap<>();
        List<FleetDevice> page = store.page(filter.from(), filter.isFromInclusive(), PAGE_DEVICES);
        while (!page.isEmpty()) {
            for (FleetDevice device : page) {
                if (filter.isPast(device.deviceId())) {
                    return;
                }
                Conclusion conclusion = conclude(device, files, now);
                if (filter.takes(device, conclusion, now.at()) && !consumer.accept(device, conclusion)) {
                    return;
                }
            }
            page = store.page(page.get(page.size() - 1).deviceId(), false, PAGE_DEVICES);
        }
    }

    Optional<FleetDevice> find(String deviceId) {
        return store.find(deviceId);
    }

    Conclusion conclude(FleetDevice device, Moment now) {
        return conclude(device, new HashMap<>(), now);
    }

    /** Forgets what a device's polls told; its row and the audit trail stay. False when it never polled. */
    boolean forget(String deviceId, Actor actor) {
        return store.transaction(transaction -> {
            if (!store.forget(transaction, deviceId)) {
                return false;
            }
            history.forget(transaction, deviceId);
            history.add(
                    transaction,
                    new HistoryEvent(
                            clock.instant(),
                            deviceId,
                            null,
                            EventKind.FORGOTTEN,
                            null,
                            null,
                            actor.user(),
                            actor.remoteAddress()));
            return true;
        });
    }

    private Conclusion conclude(FleetDevice device, Map<String, Boolean> files, Moment now) {
        DeviceRow row = device.row();
        if (files.size() >= MAX_REMEMBERED_FILES) {
            files.clear();
        }
        boolean isFileThere = row != null && files.computeIfAbsent(row.updateFilePath(), this::exists);
        return rules.conclude(device, isFileThere, now);
    }

    private boolean exists(String path) {
        return FilePath.ifRequestable(path).filter(fileExists).isPresent();
    }

    /** Takes a device, and tells whether it wants more. */
    @FunctionalInterface
    interface DeviceConsumer {
        boolean accept(FleetDevice device, Conclusion conclusion) throws IOException;
    }
}
