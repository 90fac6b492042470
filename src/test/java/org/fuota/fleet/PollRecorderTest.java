package org.fuota.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.TestClock;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.fuota.device.AppVersion;
import org.fuota.device.DeviceId;
import org.fuota.device.Poll;
import org.fuota.device.PollAnswer;
import org.fuota.file.FilePath;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PollRecorderTest {
    @TempDir
    Path folder;

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
        assertEquals(clock.instant(), status.lastSeen());
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
        assertEquals(Optional.of("2"), new FleetStore(database).reportedVersion("a".repeat(64)));
    }

    @Test
    void keepsWhatTheDatabaseRefusesUntilItTakesIt() throws Exception {
        poll("1", "1", PollAnswer.OFFERED);
        recorder.flush();
        try (Connection other = TestDatabase.pool(folder).getConnection();
                Statement statement = other.createStatement()) {
            statement.executeUpdate("BEGIN IMMEDIATE");
            poll("1", "1", PollAnswer.OFFERED);
            poll("2", "1", PollAnswer.UNKNOWN_DEVICE);
            assertEquals(Duration.ZERO, recorder.lag());
            clock.advance(Duration.ofSeconds(7));

            assertFalse(recorder.flush());

            poll("1", "2", PollAnswer.NO_UPDATE);
            poll("1", "2", PollAnswer.NO_UPDATE);
            assertEquals(Duration.ofSeconds(7), recorder.lag());
            statement.executeUpdate("ROLLBACK");
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
        database.update("INSERT INTO device_app (device_id, app_ver, update_file_path) VALUES ('known', '1', 'a.bin')");
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

    @Test
    void keepsNoMoreThanTheNewestChanges() {
        for (int i = 0; i < 300; i++) {
            poll("1", "v" + i, PollAnswer.NO_UPDATE);
            recorder.flush();
        }

        List<HistoryEvent> events = history.ofDevice("1", 1000);
        assertEquals(200, events.size());
        assertEquals("v299", events.get(0).after());
        assertEquals("v100", events.get(199).after());
    }

    private void poll(String deviceId, @Nullable String version, PollAnswer answer) {
        recorder.accept(new Poll(
                new DeviceId(deviceId),
                version == null ? null : new AppVersion(version),
                answer,
                answer == PollAnswer.OFFERED ? new FilePath("a.bin") : null,
                clock.instant(),
                "10.0.0.1"));
    }

    private PollRecorder recorder(long maxDiscovered) {
        return new PollRecorder(
                database, history, path -> Optional.of(path.substring(0, 1).repeat(64)), maxDiscovered, clock);
    }

    private DeviceStatus status(String deviceId) {
        return new FleetStore(database)
                .find(deviceId)
                .map(FleetDevice::status)
                .orElseThrow(() -> new AssertionError("nothing is known of " + deviceId));
    }

    private List<String> events(String deviceId) {
        return new ArrayList<>(history.ofDevice(deviceId, 1000))
                .stream().map(HistoryEvent::event).toList();
    }

    private List<String> ids() {
        return database.query("SELECT device_id FROM device_status ORDER BY device_id", row -> row.getString(1));
    }
}
