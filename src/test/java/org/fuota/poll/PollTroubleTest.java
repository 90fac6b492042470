package org.fuota.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.LogRecord;
import org.fuota.LogCapture;
import org.fuota.device.DeviceId;
import org.junit.jupiter.api.Test;

class PollTroubleTest {
    @Test
    void logsTheFirstWithItsCauseAndNoFlood() {
        try (LogCapture capture = new LogCapture(PollTrouble.class)) {
            List<LogRecord> logged = capture.records();
            AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
            PollTrouble trouble = new PollTrouble(nanos::get);
            RuntimeException cause = new IllegalStateException("database gone");
            for (int i = 0; i < 1000; i++) {
                trouble.log(new DeviceId("a\u202eb"), cause);
            }

            assertEquals(1, logged.size());
            assertSame(cause, logged.get(0).getThrown());
            assertEquals(
                    "can't check for updates: 1 polls since the last such line, the last by device a%E2%80%AEb,"
                            + " were answered 204, no update",
                    logged.get(0).getMessage());

            nanos.addAndGet(Duration.ofSeconds(10).toNanos());
            trouble.log(new DeviceId("c"), cause);
            trouble.log(new DeviceId("d"), cause);

            assertEquals(2, logged.size());
            assertEquals(
                    "can't check for updates: 1000 polls since the last such line, the last by device c,"
                            + " were answered 204, no update",
                    logged.get(1).getMessage());

            trouble.logRest();
            assertEquals(2, logged.size());
            nanos.addAndGet(Duration.ofSeconds(10).toNanos());
            trouble.logRest();
            assertEquals(3, logged.size());
            assertEquals(
                    "can't check for updates: 1 polls since the last such line were answered 204, no update",
                    logged.get(2).getMessage());
        }
    }

    @Test
    void remembersTheLast() {
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
        PollTrouble trouble = new PollTrouble(nanos::get);
        Duration duration = Duration.ofSeconds(30);
        assertFalse(trouble.isWithin(duration));

        trouble.log(new DeviceId("a"), new IllegalStateException("database gone"));
        assertTrue(trouble.isWithin(duration));
        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        // Not logged, but remembered.
        trouble.log(new DeviceId("a"), new IllegalStateException("database gone"));

        nanos.addAndGet(duration.toNanos());
        assertTrue(trouble.isWithin(duration));
        nanos.addAndGet(1);
        assertFalse(trouble.isWithin(duration));
    }
}
