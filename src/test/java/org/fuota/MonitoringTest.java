package org.fuota;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.fuota.device.AppVersion;
import org.fuota.device.DeviceId;
import org.fuota.device.Poll;
import org.fuota.device.PollAnswer;
import org.fuota.device.PollTrouble;
import org.fuota.file.FileLimits;
import org.fuota.file.FileStore;
import org.fuota.fleet.PollRecorder;
import org.fuota.health.Readiness;
import org.fuota.history.HistoryStore;
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
            PollRecorder recorder =
                    new PollRecorder(database, new HistoryStore(database), path -> Optional.empty(), 1000, clock);
            FileStore files = new FileStore(folder, FileLimits.DEFAULT, clock);
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
            Database database, FileStore files, PollTrouble trouble, PollRecorder recorder) {
        return new Readiness(Monitoring.checks(database, files, trouble, recorder), System::nanoTime).reasons();
    }
}
