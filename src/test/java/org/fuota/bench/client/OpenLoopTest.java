package org.fuota.bench.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class OpenLoopTest {
    @Test
    void countsEveryPollAndEveryFailure() throws InterruptedException {
        AtomicInteger polls = new AtomicInteger();

        OpenLoop.Outcome outcome = OpenLoop.run(1000, Duration.ofMillis(200), () -> {
            if (polls.getAndIncrement() % 50 == 0) {
                throw new IOException("refused");
            }
        });

        assertEquals(200, outcome.millis().values().size());
        assertEquals(4, outcome.errors().size());
        assertEquals("java.io.IOException: refused", outcome.errors().get(0));
    }

    /** The first poll waits for one that is due 150 ms later: a loop that waits for answers would never come to it. */
    @Test
    @Timeout(60) // it would wait for ever
    void asksOnWhileAnAnswerIsOutstandingAndCountsTheWait() throws InterruptedException {
        CountDownLatch later = new CountDownLatch(4);

        OpenLoop.Outcome outcome = OpenLoop.run(20, Duration.ofMillis(200), () -> {
            later.countDown();
            try {
                later.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        // By the schedule, not by the machine's speed: the last is due 150 ms after the first.
        assertTrue(outcome.millis().max() >= 150, String.valueOf(outcome));
    }
}
