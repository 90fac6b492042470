package org.fuota;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.blob.BlobStore;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.fuota.device.AppVersion;
import org.fuota.device.DeviceId;
import org.fuota.evidence.FleetSettings;
import org.fuota.fleet.PollRecorder;
import org.fuota.fleet.States;
import org.fuota.health.Readiness;
import org.fuota.history.HistoryStore;
import org.fuota.poll.Poll;
import org.fuota.poll.PollAnswer;
import org.fuota.poll.PollTrouble;
import org.fuota.served.ServedTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MonitoringTest {
    @TempDir
    Path folder;

    @Test
    void isNotReadyWhilePollsAreNotWritten() throws Exception {
        TestClock clock = new TestClock(Instant.parse("2026-01-01T00:00:00Z"));
        try (BasicDataSource pool = TestDatabase.pool(folder)) {
            Database database = new Database(pool);
            PollRecorder recorder = recorder(database, clock);
            BlobStore files = new BlobStore(folder, 0);
            PollTrouble trouble = new PollTrouble(System::nanoTime);
            recorder.accept(new Poll(
                    new DeviceId("1"), new AppVersion("1"), PollAnswer.NO_UPDATE, null, clock.instant(), "::1"));

            clock.advance(Duration.ofMillis(9_999));
            assertEquals(List.of(), reasons(database, files, trouble, recorder));
            clock.advance(Duration.ofMillis(1));
            assertEquals(
                    List.of("what polls told hasn't been written for 10 s"),
                    reasons(database, files, trouble, recorder));
            recorder.flush();
            assertEquals(List.of(), reasons(database, files, trouble, recorder));
        }
    }

    private static List<String> reasons(
            Database database, BlobStore files, PollTrouble trouble, PollRecorder recorder) {
        return new Readiness(Monitoring.checks(database, files, trouble, recorder), System::nanoTime).reasons();
    }

    private static PollRecorder recorder(Database database, TestClock clock) {
        return new PollRecorder(
                database,
                new HistoryStore(database),
                (transaction, told) -> {},
                new States(FleetSettings.DEFAULT, path -> true, new ServedTime(database, clock, clock::nanoTime)),
                clock::nanoTime);
    }
}
