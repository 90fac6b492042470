package org.fuota.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.fuota.LogCapture;
import org.junit.jupiter.api.Test;

class ReusedTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private long computed;
    private long takesNanos;

    @Test
    void isComputedAgainAfterTenSeconds() {
        Reused<Long> reused = reused();
        assertEquals(Optional.of(1L), reused.get());

        nanos.addAndGet(Duration.ofSeconds(10).toNanos() - 1);
        assertEquals(Optional.of(1L), reused.get());
        nanos.addAndGet(1);
        assertEquals(Optional.of(2L), reused.get());
        assertEquals(Optional.of(2L), reused.get());
    }

    @Test
    void isReusedForTwentyTimesAsLongAsItTook() {
        takesNanos = Duration.ofSeconds(3).toNanos();
        Reused<Long> reused = reused();
        assertEquals(Optional.of(1L), reused.get());

        nanos.addAndGet(Duration.ofSeconds(60).toNanos() - 1);
        assertEquals(Optional.of(1L), reused.get());
        nanos.addAndGet(1);
        assertEquals(Optional.of(2L), reused.get());
    }

    @Test
    void isComputedByOneThreadWhileOthersGetTheLast() throws Exception {
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch end = new CountDownLatch(1);
        Reused<Long> reused = new Reused<>(
                "a number",
                () -> {
                    begun.countDown();
                    if (++computed == 2) {
                        await(end);
                    }
                    return computed;
                },
                nanos::get);
        assertEquals(Optional.of(1L), reused.get());
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());

        CompletableFuture<Optional<Long>> second = CompletableFuture.supplyAsync(reused::get);
        begun.await();
        assertEquals(Optional.of(1L), reused.get());
        end.countDown();

        assertEquals(Optional.of(2L), second.get());
        assertEquals(Optional.of(2L), reused.get());
    }

    @Test
    void isEmptyWhileItFailsWhichIsLoggedOnce() {
        try (LogCapture logged = new LogCapture(Reused.class)) {
            RuntimeException cause = new IllegalStateException("database gone");
            Reused<Long> reused = new Reused<>(
                    "a number",
                    () -> {
                        if (++computed % 3 != 0) {
                            throw cause;
                        }
                        return computed;
                    },
                    nanos::get);

            assertEquals(Optional.empty(), reused.get());
            assertEquals(Optional.empty(), reused.get());
            assertEquals(1, computed, "a failure isn't tried again at once, either");
            assertEquals(Optional.empty(), later(reused));
            assertEquals(Optional.of(3L), later(reused));
            assertEquals(1, logged.records().size());
            assertSame(cause, logged.records().get(0).getThrown());
            assertEquals(Optional.empty(), later(reused));
            assertEquals(
                    List.of(
                            "the metrics are without a number, until it can be had again",
                            "the metrics are without a number, until it can be had again"),
                    logged.messages());
        }
    }

    private Reused<Long> reused() {
        return new Reused<>(
                "a number",
                () -> {
                    nanos.addAndGet(takesNanos);
                    return ++computed;
                },
                nanos::get);
    }

    private Optional<Long> later(Reused<Long> reused) {
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        return reused.get();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
