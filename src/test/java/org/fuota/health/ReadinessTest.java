package org.fuota.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.fuota.LogCapture;
import org.fuota.health.Readiness.Check;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final AtomicBoolean isWell = new AtomicBoolean(true);
    private final AtomicInteger checked = new AtomicInteger();
    private final LogCapture capture = new LogCapture(Readiness.class);
    private final List<LogRecord> logged = capture.records();

    @AfterEach
    void stopListening() {
        capture.close();
    }

    @Test
    void tellsEachReasonInOrder() {
        Readiness readiness = readiness(
                new Check("a", () -> false),
                new Check("b", () -> true),
                new Check("c", () -> {
                    throw new IllegalStateException("the cause");
                }),
                new Check("d", () -> {
                    throw new StackOverflowError();
                }));

        assertEquals(List.of("a", "c", "d"), readiness.reasons());
    }

    @Test
    void isReadyWhenAllIsWell() {
        assertEquals(List.of(), readiness(counted()).reasons());
    }

    @Test
    void checksAtMostOnceASecond() {
        Readiness readiness = readiness(counted());
        assertEquals(List.of(), readiness.reasons());
        isWell.set(false);

        nanos.addAndGet(Duration.ofSeconds(1).toNanos() - 1);
        assertEquals(List.of(), readiness.reasons());
        assertEquals(1, checked.get());

        nanos.addAndGet(1);
        assertEquals(List.of("unwell"), readiness.reasons());
        assertEquals(List.of("unwell"), readiness.reasons());
        assertEquals(2, checked.get());

        isWell.set(true);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertEquals(List.of(), readiness.reasons());
    }

    @Test
    void countsTheSecondFromTheEndOfACheck() {
        Readiness readiness = readiness(counted(), new Check("slow", () -> {
            nanos.addAndGet(Duration.ofSeconds(3).toNanos());
            return true;
        }));

        readiness.reasons();
        readiness.reasons();

        assertEquals(1, checked.get());
    }

    @Test
    void answersAtOnceWhileAnotherThreadChecks() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        AtomicBoolean blocks = new AtomicBoolean(true);
        Readiness readiness = readiness(counted(), new Check("blocking", () -> {
            begun.countDown();
            return !blocks.get() || await(end);
        }));

        CompletableFuture<List<String>> first = CompletableFuture.supplyAsync(readiness::reasons);
        begun.await();
        assertEquals(List.of("the first check isn't finished"), readiness.reasons());
        end.countDown();
        assertEquals(List.of(), first.get());
        assertEquals(1, checked.get());
    }

    @Test
    void answersTheLastResultMeanwhileButNotForLong() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        AtomicBoolean blocks = new AtomicBoolean(false);
        Readiness readiness = readiness(counted(), new Check("blocking", () -> {
            if (blocks.get()) {
                begun.countDown();
                await(end);
            }
            return true;
        }));
        isWell.set(false);
        assertEquals(List.of("unwell"), readiness.reasons());
        isWell.set(true);
        blocks.set(true);
        // Probes may come seldom: what counts is how long this check takes, not how old the last one is.
        nanos.addAndGet(Duration.ofMinutes(5).toNanos());

        CompletableFuture<List<String>> hanging = CompletableFuture.supplyAsync(readiness::reasons);
        begun.await();
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        assertEquals(List.of("unwell"), readiness.reasons());
        nanos.addAndGet(1);
        assertEquals(List.of("a check takes longer than 10 s"), readiness.reasons());

        end.countDown();
        assertEquals(List.of(), hanging.get());
        assertEquals(List.of(), readiness.reasons());
    }

    @Test
    void logsWhatChangesOnceWithItsCause() {
        RuntimeException cause = new IllegalStateException("database gone");
        Readiness readiness = readiness(
                new Check("database", () -> {
                    if (isWell.get()) {
                        return true;
                    }
                    throw cause;
                }),
                new Check("folder", isWell::get));
        ask(readiness);
        assertEquals(0, logged.size());

        isWell.set(false);
        ask(readiness);
        ask(readiness);
        assertEquals(List.of("not ready: database", "not ready: folder"), messages());
        assertSame(cause, logged.get(0).getThrown());
        assertNull(logged.get(1).getThrown());
        assertEquals(Level.WARNING, logged.get(0).getLevel());

        logged.clear();
        isWell.set(true);
        ask(readiness);
        ask(readiness);
        assertEquals(List.of("no longer so: database", "no longer so: folder"), messages());
        assertEquals(Level.INFO, logged.get(0).getLevel());
    }

    private Readiness readiness(Check... checks) {
        return new Readiness(List.of(checks), nanos::get);
    }

    private Check counted() {
        return new Check("unwell", () -> {
            checked.incrementAndGet();
            return isWell.get();
        });
    }

    private void ask(Readiness readiness) {
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        readiness.reasons();
    }

    private List<String> messages() {
        return logged.stream().map(LogRecord::getMessage).toList();
    }

    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
