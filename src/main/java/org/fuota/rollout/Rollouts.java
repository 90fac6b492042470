package org.fuota.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.file.Advice;
import org.fuota.file.FilePath;
import org.fuota.file.ImageFacts;
import org.fuota.file.StoredFile;
import org.fuota.history.Actor;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;
import org.jspecify.annotations.Nullable;

/** What people do with rollouts, each with who, from where, what was and what is. */
public final class Rollouts {
    private final Database database;
    private final RolloutStore store;
    private final GroupStore groups;
    private final StopStore stops = new StopStore();
    private final RunningRollouts running;
    private final HistoryStore history;
    private final Files files;
    private final Supplier<Instant> time;

    /** What rollouts must know of update files. */
    public interface Files {
        Optional<StoredFile> find(FilePath path);

        /** What stands against offering a file to boards that report a version. */
        Advice advice(FilePath path, String version);
    }

    public Rollouts(
            Database database, RunningRollouts running, HistoryStore history, Files files, Supplier<Instant> time) {
        this.database = database;
        this.store = new RolloutStore(database);
        this.groups = new GroupStore(database);
        this.running = running;
        this.history = history;
        this.files = files;
        this.time = time;
    }

    /** What came of it, as sentences, the first of which says what is. */
    record Outcome(boolean isChanged, List<String> lines) {}

    /** Warnings, without making it. */
    List<String> check(RolloutName name, Definition definition, boolean isForced) {
        StoredFile file = file(definition);
        List<String> warnings = warnings(definition, isForced);
        return database.connected(statements -> {
            Optional<Rollout> known = store.find(statements, name.value());
            if (known.isPresent()) {
                return same(known.get(), definition, file).lines();
            }
            requireFree(statements, definition, isForced);
            return warnings;
        });
    }

    private StoredFile file(Definition definition) {
        return files.find(definition.file())
                .orElseThrow(() -> new FuotaException(
                        ErrorCode.NOT_FOUND,
                        "there is no update file " + definition.file().value()));
    }

    Preview.Image image(Definition definition) {
        ImageFacts image = file(definition).image();
        return new Preview.Image(image.chip(), ImageFacts.ownProject(image.project()));
    }

    Map<String, Set<String>> groupsOf(Definition definition) {
        return database.connected(statements -> {
            Map<String, Set<String>> members = new HashMap<>();
            definition.groups().forEach(group -> members.put(group, groups.all(statements, group)));
            return members;
        });
    }

    private List<String> warnings(Definition definition, boolean isForced) {
        List<String> warnings = new ArrayList<>();
        for (String version : definition.replaces()) {
            Advice advice = files.advice(definition.file(), version);
            if (!isForced) {
                advice.refusal().ifPresent(refusal -> {
                    throw new FuotaException(ErrorCode.CONFLICT, refusal);
                });
            }
            advice.sentences().forEach(sentence -> warnings.add("warning: " + sentence));
        }
        return warnings.stream().distinct().toList();
    }

    /** @throws FuotaException that says what stands against it; some of that isForced overrules */
    Outcome create(RolloutName name, Definition definition, boolean isForced, Actor actor) {
        StoredFile file = file(definition);
        List<String> warnings = warnings(definition, isForced);
        Instant now = time.get();
        boolean isLater = definition.starts() != null && definition.starts().isAfter(now);
        Outcome outcome = store.transaction(transaction -> {
            Optional<Rollout> known = store.find(transaction, name.value());
            if (known.isPresent()) {
                return same(known.get(), definition, file);
            }
            requireFree(transaction, definition, isForced);
            Rollout made = new Rollout(
                    0,
                    name.value(),
                    definition,
                    file.sha256().hex(),
                    file.image().chip(),
                    ImageFacts.ownProject(file.image().project()),
                    isLater ? RolloutState.SCHEDULED : RolloutState.RUNNING,
                    isLater ? "it starts at " + definition.starts() : "",
                    0,
                    now,
                    null,
                    null,
                    0);
            long number = store.add(transaction, made);
            if (!isLater) {
                store.begin(transaction, number, 0, now);
            }
            note(
                    transaction,
                    name.value(),
                    null,
                    made.state().label() + " " + DefinitionJson.json(definition),
                    actor,
                    now);
            List<String> lines = new ArrayList<>();
            lines.add("rollout " + name.value() + " is " + made.state().label());
            lines.addAll(warnings.stream()
                    .distinct()
                    .map(warning -> "warning: " + warning)
                    .toList());
            return new Outcome(true, lines);
        });
        running.read();
        return outcome;
    }

    /** So that a CI may repeat itself. */
    private static Outcome same(Rollout known, Definition definition, StoredFile file) {
        if (!DefinitionJson.json(known.definition()).equals(DefinitionJson.json(definition))
                || !known.sha256().equals(file.sha256().hex())) {
            throw new FuotaException(
                    ErrorCode.CONFLICT,
                    "rollout " + known.name()
                            + " exists with another definition: a rollout is never changed; stop it and make another");
        }
        return new Outcome(
                false,
                List.of("rollout " + known.name() + " is " + known.state().label() + " already"));
    }

    private void requireFree(Transaction transaction, Definition definition, boolean isForced) {
        requireGroups(transaction, definition);
        if (!isForced) {
            requireAlone(transaction, definition);
        }
    }

    private void requireGroups(Transaction transaction, Definition definition) {
        for (String group : definition.groups()) {
            if (!groups.exists(transaction, group)) {
                throw new FuotaException(ErrorCode.NOT_FOUND, "there is no group " + group);
            }
        }
    }

    private void requireAlone(Transaction transaction, Definition definition) {
        for (Rollout other : store.open(transaction)) {
            for (String version : definition.replaces()) {
                if (other.definition().replaces().contains(version) && mayShare(other.definition(), definition)) {
                    throw new FuotaException(
                            ErrorCode.CONFLICT,
                            "rollout " + other.name() + " replaces version " + version
                                    + ", too, for boards that may be the same; stop it, or force this one");
                }
            }
        }
    }

    private static boolean mayShare(Definition one, Definition other) {
        return (one.prefix().startsWith(other.prefix()) || other.prefix().startsWith(one.prefix()))
                && (one.group() == null || !one.group().equals(other.except()))
                && (other.group() == null || !other.group().equals(one.except()));
    }

    /** What a user may have a rollout do. */
    enum Action {
        PAUSE(Set.of(RolloutState.RUNNING, RolloutState.COMPLETED, RolloutState.SCHEDULED)),
        RESUME(Set.of(RolloutState.PAUSED)),
        ADVANCE(Set.of(RolloutState.RUNNING)),
        STOP(Set.of(RolloutState.SCHEDULED, RolloutState.RUNNING, RolloutState.PAUSED, RolloutState.COMPLETED));

        private final Set<RolloutState> from;

        Action(Set<RolloutState> from) {
            this.from = from;
        }
    }

    /** @param why empty, or what the user says of it */
    Outcome act(RolloutName name, Action action, String why, Actor actor) {
        Instant now = time.get();
        Outcome outcome = store.transaction(transaction -> {
            Rollout rollout = store.find(transaction, name.value()).orElseThrow(() -> unknown(name));
            if (!action.from.contains(rollout.state())) {
                throw new FuotaException(
                        ErrorCode.CONFLICT,
                        "rollout " + name.value() + " is " + rollout.state().label()
                                + (rollout.reason().isEmpty() ? "" : ": " + rollout.reason()));
            }
            if (action == Action.RESUME && running.isChanged(rollout)) {
                throw new FuotaException(ErrorCode.CONFLICT, changed(rollout));
            }
            RolloutState state = act(transaction, rollout, action, by(actor, why), now);
            String after = state.label()
                    + (action == Action.ADVANCE ? ", advanced by hand" : "")
                    + (why.isEmpty() ? "" : ": " + why);
            note(transaction, name.value(), rollout.state().label(), after, actor, now);
            return new Outcome(true, List.of("rollout " + name.value() + " is " + after));
        });
        running.read();
        return outcome;
    }

    private RolloutState act(Transaction transaction, Rollout rollout, Action action, String reason, Instant now) {
        switch (action) {
            case PAUSE -> store.turn(transaction, rollout, RolloutState.PAUSED, reason, now);
            case STOP -> store.turn(transaction, rollout, RolloutState.STOPPED, reason, now);
            case RESUME -> {
                store.setFailuresAside(transaction, rollout, now);
                return resume(transaction, rollout, now);
            }
            case ADVANCE -> {
                return advance(transaction, rollout, now);
            }
        }
        return action == Action.PAUSE ? RolloutState.PAUSED : RolloutState.STOPPED;
    }

    /** To what it was. */
    private RolloutState resume(Transaction transaction, Rollout rollout, Instant now) {
        boolean hasBegun = rollout.stageBegan() != null;
        boolean isOver = store.passages(transaction, rollout).stream()
                .anyMatch(passage -> passage.passed() != null && passage.stage() == rollout.stage());
        RolloutState state = !hasBegun
                ? RolloutState.SCHEDULED
                : isOver && rollout.isInLastStage() ? RolloutState.COMPLETED : RolloutState.RUNNING;
        store.turn(transaction, rollout, state, "", now);
        return state;
    }

    /** Ends the stage of a running one, and begins the next, if there is one. */
    RolloutState advance(Transaction transaction, Rollout rollout, Instant now) {
        store.pass(transaction, rollout, now);
        if (rollout.isInLastStage()) {
            store.turn(transaction, rollout, RolloutState.COMPLETED, "", now);
            return RolloutState.COMPLETED;
        }
        store.begin(transaction, rollout.number(), rollout.stage() + 1, now);
        return RolloutState.RUNNING;
    }

    static String changed(Rollout rollout) {
        return rollout.definition().file().value() + " isn't what rollout " + rollout.name() + " was made for any more";
    }

    private static String by(Actor actor, String why) {
        return "by " + actor.user() + (why.isEmpty() ? "" : ": " + why);
    }

    static FuotaException unknown(RolloutName name) {
        return new FuotaException(ErrorCode.NOT_FOUND, "there is no rollout " + name.value());
    }

    /** Stops all offers; false when they were. */
    boolean stop(String why, Actor actor) {
        Instant now = time.get();
        boolean isNew = database.transaction(transaction -> {
            boolean isPut = stops.put(transaction, new Stop(now, actor.user(), actor.remoteAddress(), why));
            if (isPut) {
                note(transaction, EventKind.STOP, null, why, actor, now);
            }
            return isPut;
        });
        running.read();
        return isNew;
    }

    /** Lets offers go on; false when they were. */
    boolean goOn(Actor actor) {
        Instant now = time.get();
        boolean wasStopped = database.transaction(transaction -> {
            String before = stops.find(transaction).map(Stop::why).orElse("");
            boolean isDeleted = stops.delete(transaction);
            if (isDeleted) {
                note(transaction, EventKind.STOP, before, null, actor, now);
            }
            return isDeleted;
        });
        running.read();
        return wasStopped;
    }

    Optional<Stop> stopped() {
        return database.connected(stops::find);
    }

    /** Boards join a group; returns how many are new in it. */
    int join(RolloutName group, List<String> deviceIds, Actor actor) {
        return changeGroup(
                group, actor, transaction -> groups.add(transaction, group.value(), deviceIds), "joined by ");
    }

    int leave(RolloutName group, String deviceId, Actor actor) {
        return changeGroup(
                group, actor, transaction -> groups.delete(transaction, group.value(), deviceId), "left by ");
    }

    /** @throws FuotaException while a rollout that isn't stopped names it */
    int disband(RolloutName group, Actor actor) {
        return changeGroup(
                group,
                actor,
                transaction -> {
                    for (Rollout rollout : store.open(transaction)) {
                        if (rollout.definition().groups().contains(group.value())) {
                            throw new FuotaException(
                                    ErrorCode.CONFLICT,
                                    "rollout " + rollout.name() + ", which isn't stopped, names group "
                                            + group.value());
                        }
                    }
                    return groups.delete(transaction, group.value());
                },
                "left by all ");
    }

    private interface Change {
        int in(Transaction transaction);
    }

    private int changeGroup(RolloutName group, Actor actor, Change change, String what) {
        Instant now = time.get();
        int boards = database.transaction(transaction -> {
            int changed = change.in(transaction);
            if (changed > 0) {
                note(transaction, EventKind.GROUP, null, group.value() + " " + what + changed, actor, now);
            }
            return changed;
        });
        if (boards > 0) {
            running.read();
        }
        return boards;
    }

    GroupStore groups() {
        return groups;
    }

    RolloutStore store() {
        return store;
    }

    private void note(
            Transaction transaction, String rollout, @Nullable String before, String after, Actor actor, Instant now) {
        note(
                transaction,
                EventKind.ROLLOUT,
                before == null ? null : rollout + " " + before,
                rollout + " " + after,
                actor,
                now);
    }

    private void note(
            Transaction transaction,
            EventKind kind,
            @Nullable String before,
            @Nullable String after,
            Actor actor,
            Instant now) {
        history.add(
                transaction,
                new HistoryEvent(now, null, null, kind, before, after, actor.user(), actor.remoteAddress()));
    }

    /** @throws FuotaException while a rollout that isn't stopped names the file */
    public static void requireUnused(Transaction transaction, FilePath path) {
        List<String> names = RolloutStore.openOf(transaction, path);
        if (!names.isEmpty()) {
            throw new FuotaException(
                    ErrorCode.CONFLICT,
                    "update file " + path.value() + " is rolled out by " + String.join(", ", names)
                            + (names.size() == 1 ? ", which isn't stopped" : ", which aren't stopped"));
        }
    }

    static final Duration LATELY = Duration.ofDays(7);
}
