package org.fuota.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.TestClock;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.fuota.device.AppVersion;
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
import org.fuota.poll.UpdateDecision;
import org.fuota.served.ServedTime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * Lives of fleets under rollouts, a row each of {@code lives.csv}: which boards there are and how they live, what is rolled out, for how
 * long, and what has become of it. All is real but for the clock, the boards and the files.
 */
@Tag(TestDatabase.TAG)
class RolloutLivesTest {
    private static final Duration STEP = Duration.ofMinutes(10);
    private static final Instant BEGIN = Instant.parse("2026-03-01T00:00:00Z");
    private static final Actor ADMIN = new Actor("admin", "::1");

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock(BEGIN);
    private final Map<String, StoredFile> files = new HashMap<>();
    private final List<Life> lives = new ArrayList<>();
    private PollDesk desk;

    /**
     * @param boards such as {@code 20 good; 3 brick}: how many of a kind, whose first poll is in the first hour
     * @param definitions of rollouts, parted by {@code |}, in short: what differs from the careful defaults
     * @param steps what somebody does after so many hours: {@code 5 resume r1; 7 stop all}
     * @param hours how long it goes on
     * @param expected of each rollout, parted by {@code |}: state stage offered/updated/pending/failed
     */
    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "lives.csv", delimiter = '~', quoteCharacter = '`', numLinesToSkip = 1)
    void goesAsItShould(String name, String boards, String definitions, String steps, int hours, String expected)
            throws Exception {
        try (BasicDataSource pool = TestDatabase.pool(folder);
                Database database = new Database(pool)) {
            database.migrate();
            HistoryStore history = new HistoryStore(database);
            ServedTime served = new ServedTime(database, clock, clock::nanoTime);
            States states = new States(FleetSettings.DEFAULT, path -> true, served);
            RunningRollouts running = new RunningRollouts(database, clock::instant, clock::nanoTime);
            TrialStore trials = new TrialStore(
                    database, running, List.of(State.UPDATED_SILENT.ordinal(), State.SILENT.ordinal()), Flips.MANY);
            PollRecorder recorder = new PollRecorder(database, history, trials::keep, states, clock::nanoTime);
            Fleet fleet = new Fleet(database, history, states, clock, clock::nanoTime);
            Rollouts rollouts = new Rollouts(database, running, history, new Files(), clock::instant);
            RolloutRunner runner = new RolloutRunner(
                    database,
                    rollouts,
                    running,
                    trials,
                    history,
                    clock::instant,
                    () -> served.now().served(),
                    clock::nanoTime);
            desk = new PollDesk(
                    new AssignedUpdateStore(database, sha256 -> true),
                    new RolloutDesk(running, trials, sha256 -> true),
                    recorder,
                    new PollTrouble(clock::nanoTime),
                    clock);
            born(boards);
            // They have polled for two days, so that their rhythm is known.
            live(Duration.ofDays(2), database, recorder, fleet, running, runner, rollouts, List.of());

            List<String> names = new ArrayList<>();
            for (String definition : Objects.requireNonNullElse(definitions, "").split("\\|")) {
                String rollout = "r" + (names.size() + 1);
                names.add(rollout);
                make(database, rollouts, rollout, definition.strip());
            }
            live(Duration.ofHours(hours), database, recorder, fleet, running, runner, rollouts, steps(steps));

            List<String> found = new ArrayList<>();
            List<RolloutCount> counts = new ArrayList<>();
            for (String rollout : names) {
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
                }
            }
            assertEquals(expected.strip(), String.join(" | ", found));
            assertEquals(counts, trials.counts(served.now().served(), counts.size()));
            assertEquals(
                    counts.subList(Math.min(1, counts.size()), counts.size()),
                    trials.counts(served.now().served(), Math.max(0, counts.size() - 1)));
        }
    }

    private record Step(Duration after, String action, String rollout) {}

    private static List<Step> steps(@Nullable String text) {
        List<Step> steps = new ArrayList<>();
        for (String step : text == null ? new String[0] : text.split(";")) {
            String[] words = step.strip().split(" ");
            steps.add(new Step(Duration.ofMinutes((long) (Double.parseDouble(words[0]) * 60)), words[1], words[2]));
        }
        return steps;
    }

    private void make(Database database, Rollouts rollouts, String name, String fields) {
        JsonObject json = JsonParser.parseString("{" + fields + "}").getAsJsonObject();
        if (!json.has("file")) {
            json.addProperty("file", "2.bin");
        }
        if (!json.has("replaces")) {
            json.add("replaces", JsonParser.parseString("[\"1\"]"));
        }
        Definition definition = DefinitionJson.parse(json.toString());
        files.computeIfAbsent(definition.file().value(), path -> {
            String sha256 = Sha256.of(Sha256.newDigest().digest(path.getBytes(StandardCharsets.US_ASCII)))
                    .hex();
            String chip = path.contains("s3") ? "ESP32-S3" : "ESP32";
            database.update("""
                    INSERT INTO update_file (path, sha256, md5, size, chip, stored_at, stored_by)
                    VALUES (?, ?, '', 1, ?, 0, '')
                    """, path, sha256, chip);
            return new StoredFile(
                    new FilePath(path), new Sha256(sha256), "", 1, new ImageFacts(chip, null, null, null), BEGIN);
        });
        for (String group : definition.groups()) {
            rollouts.join(
                    new RolloutName(group),
                    lives.stream()
                            .filter(life -> life.id.startsWith(group))
                            .map(life -> life.id)
                            .toList(),
                    ADMIN);
        }
        rollouts.create(new RolloutName(name), definition, true, ADMIN);
    }

    private void born(String boards) {
        int number = 0;
        for (String kind : boards.split(";")) {
            String[] words = kind.strip().split(" ");
            for (int i = 0; i < Integer.parseInt(words[0]); i++) {
                lives.add(new Life(words[1] + "-" + number, words, Duration.ofMinutes(10L * (number++ % 6))));
            }
        }
    }

    private void live(
            Duration duration,
            Database database,
            PollRecorder recorder,
            Fleet fleet,
            RunningRollouts running,
            RolloutRunner runner,
            Rollouts rollouts,
            List<Step> steps) {
        List<Step> due = new ArrayList<>(steps);
        for (Duration done = Duration.ZERO; done.compareTo(duration) < 0; done = done.plus(STEP)) {
            clock.advance(STEP);
            Duration now = done;
            due.removeIf(step -> {
                boolean isDue = step.after.compareTo(now) <= 0;
                if (isDue) {
                    act(database, rollouts, step);
                }
                return isDue;
            });
            running.read();
            lives.forEach(Life::live);
            recorder.flush();
            fleet.tick();
            runner.run();
        }
    }

    private void act(Database database, Rollouts rollouts, Step step) {
        switch (step.action) {
            case "halt" -> rollouts.stop("", ADMIN);
            case "go" -> rollouts.goOn(ADMIN);
            case "replace" -> database.update("UPDATE update_file SET sha256 = ?", "f".repeat(64));
            default ->
                rollouts.act(
                        new RolloutName(step.rollout),
                        Rollouts.Action.valueOf(step.action.toUpperCase(Locale.ROOT)),
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

    /** A board: what it does with an offer is in its name; how often it polls, and what it runs, in the words after that. */
    private final class Life {
        private final String id;
        private final String kind;
        private final Duration gap;
        private String version = "1";
        private String before = "1";
        private boolean isDead;
        private boolean hasReverted;
        private Duration wait;

        /** Such as {@code 3 good 24h v2}. */
        Life(String id, String[] words, Duration wait) {
            this.id = id;
            this.kind = words[1];
            this.wait = wait;
            Duration found = Duration.ofHours(1);
            for (String word : List.of(words).subList(2, words.length)) {
                if (word.endsWith("h")) {
                    found = Duration.ofHours(Long.parseLong(word.substring(0, word.length() - 1)));
                } else {
                    version = word.substring(1);
                }
            }
            this.gap = found;
        }

        void live() {
            wait = wait.minus(STEP);
            if (isDead || !wait.isNegative() && !wait.isZero()) {
                return;
            }
            wait = gap;
            if (kind.equals("revert") && !version.equals(before) && hasReverted) {
                version = before;
            }
            if (kind.equals("flip")) {
                version = version.equals("1") ? "9" : "1";
            }
            UpdateDecision decision = desk.answer(new DeviceId(id), new AppVersion(version), "::1");
            if (kind.equals("later") && decision.file().isEmpty() && !version.equals("1")) {
                isDead = true;
            }
            if (kind.equals("revert") && !version.equals(before)) {
                hasReverted = true;
            }
            decision.file().ifPresent(file -> {
                switch (kind) {
                    case "brick" -> isDead = true;
                    case "stuck", "flip" -> {}
                    default -> {
                        before = version;
                        version = file.path().value().replace(".bin", "");
                    }
                }
            });
        }
    }
}
