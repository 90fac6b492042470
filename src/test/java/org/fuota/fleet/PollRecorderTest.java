package org.fuota.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.TestClock;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.fuota.device.AppVersion;
import org.fuota.device.DeviceId;
import org.fuota.evidence.DeviceStatus;
import org.fuota.evidence.FleetDevice;
import org.fuota.evidence.FleetSettings;
import org.fuota.evidence.Script;
import org.fuota.file.FilePath;
import org.fuota.file.LastFile;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;
import org.fuota.poll.OfferedFile;
import org.fuota.poll.Poll;
import org.fuota.poll.PollAnswer;
import org.fuota.served.ServedTime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag(TestDatabase.TAG)
class PollRecorderTest {
    @TempDir
    Path folder;

    /** What is at a path, where it isn't what the path says. */
    private final Map<String, String> bytes = new ConcurrentHashMap<>();

    private final TestClock clock = new TestClock(Script.START);
    private BasicDataSource pool = new BasicDataSource();
    private Database database = new Database(pool);
    private HistoryStore history = new HistoryStore(database);
    private PollRecorder recorder = recorder(1000);

    @BeforeEach
    void open() {
        pool = TestDatabase.pool(folder);
        database = new Database(pool);
        history = new HistoryStore(database);
        recorder = recorder(1000);
    }

    @AfterEach
    void close() throws Exception {
        pool.close();
    }

    @Test
    void makesNoHistoryOfPollsThatSayTheSame() {
        for (int i = 0; i < 2000; i++) {
            clock.advance(Duration.ofSeconds(60));
            poll("1", "1", PollAnswer.NO_UPDATE);
            if (i % 100 == 0) {
                assertTrue(recorder.flush());
            }
        }
        recorder.flush();

        DeviceStatus status = status("1");
        assertEquals(2000, status.polls());
        assertEquals(Script.START.plusSeconds(60), status.firstSeen());
        assertEquals(clock.instant(), status.lastSeen().at());
        assertEquals(Optional.of(Duration.ofSeconds(60)), status.gaps().usual());
        assertEquals(List.of("seen"), events("1"));
    }

    @Test
    void writesAllThatChangedSinceTheLastTime() {
        poll("1", "1", PollAnswer.OFFERED);
        poll("1", "2", PollAnswer.NO_UPDATE);
        poll("1", null, PollAnswer.MALFORMED);
        poll("1", "1", PollAnswer.OFFERED);
        recorder.flush();

        assertEquals(List.of("reverted", "answer", "updated", "offered", "seen"), events("1"));
        assertEquals("1", status("1").appVersion());
        assertEquals(List.of("2 by 1"), learned("a"));
    }

    @Test
    void keepsWhatTheDatabaseRefusesUntilItTakesIt() throws Exception {
        poll("1", "1", PollAnswer.OFFERED);
        recorder.flush();
        try (Connection lock = TestDatabase.lock(folder)) {
            poll("1", "1", PollAnswer.OFFERED);
            poll("2", "1", PollAnswer.UNKNOWN_DEVICE);
            assertEquals(Duration.ZERO, recorder.lag());
            clock.advance(Duration.ofSeconds(7));

            assertFalse(recorder.flush());

            poll("1", "2", PollAnswer.NO_UPDATE);
            poll("1", "2", PollAnswer.NO_UPDATE);
            assertEquals(Duration.ofSeconds(7), recorder.lag());
            lock.rollback();
        }

        assertTrue(recorder.flush());

        assertEquals(Duration.ZERO, recorder.lag());
        assertEquals(0, recorder.drops());
        assertEquals(4, status("1").polls());
        assertEquals(List.of("updated", "offered", "seen"), events("1"));
        assertEquals(1, status("2").polls());
    }

    @Test
    void takesNoMoreThanMemoryIsMeantToHold() throws Exception {
        for (int i = 0; i < PollRecorder.MAX_DEVICES; i++) {
            poll("d" + i, "1", PollAnswer.NO_UPDATE);
        }
        assertEquals(0, recorder.drops());

        poll("one too many", "1", PollAnswer.NO_UPDATE);
        assertEquals(1, recorder.drops());
        poll("d0", "2", PollAnswer.NO_UPDATE);
        assertEquals(1, recorder.drops(), "a device that is known may go on");
        for (int i = 2; i < PollRecorder.MAX_SIGHTINGS; i++) {
            poll("d0", String.valueOf(i % 2), PollAnswer.NO_UPDATE);
        }
        assertEquals(1, recorder.drops());
        poll("d0", "another", PollAnswer.NO_UPDATE);
        assertEquals(2, recorder.drops());
    }

    @Test
    void losesNothingThatComesWhileItWrites() throws Exception {
        int threads = 4;
        int polls = 5_000;
        AtomicBoolean isOver = new AtomicBoolean();
        CountDownLatch over = new CountDownLatch(threads);
        Thread flusher = new Thread(() -> {
            while (!isOver.get()) {
                recorder.flush();
            }
        });
        flusher.start();
        for (int thread = 0; thread < threads; thread++) {
            String own = "own" + thread;
            new Thread(() -> {
                        for (int i = 0; i < polls; i++) {
                            poll("shared", "1", PollAnswer.NO_UPDATE);
                            poll(own, "1", PollAnswer.NO_UPDATE);
                        }
                        over.countDown();
                    })
                    .start();
        }
        over.await();
        isOver.set(true);
        flusher.join();
        recorder.flush();

        assertEquals(threads * polls, status("shared").polls());
        assertEquals(polls, status("own3").polls());
    }

    /** Each time it looks how late it is, another board polls. */
    @Test
    @Timeout(60)
    void endsThoughPollsGoOnComing() {
        AtomicInteger boards = new AtomicInteger();
        AtomicBoolean isFlushing = new AtomicBoolean();
        recorder = recorder(1000, () -> {
            if (isFlushing.getAndSet(false)) {
                poll("later" + boards.incrementAndGet(), "1", PollAnswer.NO_UPDATE);
                isFlushing.set(true);
            }
            return clock.nanoTime();
        });
        poll("1", "1", PollAnswer.NO_UPDATE);

        isFlushing.set(true);
        assertTrue(recorder.flush());
        isFlushing.set(false);

        assertTrue(boards.get() > 0);
        assertTrue(ids().contains("1"));
        assertFalse(ids().contains("later" + boards.get()), "that is for the next time");
        recorder.flush();
        assertEquals(boards.get() + 1, ids().size());
    }

    /** Nothing that is in memory brings it back, and nothing else waits. */
    @Test
    void forgetsWhatIsNotWrittenYet() {
        poll("1", "1", PollAnswer.NO_UPDATE);
        poll("2", "1", PollAnswer.NO_UPDATE);

        assertEquals(1, recorder.forget(List.of("1", "3"), Set::size));
        recorder.flush();

        assertEquals(List.of("2"), ids());
    }

    @Test
    void forgetsNothingWhenTheRestCannotBeForgotten() {
        poll("1", "1", PollAnswer.NO_UPDATE);

        assertThrows(
                IllegalStateException.class,
                () -> recorder.forget(List.of("1"), polled -> {
                    poll("1", "1", PollAnswer.NO_UPDATE);
                    throw new IllegalStateException("database gone");
                }));
        recorder.flush();

        assertEquals(2, status("1").polls());
    }

    /** Each index of a column that is named would be written: so a poll that tells nothing new names few. */
    @Test
    @DisabledIfSystemProperty(named = TestDatabase.PROPERTY, matches = "postgresql")
    void namesOnlyTheColumnsThatChange() {
        assign("1");
        for (int i = 0; i < 5; i++) {
            clock.advance(Duration.ofSeconds(60));
            poll("1", "2", PollAnswer.NO_UPDATE);
            recorder.flush();
        }
        database.update("CREATE TABLE named (part TEXT)");
        for (String part : List.of(
                "row_app_ver, row_file, assigned_at", "state, state_since", "check_at", "app_ver", "last_seen")) {
            String name = part.replaceAll("\\W+", "_");
            database.update(
                    "CREATE TRIGGER on_%1$s AFTER UPDATE OF %2$s ON device_status BEGIN INSERT INTO named VALUES ('%1$s'); END"
                            .formatted(name, part));
        }

        clock.advance(Duration.ofSeconds(60));
        poll("1", "2", PollAnswer.NO_UPDATE);
        recorder.flush();
        assertEquals(List.of("last_seen"), named());

        clock.advance(Duration.ofSeconds(60));
        poll("1", "3", PollAnswer.NO_UPDATE);
        recorder.flush();
        assertEquals(List.of("app_ver", "last_seen", "state_state_since"), named());
    }

    private List<String> named() {
        List<String> named = database.query("SELECT part FROM named ORDER BY part", row -> row.getString(1));
        database.update("DELETE FROM named");
        return named;
    }

    /** A clock that is set back must not hide it. */
    @Test
    void isAsLateAsItIsWhateverTheClockSays() {
        poll("1", "1", PollAnswer.NO_UPDATE);
        clock.step(Duration.ofDays(-1));
        clock.advance(Duration.ofSeconds(7));

        assertEquals(Duration.ofSeconds(7), recorder.lag());
    }

    @Test
    void goesOnAfterAnAnswerThatItDoesNotKnow() {
        poll("1", "1", PollAnswer.NO_UPDATE);
        recorder.flush();
        database.update("UPDATE device_status SET answer = 'postponed'");
        poll("1", "1", PollAnswer.OFFERED);
        recorder.flush();

        assertEquals(PollAnswer.OFFERED, status("1").answer());
        assertEquals(List.of("offered", "seen"), events("1"));
    }

    @Test
    void goesOnAfterARestart() {
        poll("1", "1", PollAnswer.OFFERED);
        recorder.flush();

        recorder = recorder(1000);
        poll("1", "1", PollAnswer.OFFERED);
        recorder.flush();

        assertEquals(2, Objects.requireNonNull(status("1").offer()).count());
        assertEquals(List.of("offered", "seen"), events("1"));
    }

    @Test
    void forgetsTheOldestOfTooManyStrangers() {
        recorder = recorder(3);
        assign("known");
        poll("known", "1", PollAnswer.OFFERED);
        for (String stranger : List.of("s1", "s2", "s3", "s4", "s5")) {
            clock.advance(Duration.ofSeconds(1));
            poll(stranger, "1", PollAnswer.UNKNOWN_DEVICE);
        }
        clock.advance(Duration.ofSeconds(1));
        poll("s1", "1", PollAnswer.UNKNOWN_DEVICE);
        recorder.flush();

        assertEquals(List.of("known", "s1", "s4", "s5"), ids());
        assertEquals(List.of(), events("s2"));
        assertEquals(List.of("seen"), events("s4"));

        recorder = recorder(3);
        clock.advance(Duration.ofSeconds(1));
        poll("s6", "1", PollAnswer.UNKNOWN_DEVICE);
        recorder.flush();

        assertEquals(List.of("known", "s1", "s5", "s6"), ids());
    }

    /** In slices. */
    @Test
    void forgetsAsManyStrangersAsThereAre() {
        recorder = recorder(3);
        for (int i = 0; i < 2 * PollRecorder.BATCH + 100; i++) {
            poll("s" + (100_000 + i), "1", PollAnswer.UNKNOWN_DEVICE);
        }
        recorder.flush();

        assertEquals(List.of("s104097", "s104098", "s104099"), ids());
        assertEquals(
                2,
                database.transaction(transaction -> new DeviceStore(database).discoveredBeyond(transaction, 0, 2))
                        .size());
    }

    /** Also of those whose poll couldn't tell whether they have a row. */
    @ParameterizedTest
    @EnumSource(names = {"UNKNOWN_DEVICE", "MALFORMED", "TROUBLE"})
    void countsStrangersAsTheyCome(PollAnswer answer) {
        recorder = recorder(2);
        for (String stranger : List.of("s1", "s2", "s3")) {
            clock.advance(Duration.ofSeconds(1));
            poll(stranger, "1", answer);
            recorder.flush();
        }

        assertEquals(List.of("s2", "s3"), ids());
    }

    @ParameterizedTest
    @CsvSource({"true, 200", "false, 20"})
    void keepsNoMoreThanTheNewestChanges(boolean isAssigned, int kept) {
        if (isAssigned) {
            assign("1");
        }
        for (int i = 0; i < 300; i++) {
            poll("1", "v" + i, isAssigned ? PollAnswer.NO_UPDATE : PollAnswer.UNKNOWN_DEVICE);
            recorder.flush();
        }

        List<HistoryEvent> events = history.ofDevice("1", 1000);
        assertEquals(kept, events.size());
        assertEquals("v299", events.get(0).after());
        assertEquals("v" + (300 - kept), events.get(kept - 1).after());
    }

    /** Its first polls may all come before any is written. */
    @Test
    void keepsLittleOfAStrangersFirstPolls() {
        for (int i = 0; i < PollRecorder.MAX_SIGHTINGS; i++) {
            poll("1", "v" + i, PollAnswer.UNKNOWN_DEVICE, "a.bin", "192.0.2." + i);
        }
        recorder.flush();

        assertEquals(20, history.ofDevice("1", 1000).size());
    }

    @Test
    void countsADeviceOnceHoweverOftenItReportsAVersionAfterAFile() {
        for (String replaced : List.of("0.9", "1", "1.1")) {
            poll("1", replaced, PollAnswer.OFFERED);
            poll("1", "2", PollAnswer.NO_UPDATE);
        }
        recorder.flush();
        assertEquals(List.of("2 by 1"), learned("a"));

        for (int device = 2; device <= 20; device++) {
            poll("" + device, "1", PollAnswer.OFFERED);
            poll("" + device, "2", PollAnswer.NO_UPDATE);
        }
        recorder.flush();

        assertEquals(List.of("2 by 20"), learned("a"));
        assertEquals(
                8L,
                database.queryOne("SELECT COUNT(*) FROM file_report_device", row -> row.getLong(1))
                        .orElseThrow());
    }

    @Test
    void keepsWhatTheFileThatADeviceTookSaysOfItself() {
        poll("1", "1", PollAnswer.OFFERED);
        poll("1", "2", PollAnswer.NO_UPDATE);
        offer("1", "2", "b.bin");
        recorder.flush();

        assertEquals(
                new LastFile("a".repeat(64), null, "ESP32", "project of a.bin"),
                database.connected(statements -> new ReportStore(database).reports(statements, List.of("1", "2")))
                        .get("1")
                        .last());
    }

    /** What boards report is learned of the bytes that they were offered, whatever is there when that is written. */
    @Test
    void learnsOfTheBytesThatWereOffered() {
        offer("1", "1", "a.bin");
        bytes.put("a.bin", "b.bin");
        poll("1", "2", PollAnswer.NO_UPDATE);
        offer("2", "1", "a.bin");
        offer("2", "1", "a.bin");
        bytes.put("a.bin", "c.bin");
        offer("2", "1", "a.bin");
        poll("2", "3", PollAnswer.NO_UPDATE);
        bytes.put("a.bin", "d.bin");
        recorder.flush();

        assertEquals(List.of("2 by 1"), learned("a"));
        assertEquals(List.of(), learned("b"));
        assertEquals(List.of("3 by 1"), learned("c"));
        assertEquals(List.of(), learned("d"));
        assertEquals(1, Objects.requireNonNull(status("2").offer()).count(), "of the newest bytes");
    }

    private List<String> learned(String file) {
        return new ReportStore(database)
                .learnedVersions(file.repeat(64)).stream()
                        .map(learned -> learned.appVersion() + " by " + learned.devices())
                        .toList();
    }

    private void poll(String deviceId, @Nullable String version, PollAnswer answer) {
        poll(deviceId, version, answer, "a.bin");
    }

    private void offer(String deviceId, String version, String path) {
        poll(deviceId, version, PollAnswer.OFFERED, path);
    }

    private void poll(String deviceId, @Nullable String version, PollAnswer answer, String path) {
        poll(deviceId, version, answer, path, "10.0.0.1");
    }

    private void poll(String deviceId, @Nullable String version, PollAnswer answer, String path, String remoteAddress) {
        OfferedFile offered = Script.offered(bytes.getOrDefault(path, path));
        poll(
                deviceId,
                version,
                answer,
                answer == PollAnswer.OFFERED
                        ? new OfferedFile(new FilePath(path), offered.sha256(), offered.chip(), offered.project(), null)
                        : null,
                remoteAddress);
    }

    private void poll(
            String deviceId,
            @Nullable String version,
            PollAnswer answer,
            @Nullable OfferedFile file,
            String remoteAddress) {
        recorder.accept(new Poll(
                new DeviceId(deviceId),
                version == null ? null : new AppVersion(version),
                answer,
                file,
                clock.instant(),
                remoteAddress));
    }

    private PollRecorder recorder(long maxDiscovered) {
        return recorder(maxDiscovered, clock::nanoTime);
    }

    private PollRecorder recorder(long maxDiscovered, LongSupplier nanoTime) {
        return new PollRecorder(
                database, history, (transaction, told) -> {}, states(maxDiscovered, nanoTime), nanoTime);
    }

    private States states(long maxDiscovered, LongSupplier nanoTime) {
        return new States(
                new FleetSettings(3, Duration.ofMinutes(10), 5, maxDiscovered),
                path -> true,
                new ServedTime(database, clock, nanoTime));
    }

    private void assign(String deviceId) {
        database.update(
                "INSERT INTO device_app (device_id, app_ver, update_file_path) VALUES (?, '1', 'a.bin')", deviceId);
    }

    private DeviceStatus status(String deviceId) {
        FleetDevice device = database.connected(
                        statements -> new DeviceStore(database).find(statements, List.of(deviceId)))
                .get(deviceId);
        if (device == null || device.status() == null) {
            throw new AssertionError("nothing is known of " + deviceId);
        }
        return device.status();
    }

    private List<String> events(String deviceId) {
        return new ArrayList<>(history.ofDevice(deviceId, 1000))
                .stream().map(event -> event.kind().label()).toList();
    }

    private List<String> ids() {
        return database.query("SELECT device_id FROM device_status ORDER BY device_id", row -> row.getString(1));
    }
}
