package org.fuota.bench.client;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.fuota.bench.report.Sample;

/**
 * Boards that poll by the clock, whether others were answered or not: for how long a poll takes. A poll's time runs from the moment when it was
 * due, so that a server that stalls can't hide it by being asked less.
 */
public final class OpenLoop {
    /** As many polls may be under way. */
    private static final int THREADS = 128;

    private final double perSecond;
    private final int polls;
    private final Work work;
    private final AtomicInteger next = new AtomicInteger();
    private final double[] millis;
    private final List<String> errors = new ArrayList<>();
    private long start;

    /** One poll. */
    @FunctionalInterface
    public interface Work {
        void run() throws IOException;
    }

    /**
     * What came of it.
     *
     * @param millis of each poll, those that failed too
     * @param errors a line for each failure
     */
    public record Outcome(Sample millis, List<String> errors) {}

    private OpenLoop(double perSecond, int polls, Work work) {
        this.perSecond = perSecond;
        this.polls = polls;
        this.work = work;
        millis = new double[polls];
    }

    /** Returns when the last poll is answered. */
    public static Outcome run(double perSecond, Duration duration, Work work) throws InterruptedException {
        int polls = (int) Math.max(perSecond * duration.toMillis() / 1000, 1);
        return new OpenLoop(perSecond, polls, work).run();
    }

    private Outcome run() throws InterruptedException {
        start = System.nanoTime();
        ExecutorService boards = Executors.newFixedThreadPool(THREADS);
        try {
            for (int board = 0; board < THREADS; board++) {
                boards.execute(this::board);
            }
            boards.shutdown();
            if (!boards.awaitTermination(1, TimeUnit.HOURS)) {
                throw new IllegalStateException("the polls don't end");
            }
        } finally {
            boards.shutdownNow();
        }
        return new Outcome(new Sample(Arrays.stream(millis).boxed().toList()), errors);
    }

    private void board() {
        for (int poll = next.getAndIncrement(); poll < polls; poll = next.getAndIncrement()) {
            long due = start + (long) (poll * 1e9 / perSecond);
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
            }
            try {
                work.run();
            } catch (IOException | RuntimeException e) {
                synchronized (errors) {
                    errors.add(String.valueOf(e));
                }
            }
            millis[poll] = (System.nanoTime() - due) / 1e6;
        }
    }
}
