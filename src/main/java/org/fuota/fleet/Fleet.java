package org.fuota.fleet;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.fuota.device.Reports;
import org.fuota.evidence.FleetDevice;
import org.fuota.evidence.State;
import org.fuota.file.FilePath;
import org.fuota.file.LearnedVersion;
import org.fuota.file.Recipients;
import org.fuota.history.Actor;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;
import org.fuota.rollout.TrialStore;

/** All devices that have an assignment or have polled, with what is concluded about each. */
public final class Fleet implements Reports {
    private static final State[] STATES = State.values();

    private final DeviceStore devices;
    private final ReportStore learned;
    private final HistoryStore history;
    private final States states;
    private final StateKeeper keeper;
    private final Counts counts;
    private final Clock clock;

    /** @param nanoTime a running time in nanoseconds, such as {@link System#nanoTime} */
    public Fleet(Database database, HistoryStore history, States states, Clock clock, LongSupplier nanoTime) {
        this.devices = new DeviceStore(database);
        this.learned = new ReportStore(database);
        this.history = history;
        this.states = states;
        this.keeper = new StateKeeper(devices, states, nanoTime);
        this.counts = new Counts(nanoTime);
        this.clock = clock;
    }

    /** How many devices there are in each state, by its label, as of a moment ago; all states, in their order. */
    public Map<String, Long> countByState() {
        return countByState(Where.ALL);
    }

    Map<String, Long> countByState(Where where) {
        Map<String, Long> byState = noneByState();
        countBy("state", where).forEach((state, count) -> byState.put(STATES[Integer.parseInt(state)].label(), count));
        return byState;
    }

    /** How many devices reported each version last, in its order; an empty one stands for none. */
    Map<String, Long> countByVersion(Where where) {
        return new TreeMap<>(countBy("app_ver", where));
    }

    /** How many devices took each image last, by its digest, in their order; an empty one stands for none that is known. */
    Map<String, Long> countByImage(Where where) {
        return new TreeMap<>(countBy(FleetFilter.TAKEN, where));
    }

    /**
     * The same by what the images say of themselves; an empty text stands for nothing that is known.
     *
     * @param fact a column of {@code offered_image}
     */
    Map<String, Long> countByImageFact(String fact, Where where) {
        Map<String, String> facts = learned.imageFacts(fact);
        Map<String, Long> byFact = new TreeMap<>();
        countByImage(where).forEach((sha256, count) -> byFact.merge(facts.getOrDefault(sha256, ""), count, Long::sum));
        return byFact;
    }

    /** How many devices there are in each group that has some, in the order of their names. */
    Map<String, Long> countByGroup(Where where) {
        return new TreeMap<>(counts.get("group" + where.sql() + where.values(), () -> devices.countByGroup(where)));
    }

    private Map<String, Long> countBy(String column, Where where) {
        return counts.get(column + where.sql() + where.values(), () -> devices.countBy(column, where));
    }

    static Map<String, Long> noneByState() {
        Map<String, Long> none = new LinkedHashMap<>();
        for (State state : STATES) {
            none.put(state.label(), 0L);
        }
        return none;
    }

    /** What devices reported after a file with this digest (in hexadecimal) was offered to them, what most did first. */
    public List<LearnedVersion> learnedVersions(String sha256) {
        return learned.learnedVersions(sha256);
    }

    DeviceTags tags(String deviceId) {
        return learned.tags(deviceId);
    }

    @Override
    public List<Recipients> recipients(FilePath path) {
        return learned.recipients(path.value());
    }

    @Override
    public Map<String, Reports.Report> find(Transaction statements, List<String> deviceIds) {
        return learned.reports(statements, deviceIds);
    }

    @Override
    public void assigned(Transaction transaction, List<String> deviceIds, Instant at) {
        keeper.keep(transaction, deviceIds, at, states.served().now());
    }

    /** An update file has come to a path, or gone: what that means to devices is concluded at the next {@link #tick}. */
    public void fileChanged(FilePath path) {
        keeper.fileChanged(path.value());
    }

    /** All are looked at anew, some at each {@link #tick}: for what nobody tells, such as changes by hand. */
    public void lookAtAll() {
        keeper.lookAtAll();
    }

    /** Concludes what is due, because time has passed or a file has changed. A second of work at most; to be called often. */
    public void tick() {
        keeper.tick();
    }

    /** Up to so many devices of a query, from where it begins. */
    List<FleetDevice> page(FleetQuery query, int limit) {
        if (query.offset() == null) {
            String after = query.after();
            return devices.first(after == null ? query.where() : query.where().and("device_id > ?", after), limit);
        }
        int offset = query.offset();
        if (!query.mayBeUnknown()) {
            return devices.page(query.where(), query.order(), limit, offset);
        }
        Where known = query.where().and(query.column() + " IS NOT NULL");
        List<FleetDevice> page = new ArrayList<>(devices.page(known, query.order(), limit, offset));
        if (page.size() < limit) {
            long before = page.isEmpty() && offset > 0 ? offset - devices.count(known) : 0;
            page.addAll(devices.page(
                    query.where().and(query.column() + " IS NULL"),
                    query.isDescending() ? "device_id DESC" : "device_id",
                    limit - page.size(),
                    Math.max(0, before)));
        }
        return page;
    }

    /** As it is by now, whatever was kept of it. */
    Optional<FleetDevice> find(String deviceId) {
        return devices
                .read(statements -> keeper.conclude(
                        statements, List.of(deviceId), states.served().now()))
                .stream()
                .findFirst();
    }

    /** When those of some devices that ever polled did so last, as far as that is written. */
    Map<String, Instant> lastSeen(List<String> deviceIds) {
        return devices.read(statements -> devices.lastSeen(statements, deviceIds));
    }

    /**
     * Forgets what the polls of some devices told; their assignments and the audit trail stay.
     *
     * @param polled those that have polled, though that isn't kept yet
     * @return how many ever polled
     */
    int forget(List<String> deviceIds, Set<String> polled, Actor actor) {
        return devices.transaction(transaction -> {
            Map<String, FleetDevice> before = devices.find(transaction, deviceIds);
            List<String> forgotten = deviceIds.stream()
                    .filter(id -> polled.contains(id)
                            || before.containsKey(id) && before.get(id).status() != null)
                    .toList();
            devices.delete(transaction, forgotten);
            TrialStore.forget(transaction, forgotten);
            States.Round round = states.at(states.served().now());
            devices.write(
                    transaction,
                    Map.of(),
                    forgotten.stream()
                            .map(before::get)
                            .filter(known -> known != null && known.row() != null)
                            .map(known -> round.conclude(known.deviceId(), known.row(), known.assignedAt(), null))
                            .toList());
            history.forget(transaction, forgotten);
            history.add(
                    transaction,
                    forgotten.stream().map(id -> forgotten(id, actor)).toList());
            return forgotten.size();
        });
    }

    private HistoryEvent forgotten(String deviceId, Actor actor) {
        return new HistoryEvent(
                clock.instant(), deviceId, null, EventKind.FORGOTTEN, null, null, actor.user(), actor.remoteAddress());
    }
}
