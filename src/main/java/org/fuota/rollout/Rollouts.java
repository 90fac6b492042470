package org.fuota.rollout;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.file.Advice;
import org.fuota.file.FilePath;
import org.fuota.file.StoredFile;
import org.fuota.history.Actor;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryStore;
import org.fuota.notify.Event;
import org.jspecify.annotations.Nullable;

/** What people do with rollouts, each with who, from where, what was and what is. */
public final class Rollouts {
    private final Database database;
    private final RolloutStore store;
    private final Groups groups;
    private final StopStore stops = new StopStore();
    private final RunningRollouts running;
    private final Journal journal;
    private final TrialStore trials;
    private final Files files;
    private final Supplier<Instant> time;
    private final Supplier<Long> served;

    /** What rollouts must know of update files. */
    public interface Files {
        Optional<StoredFile> find(FilePath path);

        /** What stands against offering a file to boards that report a version. */
        Advice advice(FilePath path, String version);
    }

    /**
     * @param told of what others should know at once
     * @param time by the clock that all nodes share
     * @param served how long was served by now
     */
    public Rollouts(
            Database database,
            RunningRollouts running,
            TrialStore trials,
            HistoryStore history,
            BiConsumer<Transaction, Event> told,
            Files files,
            Supplier<Instant> time,
            Supplier<Long> served) {
        this.database = database;
        this.store = new RolloutStore(database);
        this.running = running;
        this.trials = trials;
        this.journal = new Journal(history, told);
        this.files = files;
        this.time = time;
        this.served = served;
        this.groups = new Groups(database, store, running, journal, time);
    }

    /** What came of it, as sentences, the first of which says what is. */
    record Outcome(boolean isChanged, List<String> lines) {}

    /** Warnings, without making it. */
    List<String> check(RolloutName name, Definition definition, boolean isForced) {
        Optional<Rollout> before = store.find(name.value());
        if (before.isPresent()) {
            return same(before.get(), definition).lines();
        }
        List<String> warnings = warnings(definition, isForced);
        return database.connected(statements -> {
            requireFree(statements, definition, isForced);
            return warnings;
        });
    }

    /** What a definition would have rolled out now. */
    Release release(Definition definition) {
        return Release.of(file(Objects.requireNonNull(definition.file())));
    }

    private StoredFile file(FilePath path) {
        return files.find(path)
                .orElseThrow(() -> new FuotaException(ErrorCode.NOT_FOUND, "there is no update file " + path.value()));
    }

    Map<String, Set<String>> groupsOf(Definition definition) {
        return database.connected(statements -> {
            Map<String, Set<String>> members = new HashMap<>();
            definition
                    .groups()
                    .forEach(group -> members.put(group, groups.store().all(statements, group)));
            return members;
        });
    }

    private List<String> warnings(Definition definition, boolean isForced) {
        FilePath file = Objects.requireNonNull(definition.file());
        List<String> warnings = new ArrayList<>();
        for (String version : definition.replaces()) {
            Advice advice = files.advice(file, version);
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
        Optional<Rollout> before = store.find(name.value());
        if (before.isPresent()) {
            return same(before.get(), definition);
        }
        Release release = release(definition);
        List<String> warnings = warnings(definition, isForced);
        Instant now = time.get();
        Outcome outcome = store.transaction(transaction -> {
            Optional<Rollout> known = store.find(transaction, name.value());
            if (known.isPresent()) {
                return same(known.get(), definition);
            }
            requireFree(transaction, definition, isForced);
            Rollout made = add(transaction, name.value(), definition, null, List.of(release), actor, now);
            List<String> lines = new ArrayList<>();
            lines.add("rollout " + name.value() + " is " + made.state().label());
            lines.addAll(warnings);
            return new Outcome(true, lines);
        });
        running.readSoon();
        return outcome;
    }

    private static boolean isLater(Definition definition, Instant now) {
        return definition.starts() != null && definition.starts().isAfter(now);
    }

    private Rollout add(
            Transaction transaction,
            String name,
            Definition definition,
            @Nullable Long undoes,
            List<Release> releases,
            Actor actor,
            Instant now) {
        boolean isLater = isLater(definition, now);
        Rollout made = new Rollout(
                store.nextNumber(transaction),
                name,
                definition,
                undoes,
                releases,
                isLater ? RolloutState.SCHEDULED : RolloutState.RUNNING,
                isLater ? "it starts at " + definition.starts() : "",
                0,
                now,
                null,
                0,
                null,
                0);
        store.add(transaction, made);
        journal.turned(
                transaction, name, null, made.state().label() + " " + DefinitionJson.json(definition), actor, now);
        if (!isLater) {
            begin(transaction, made, 0, now);
        }
        return made;
    }

    /** Has a stage begin. */
    void begin(Transaction transaction, Rollout rollout, int stage, Instant now) {
        store.begin(transaction, rollout.number(), stage, now, served.get());
        List<Stage> stages = rollout.definition().stages();
        journal.tell(
                transaction,
                Event.Kind.ROLLOUT_STAGE,
                rollout.name(),
                "Rollout " + rollout.name() + " comes to stage " + (stage + 1) + " of " + stages.size() + ": "
                        + stages.get(stage).words(),
                now);
    }

    /** So that a CI may repeat itself. */
    private Outcome same(Rollout known, Definition definition) {
        boolean isOther = known.undoes() != null
                || !DefinitionJson.json(known.definition()).equals(DefinitionJson.json(definition))
                || files.find(Objects.requireNonNull(definition.file()))
                        .filter(file -> !file.sha256()
                                .hex()
                                .equals(known.releases().get(0).sha256()))
                        .isPresent();
        if (isOther) {
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
            if (!groups.store().exists(transaction, group)) {
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
                                    + ", too, for boards that may be the same: stop it first; ?force=true makes this one anyway");
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
            if (action == Action.RESUME) {
                running.changed(rollout).ifPresent(path -> {
                    throw new FuotaException(ErrorCode.CONFLICT, changed(rollout, path));
                });
            }
            RolloutState state = act(transaction, rollout, action, by(actor, why), now);
            String after = state.label()
                    + (action == Action.ADVANCE ? ", advanced by hand" : "")
                    + (why.isEmpty() ? "" : ": " + why);
            journal.turned(transaction, name.value(), rollout.state().label(), after, actor, now);
            return new Outcome(true, List.of("rollout " + name.value() + " is " + after));
        });
        running.readSoon();
        return outcome;
    }

    private RolloutState act(Transaction transaction, Rollout rollout, Action action, String reason, Instant now) {
        switch (action) {
            case PAUSE -> pause(transaction, rollout, reason, now);
            case STOP -> store.turn(transaction, rollout, RolloutState.STOPPED, reason, now);
            case RESUME -> {
                trials.notice(transaction, rollout, served.get(), now);
                store.setFailuresAside(transaction, rollout, now);
                return resume(transaction, rollout, now);
            }
            case ADVANCE -> {
                return advance(transaction, rollout, now);
            }
        }
        return action == Action.PAUSE ? RolloutState.PAUSED : RolloutState.STOPPED;
    }

    /** Pauses one, and has others know. */
    void pause(Transaction transaction, Rollout rollout, String reason, Instant now) {
        store.turn(transaction, rollout, RolloutState.PAUSED, reason, now);
        journal.tell(
                transaction,
                Event.Kind.ROLLOUT_PAUSED,
                rollout.name(),
                "Rollout " + rollout.name() + " is paused: " + reason,
                now);
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
            journal.tell(
                    transaction,
                    Event.Kind.ROLLOUT_COMPLETED,
                    rollout.name(),
                    "Rollout " + rollout.name() + " is completed",
                    now);
            return RolloutState.COMPLETED;
        }
        begin(transaction, rollout, rollout.stage() + 1, now);
        return RolloutState.RUNNING;
    }

    static String changed(Rollout rollout, String path) {
        return path + " isn't what rollout " + rollout.name() + " was made for any more";
    }

    /** What boards are offered that go back, and who can't. */
    record WayBack(Rollout rollout, List<String> lines) {}

    /**
     * Stops a rollout, and has its boards offered what they took before.
     *
     * @param file what those are offered of which that isn't known, or isn't there any more; null for nothing
     */
    WayBack rollBack(RolloutName name, @Nullable FilePath file, boolean isForced, Actor actor) {
        RolloutName back = new RolloutName(name.value() + RolloutName.ROLLBACK);
        Optional<StoredFile> fallback = Optional.ofNullable(file).map(this::file);
        Instant now = time.get();
        WayBack made = store.transaction(transaction -> {
            Rollout rollout = store.find(transaction, name.value()).orElseThrow(() -> unknown(name));
            if (store.find(transaction, back.value()).isPresent()) {
                throw new FuotaException(ErrorCode.CONFLICT, "rollout " + back.value() + " exists already");
            }
            Definition definition = wayBack(rollout, versions(transaction, rollout), file);
            List<Release> releases = new ArrayList<>(TrialStore.takenBefore(transaction, rollout));
            fallback.map(Release::of)
                    .filter(release -> releases.stream()
                            .noneMatch(known ->
                                    known.path().value().equals(release.path().value())))
                    .ifPresent(releases::add);
            if (rollout.state() != RolloutState.STOPPED) {
                store.turn(transaction, rollout, RolloutState.STOPPED, by(actor, "rolled back"), now);
                journal.turned(
                        transaction,
                        name.value(),
                        rollout.state().label(),
                        RolloutState.STOPPED.label() + ": rolled back",
                        actor,
                        now);
            }
            requireFree(transaction, definition, isForced);
            Rollout undoing = add(transaction, back.value(), definition, rollout.number(), releases, actor, now);
            return new WayBack(
                    undoing,
                    List.of(
                            "rollout " + name.value() + " is stopped",
                            "rollout " + back.value() + " is " + undoing.state().label()));
        });
        running.readSoon();
        return made;
    }

    /** What boards report that a rollout has updated; and what they will, of which nobody has told yet. */
    private List<String> versions(Transaction transaction, Rollout rollout) {
        Set<String> versions =
                new LinkedHashSet<>(TrialStore.updatedTo(transaction, rollout, DefinitionJson.MAX_VERSIONS - 1));
        FilePath path = rollout.definition().file();
        if (path != null) {
            files.find(path)
                    .filter(file ->
                            file.sha256().hex().equals(rollout.releases().get(0).sha256()))
                    .map(file -> file.image().version())
                    .filter(version -> !version.isEmpty())
                    .ifPresent(versions::add);
        }
        rollout.definition().replaces().forEach(versions::remove);
        if (versions.isEmpty()) {
            throw new FuotaException(
                    ErrorCode.CONFLICT,
                    "no board has updated by rollout " + rollout.name()
                            + ", and which version its file reports isn't known: it is enough to stop it");
        }
        return List.copyOf(versions);
    }

    /** To all at once, and as careful as the other was. */
    private static Definition wayBack(Rollout rollout, List<String> versions, @Nullable FilePath file) {
        Definition undone = rollout.definition();
        return new Definition(
                file,
                versions,
                null,
                null,
                "",
                List.of(Stage.percent(BigDecimal.valueOf(100))),
                undone.successPercent(),
                undone.soak(),
                undone.maxFailedPercent(),
                undone.minBoards(),
                undone.maxDownloads(),
                0,
                null,
                new Hours(null, null, ZoneOffset.UTC),
                undone.anyImage());
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
                journal.note(transaction, EventKind.STOP, null, why, actor, now);
                journal.tell(
                        transaction,
                        Event.Kind.OFFERS_STOPPED,
                        "stop",
                        "All offers are stopped, " + by(actor, why),
                        now);
            }
            return isPut;
        });
        running.readSoon();
        return isNew;
    }

    /** Lets offers go on; false when they were. */
    boolean goOn(Actor actor) {
        Instant now = time.get();
        boolean wasStopped = database.transaction(transaction -> {
            String before = stops.find(transaction).map(Stop::why).orElse("");
            boolean isDeleted = stops.delete(transaction);
            if (isDeleted) {
                journal.note(transaction, EventKind.STOP, before, null, actor, now);
                journal.tell(transaction, Event.Kind.OFFERS_RESUMED, "stop", "Offers go on, by " + actor.user(), now);
            }
            return isDeleted;
        });
        running.readSoon();
        return wasStopped;
    }

    Optional<Stop> stopped() {
        return database.connected(stops::find);
    }

    Groups groups() {
        return groups;
    }

    RolloutStore store() {
        return store;
    }

    TrialStore trials() {
        return trials;
    }

    Journal journal() {
        return journal;
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
