package org.fuota.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.TestClock;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.fuota.device.AppVersion;
import org.fuota.device.BoardList;
import org.fuota.device.BoardsRequest;
import org.fuota.device.DeviceId;
import org.fuota.evidence.FleetSettings;
import org.fuota.evidence.Flips;
import org.fuota.evidence.State;
import org.fuota.file.Advice;
import org.fuota.file.FilePath;
import org.fuota.file.ImageFacts;
import org.fuota.file.StoredFile;
import org.fuota.fleet.Fleet;
import org.fuota.fleet.PollRecorder;
import org.fuota.fleet.States;
import org.fuota.history.Actor;
import org.fuota.history.HistoryStore;
import org.fuota.http.Sha256;
import org.fuota.poll.AssignedUpdateStore;
import org.fuota.poll.PollDesk;
import org.fuota.poll.PollTrouble;
import org.fuota.poll.RolloutDesk;
import org.fuota.served.ServedTime;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link Lives}: all is real but for the clock, the boards and the files. */
@Tag(TestDatabase.TAG)
class RolloutLivesTest {
    private static final Instant BEGIN = Instant.parse("2026-03-01T00:00:00Z");
    private static final Actor ADMIN = new Actor("admin", "::1");

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock(BEGIN);
    private final Map<String, StoredFile> files = new HashMap<>();

    static List<Lives> all() {
        return Lives.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void goesAsItShould(Lives lives) throws Exception {
        try (BasicDataSource pool = TestDatabase.pool(folder);
                Database database = new Database(pool)) {
            database.migrate();
            HistoryStore history = new HistoryStore(database);
            ServedTime served = new ServedTime(database, clock, clock::nanoTime);
            States states = new States(FleetSettings.DEFAULT, path -> true, served);
            RunningRollouts running = new RunningRollouts(database, clock::instant, clock::nanoTime);
            TrialStore trials = new TrialStore(
                    database,
                    running,
                    List.of(State.UPDATED_SILENT.ordinal(), State.SILENT.ordinal()),
                    new TrialStore.Clones(
                            Flips.MANY,
                            () -> clock.instant().minus(Flips.REMEMBERED).toEpochMilli()));
            PollRecorder recorder = new PollRecorder(database, history, trials::keep, states, clock::nanoTime);
            Fleet fleet = new Fleet(database, history, states, clock, clock::nanoTime);
            Rollouts rollouts = new Rollouts(
                    database,
                    running,
                    trials,
                    history,
                    (transaction, event) -> {},
                    new Files(),
                    clock::instant,
                    () -> served.now().served());
            RolloutRunner runner = new RolloutRunner(
                    database,
                    rollouts,
                    running,
                    clock::instant,
                    () -> served.now().served(),
                    clock::nanoTime);
            PollDesk desk = new PollDesk(
                    new AssignedUpdateStore(database, sha256 -> true),
                    new RolloutDesk(running, trials, sha256 -> true),
                    recorder,
                    new PollTrouble(clock::nanoTime),
                    clock);
            lives.files().forEach(file -> upload(database, file));
            lives.groups()
                    .forEach((name, ids) -> rollouts.groups()
                            .join(
                                    new RolloutName(name),
                                    new BoardsRequest(BoardList.of(ids), false, Optional.empty()),
                                    ADMIN));
            List<Lives.Step> steps = new ArrayList<>(lives.steps());
            Duration end = Lives.MADE.plus(lives.hours());
            for (Duration done = Duration.ZERO; done.compareTo(end) < 0; done = done.plus(Lives.STEP)) {
                clock.advance(Lives.STEP);
                Duration made = done.minus(Lives.MADE);
                if (made.isZero()) {
                    lives.definitions()
                            .forEach((name, json) ->
                                    rollouts.create(new RolloutName(name), DefinitionJson.parse(json), true, ADMIN));
                }
                steps.removeIf(step -> {
                    boolean isDue = step.after().compareTo(made) <= 0;
                    if (isDue) {
                        act(lives, database, rollouts, step);
                    }
                    return isDue;
                });
                running.read();
                lives.boards().forEach(board -> {
                    String version = board.poll();
                    if (version != null) {
                        board.told(desk.answer(new DeviceId(board.id()), new AppVersion(version), "::1")
                                .file()
                                .map(file -> file.path().value())
                                .orElse(null));
                    }
                });
                recorder.flush();
                fleet.tick();
                runner.run();
            }

            List<String> found = new ArrayList<>();
            List<RolloutCount> counts = new ArrayList<>();
            for (String rollout : lives.rollouts()) {
                Rollout known = rollouts.store().find(rollout).orElseThrow();
                Tally tally = trials.tally(known, served.now().served());
                found.add("%s %d %d/%d/%d/%d"
                        .formatted(
                                known.state().label(),
                                known.stage() + 1,
                                tally.offered(),
                                tally.updated(),
                                tally.pending(),
                                tally.failed()));
                if (known.state() != RolloutState.SCHEDULED && known.state() != RolloutState.STOPPED) {
                    counts.add(new RolloutCount(
                            rollout, tally.offered(), tally.updated(), tally.failed(), tally.pending()));
                    List<RolloutStore.Progress> progress = rollouts.store().progress(known);
                    RolloutStore.Progress last = progress.get(progress.size() - 1);
                    assertEquals(
                            List.of(tally.offered(), tally.updated(), tally.failed()),
                            List.of(last.offered(), last.updated(), last.failed()),
                            "its curve ends where it is");
                }
            }
            assertEquals(lives.expected(), String.join(" | ", found));
            assertEquals(counts, trials.counts(served.now().served(), counts.size()));
            assertEquals(
                    counts.subList(Math.min(1, counts.size()), counts.size()),
                    trials.counts(served.now().served(), Math.max(0, counts.size() - 1)));
        }
    }

    private void upload(Database database, String path) {
        String sha256 = Sha256.of(Sha256.newDigest().digest(path.getBytes(StandardCharsets.US_ASCII)))
                .hex();
        String chip = path.contains("s3") ? "ESP32-S3" : "ESP32";
        database.update("""
                INSERT INTO update_file (path, sha256, md5, size, chip, stored_at, stored_by)
                VALUES (?, ?, '', 1, ?, 0, '')
                """, path, sha256, chip);
        files.put(
                path,
                new StoredFile(
                        new FilePath(path), new Sha256(sha256), "", 1, new ImageFacts(chip, null, null, null), BEGIN));
    }

    private static void act(Lives lives, Database database, Rollouts rollouts, Lives.Step step) {
        switch (step.action()) {
            case "halt" -> rollouts.stop("", ADMIN);
            case "go" -> rollouts.goOn(ADMIN);
            case "back" ->
                rollouts.rollBack(
                        new RolloutName(step.rollout()),
                        step.file() == null ? null : new FilePath(step.file()),
                        true,
                        ADMIN);
            case "replace" ->
                database.update(
                        "UPDATE update_file SET sha256 = ? WHERE path = ?", "f".repeat(64), lives.file(step.rollout()));
            default ->
                rollouts.act(
                        new RolloutName(step.rollout()),
                        Rollouts.Action.valueOf(step.action().toUpperCase(Locale.ROOT)),
                        "",
                        ADMIN);
        }
    }

    private final class Files implements Rollouts.Files {
        @Override
        public Optional<StoredFile> find(FilePath path) {
            return Optional.ofNullable(files.get(path.value()));
        }

        @Override
        public Advice advice(FilePath path, String version) {
            return new Advice(Optional.empty(), List.of());
        }
    }
}
