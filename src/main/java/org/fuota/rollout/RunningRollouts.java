package org.fuota.rollout;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.fuota.error.FuotaException;
import org.fuota.file.FilePath;
import org.jspecify.annotations.Nullable;

/**
 * The rollouts that aren't stopped, their groups, and whether all offers are: in memory, read anew every second on every node, so that a poll
 * is decided without asking for them. What hasn't been read for too long offers nothing: what can't be stopped isn't started.
 */
public final class RunningRollouts {
    private static final Logger LOG = Logger.getLogger(RunningRollouts.class.getName());
    private static final long MAX_AGE_NANOS = 10_000_000_000L;

    private final Database database;
    private final RolloutStore store;
    private final GroupStore groups;
    private final StopStore stops = new StopStore();
    private final Supplier<Instant> time;
    private final LongSupplier nanoTime;
    private final Map<Long, AtomicInteger> tokens = new ConcurrentHashMap<>();
    private volatile Rules rules;

    /**
     * @param open those that aren't stopped, the oldest first
     * @param followed these, and those that were stopped lately
     * @param changed of the open ones: the paths that hold other bytes by now, by the rollout's number
     * @param groups the ids in those groups that open ones name
     * @param at by the database's clock
     */
    private record Rules(
            @Nullable Stop stop,
            Map<Long, Rollout> open,
            Map<Long, Rollout> followed,
            Map<Long, Set<String>> changed,
            Map<String, Set<String>> groups,
            long groupVersion,
            Instant at,
            long readNanos) {}

    /** What a rollout offers. */
    public record Offered(
            long rollout,
            String name,
            FilePath file,
            String sha256,
            @Nullable String chip,
            @Nullable String project) {}

    /** Knows boards. */
    public interface Boards {
        /** @param version what the board reports */
        Board find(String deviceId, String version);
    }

    /** Why a rollout that concerns a board offers it nothing. */
    public record Objection(String rollout, String why) {}

    /**
     * @param time by the clock that all nodes share
     * @param nanoTime a running time in nanoseconds, such as {@link System#nanoTime}
     */
    public RunningRollouts(Database database, Supplier<Instant> time, LongSupplier nanoTime) {
        this.database = database;
        this.store = new RolloutStore(database);
        this.groups = new GroupStore(database);
        this.time = time;
        this.nanoTime = nanoTime;
        this.rules = new Rules(
                null,
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                -1,
                Instant.EPOCH,
                nanoTime.getAsLong() - MAX_AGE_NANOS - 1);
    }

    /** Reads them anew; to be called every second. */
    public synchronized void read() {
        long begunNanos = nanoTime.getAsLong();
        Instant now = time.get();
        Rules before = rules;
        Rules read = database.connected(statements -> read(statements, before, now, begunNanos));
        // First: it mustn't wait for what is written.
        rules = read;
        handOut(read, now);
    }

    /** The same after a change that is done: if this can't be told now, it is within a second. */
    void readSoon() {
        try {
            read();
        } catch (FuotaException e) {
            LOG.log(Level.FINE, e, () -> "the rules are read again in a second");
        }
    }

    /** Whether they were ever read. */
    public boolean isKnown() {
        return rules.groupVersion() >= 0;
    }

    private Rules read(Transaction statements, Rules before, Instant now, long begunNanos) {
        Map<Long, Rollout> open = new LinkedHashMap<>();
        Map<Long, Rollout> followed = new LinkedHashMap<>();
        store.followed(statements, now.minus(Rollouts.LATELY)).forEach(rollout -> {
            followed.put(rollout.number(), rollout);
            if (rollout.state() != RolloutState.STOPPED) {
                open.put(rollout.number(), rollout);
            }
        });
        long version = groups.version(statements);
        Set<String> named = new HashSet<>();
        open.values().forEach(rollout -> named.addAll(rollout.definition().groups()));
        Map<String, Set<String>> members = new HashMap<>();
        for (String group : named) {
            Set<String> known =
                    before.groupVersion() == version ? before.groups().get(group) : null;
            members.put(group, known != null ? known : groups.all(statements, group));
        }
        return new Rules(
                stops.find(statements).orElse(null),
                open,
                followed,
                RolloutStore.changed(statements),
                members,
                version,
                now,
                begunNanos);
    }

    /** First offers of a second, to one of the nodes; what it hasn't used then, it may have in the next. */
    private void handOut(Rules read, Instant now) {
        tokens.keySet().retainAll(read.open().keySet());
        for (Rollout rollout : read.open().values()) {
            int perMinute = rollout.definition().offersPerMinute();
            AtomicInteger left = tokens.computeIfAbsent(rollout.number(), number -> new AtomicInteger());
            long second = now.getEpochSecond();
            // Of the time since somebody had some, but a second's worth at most.
            long due = Math.min(
                    second * perMinute / 60 - rollout.pacedTo() * perMinute / 60, Math.max(1, (perMinute + 59) / 60));
            if (due > 0
                    && rollout.state().isOffering()
                    && left.get() < due
                    && database.update(
                                    "UPDATE rollout SET paced_to = ? WHERE number = ? AND paced_to = ?",
                                    second,
                                    rollout.number(),
                                    rollout.pacedTo())
                            > 0) {
                left.set((int) due);
            }
        }
    }

    /** That all offers are stopped, as far as this node knows. */
    public Optional<Stop> stop() {
        return Optional.ofNullable(rules.stop());
    }

    /** Those that are paused, the oldest first. */
    public List<PausedRollout> paused() {
        return rules.open().values().stream()
                .filter(rollout -> rollout.state() == RolloutState.PAUSED)
                .map(rollout -> new PausedRollout(rollout.name(), rollout.reason(), rollout.since()))
                .toList();
    }

    /** Those that aren't stopped, the oldest first. */
    Map<Long, Rollout> open() {
        return rules.open();
    }

    /** These, and those that were stopped lately: what they offered may come to something yet. */
    Map<Long, Rollout> followed() {
        return rules.followed();
    }

    /** The path of one that holds other bytes than it was made for. Of those that take back each board is held back by its own alone. */
    Optional<String> changed(Rollout rollout) {
        return rollout.undoes() != null
                ? Optional.empty()
                : rules.changed().getOrDefault(rollout.number(), Set.of()).stream()
                        .findFirst();
    }

    boolean isInGroup(String group, String deviceId) {
        Set<String> members = rules.groups().get(group);
        return members != null && members.contains(deviceId);
    }

    /**
     * What the first of them offers to a board that reports a version; empty for nothing.
     *
     * @param boards what must be known of a board; asked only where a rollout is meant for it
     */
    public Optional<Offered> offer(String deviceId, String version, Boards boards) {
        return first(deviceId, version, boards, new ArrayList<>(), true);
    }

    /** As {@link #offer}, for whoever only asks; and why each other that replaces the version offers nothing. */
    public Optional<Offered> explain(String deviceId, String version, Boards boards, List<Objection> objections) {
        Optional<Offered> first = first(deviceId, version, boards, objections, false);
        for (Rollout rollout : rules.open().values()) {
            boolean isTold = objections.stream().anyMatch(one -> one.rollout().equals(rollout.name()));
            boolean isFirst =
                    first.filter(one -> one.rollout() == rollout.number()).isPresent();
            if (!isTold && !isFirst && rollout.definition().replaces().contains(version)) {
                objections.add(new Objection(
                        rollout.name(),
                        RolloutRules.isMeant(rollout.definition(), deviceId, this::isInGroup)
                                ? "rollout " + first.map(Offered::name).orElse("") + " comes before it"
                                : RolloutRules.whomFor(rollout.definition())));
            }
        }
        return first;
    }

    private Optional<Offered> first(
            String deviceId, String version, Boards boards, List<Objection> objections, boolean isPoll) {
        Rules known = rules;
        if (known.open().isEmpty()) {
            return Optional.empty();
        }
        boolean isTooOld = nanoTime.getAsLong() - known.readNanos() > MAX_AGE_NANOS;
        Board board = null;
        for (Rollout rollout : known.open().values()) {
            if (!RolloutRules.concerns(rollout, deviceId, version, this::isInGroup)) {
                continue;
            }
            if (isTooOld) {
                objections.add(new Objection(rollout.name(), "this server couldn't read the rules lately"));
                continue;
            }
            if (isPoll && !RolloutRules.isReached(rollout, deviceId, this::isInGroup)) {
                continue;
            }
            board = board == null ? boards.find(deviceId, version) : board;
            String why = RolloutRules.objection(
                    rollout,
                    deviceId,
                    board,
                    known.changed().getOrDefault(rollout.number(), Set.of()),
                    now(known),
                    this::isInGroup,
                    () -> mayBegin(rollout, isPoll));
            Release release = why == null ? rollout.release(board) : null;
            if (release != null) {
                return Optional.of(new Offered(
                        rollout.number(),
                        rollout.name(),
                        release.path(),
                        release.sha256(),
                        release.chip(),
                        release.project()));
            }
            objections.add(new Objection(rollout.name(), String.valueOf(why)));
        }
        return Optional.empty();
    }

    /**
     * Whether one that has come to a board offers it a file, whatever the board reports, or did until it was paused or stopped: a download
     * that has begun may be resumed.
     */
    public boolean mayOffer(String deviceId, String path, Boards boards) {
        return rules.followed().values().stream()
                .anyMatch(rollout -> rollout.releases().stream()
                                .anyMatch(release -> release.path().value().equals(path))
                        && RolloutRules.isMeant(rollout.definition(), deviceId, this::isInGroup)
                        && RolloutRules.hasCome(rollout, deviceId, this::isInGroup)
                        && (rollout.undoes() == null || isOfBoard(rollout, deviceId, path, boards)));
    }

    private static boolean isOfBoard(Rollout rollout, String deviceId, String path, Boards boards) {
        Release release = rollout.release(boards.find(deviceId, ""));
        return release != null && release.path().value().equals(path);
    }

    private boolean mayBegin(Rollout rollout, boolean isPoll) {
        AtomicInteger left = tokens.get(rollout.number());
        return rollout.definition().offersPerMinute() == 0
                || left != null && (isPoll ? left.getAndUpdate(count -> Math.max(0, count - 1)) : left.get()) > 0;
    }

    private Instant now(Rules known) {
        return known.at().plusNanos(nanoTime.getAsLong() - known.readNanos());
    }
}
