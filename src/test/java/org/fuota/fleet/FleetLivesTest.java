package org.fuota.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.TestClock;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.fuota.device.AppVersion;
import org.fuota.device.DeviceId;
import org.fuota.device.DeviceRow;
import org.fuota.evidence.Conclusion;
import org.fuota.evidence.Evidence;
import org.fuota.evidence.FleetDevice;
import org.fuota.evidence.FleetSettings;
import org.fuota.evidence.Script;
import org.fuota.evidence.State;
import org.fuota.evidence.StateRules;
import org.fuota.file.FilePath;
import org.fuota.history.Actor;
import org.fuota.history.HistoryStore;
import org.fuota.poll.OfferedFile;
import org.fuota.poll.Poll;
import org.fuota.poll.PollAnswer;
import org.fuota.served.ServedTime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Boards that live as chance has it: they poll, sleep, update, roll back, share an id, are assigned files and lose them, while
 * files come and go and the server restarts. Whatever happens, what is kept of each is what the rules say.
 */
class FleetLivesTest {
    private static final int LIVES = 1000;
    private static final int ROUNDS = 20;
    private static final FleetSettings SETTINGS = new FleetSettings(3, Duration.ofSeconds(200), 5, 1_000_000);
    private static final StateRules RULES = new StateRules(SETTINGS);
    private static final Actor ADMIN = new Actor("admin", "::1");

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock(Script.START);
    private final Set<String> files = new HashSet<>(Set.of("a.bin", "b.bin", "c.bin"));
    private final Set<State> seen = EnumSet.noneOf(State.class);
    private final List<Life> lives = new ArrayList<>();
    private Random random = new Random();
    private boolean isByHand;
    private BasicDataSource pool = new BasicDataSource();
    private Database database = new Database(pool);
    private ServedTime served = new ServedTime(database, clock, clock::nanoTime);
    private PollRecorder recorder = recorder();
    private Fleet fleet = fleet();

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void keepsOfEachLifeWhatTheRulesSay(int seed) throws Exception {
        random = new Random(seed);
        pool = TestDatabase.pool(folder);
        database = new Database(pool);
        start();
        for (int i = 0; i < LIVES; i++) {
            lives.add(new Life("%s%04d".formatted("abé".substring(i % 3, i % 3 + 1), i)));
        }
        for (int round = 0; round < ROUNDS; round++) {
            clock.advance(Duration.ofMillis(1 + random.nextInt(60_000)));
            // All are looked at then, which would hide what else is wrong.
            isByHand = round % 7 == 6;
            lives.forEach(Life::live);
            if (chance(5)) {
                changeAFile();
            }
            if (chance(10)) {
                recorder.flushLast();
                start();
            }
            recorder.flush();
            fleet.tick();
            check("seed " + seed + ", round " + round);
        }
        pool.close();
        assertTrue(seen.size() == State.values().length || seed > 1, "only " + seen);
    }

    private void check(String when) {
        if (isByHand) {
            fleet.lookAtAll();
            fleet.tick();
        }
        DeviceStore store = new DeviceStore(database);
        Map<String, FleetDevice> kept = database.connected(statements ->
                store.find(statements, lives.stream().map(life -> life.id).toList()));
        for (Life life : lives) {
            FleetDevice device = kept.get(life.id);
            DeviceRow row = life.row;
            if (row == null && !life.hasPolled) {
                assertEquals(null, device, life.id);
                continue;
            }
            FleetDevice known = Objects.requireNonNull(device, life.id);
            Conclusion expected = RULES.conclude(
                    row,
                    life.assignedAt,
                    known.status(),
                    row != null && files.contains(row.updateFilePath()),
                    served.now());
            String what = when + ", " + life.id + ": " + known;
            assertEquals(expected.state(), known.conclusion().state(), what);
            assertEquals(expected.since(), known.conclusion().since(), what);
            assertEquals(life.hasPolled, known.status() != null, what);
            Long due = expected.checkAt();
            Long checkAt = known.conclusion().checkAt();
            assertTrue(due == null ? checkAt == null : checkAt != null && checkAt <= due, what);
            assertTrue(Evidence.of(known, clock.instant()).length() > 9, what);
            seen.add(expected.state());
        }
    }

    private void changeAFile() {
        String path = List.of("a.bin", "b.bin", "c.bin").get(random.nextInt(3));
        if (!files.remove(path)) {
            files.add(path);
        }
        fleet.fileChanged(new FilePath(path));
    }

    private void start() {
        served = new ServedTime(database, clock, clock::nanoTime);
        recorder = recorder();
        fleet = fleet();
        fleet.lookAtAll();
    }

    private States states() {
        return new States(SETTINGS, path -> files.contains(path.value()), served);
    }

    private PollRecorder recorder() {
        return new PollRecorder(
                database, new HistoryStore(database), (transaction, told) -> {}, states(), clock::nanoTime);
    }

    private Fleet fleet() {
        return new Fleet(database, new HistoryStore(database), states(), clock, clock::nanoTime);
    }

    /** One time in so many. */
    private boolean chance(int times) {
        return random.nextInt(times) == 0;
    }

    private final class Life {
        private final String id;
        private final int pollsOneIn;
        private final int changesOneIn;
        private String version = "1";
        private int asleep;
        private @Nullable DeviceRow row;
        private @Nullable Instant assignedAt;
        private boolean hasPolled;

        private Life(String id) {
            this.id = id;
            this.pollsOneIn = chance(20) ? 1000 : 1 + random.nextInt(2);
            this.changesOneIn = chance(10) ? 1 : 12;
        }

        private void live() {
            if (chance(12)) {
                assign();
            }
            if (chance(60)) {
                withdraw();
            }
            if (isByHand && chance(30)) {
                DeviceRow other = new DeviceRow(id, "1", "c.bin");
                boolean isSame = row != null && text(row).equals(text(other));
                write(other);
                assignedAt = isSame ? assignedAt : null;
            }
            if (chance(150) && hasPolled) {
                assertEquals(1, recorder.forget(List.of(id), waiting -> fleet.forget(List.of(id), waiting, ADMIN)));
                hasPolled = false;
            }
            asleep = asleep > 0 ? asleep - 1 : chance(25) ? random.nextInt(15) : 0;
            if (asleep == 0 && chance(pollsOneIn)) {
                poll();
            }
        }

        private void assign() {
            DeviceRow other = new DeviceRow(
                    id,
                    String.valueOf(1 + random.nextInt(2)),
                    List.of("a.bin", "b.bin", "no path/../").get(random.nextInt(11) / 5));
            if (row != null && text(row).equals(text(other))) {
                return;
            }
            assignedAt = clock.instant();
            database.transaction(transaction -> {
                transaction.update("DELETE FROM device_app WHERE device_id = ?", id);
                transaction.update(
                        "INSERT INTO device_app VALUES (?, ?, ?)", id, other.appVersion(), other.updateFilePath());
                fleet.assigned(transaction, List.of(id), clock.instant());
                return other;
            });
            row = other;
        }

        private void withdraw() {
            database.transaction(transaction -> {
                transaction.update("DELETE FROM device_app WHERE device_id = ?", id);
                fleet.assigned(transaction, List.of(id), clock.instant());
                return id;
            });
            row = null;
            assignedAt = null;
        }

        private void write(DeviceRow other) {
            database.update("DELETE FROM device_app WHERE device_id = ?", id);
            database.update("INSERT INTO device_app VALUES (?, ?, ?)", id, other.appVersion(), other.updateFilePath());
            row = other;
        }

        private String text(DeviceRow one) {
            return one.appVersion() + " " + one.updateFilePath();
        }

        private void poll() {
            hasPolled = true;
            if (chance(changesOneIn)) {
                version = version.equals("1") ? "2" : "1";
            }
            DeviceRow known = row;
            PollAnswer answer = known == null
                    ? PollAnswer.UNKNOWN_DEVICE
                    : !known.appVersion().equals(version)
                            ? PollAnswer.NO_UPDATE
                            : files.contains(known.updateFilePath()) ? PollAnswer.OFFERED : PollAnswer.FILE_MISSING;
            OfferedFile offered = answer == PollAnswer.OFFERED ? Script.offered(known.updateFilePath()) : null;
            boolean isMalformed = chance(50);
            recorder.accept(new Poll(
                    new DeviceId(id),
                    isMalformed ? null : new AppVersion(version),
                    isMalformed ? PollAnswer.MALFORMED : answer,
                    isMalformed ? null : offered,
                    clock.instant(),
                    "10.0.0." + random.nextInt(2)));
            if (offered != null && !isMalformed && !chance(3)) {
                version = chance(4) ? "3" : "2";
            }
        }
    }
}
