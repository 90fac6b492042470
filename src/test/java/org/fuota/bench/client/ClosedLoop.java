package org.fuota.bench.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Some boards, each of which asks as soon as it was answered: for what a request costs, not for how long it takes. */
public final class ClosedLoop {
    private ClosedLoop() {}

    /** What a board does, once or some times; returns how many requests that were. */
    @FunctionalInterface
    public interface Work {
        int run() throws IOException;
    }

    /** Runs work in as many threads until that many requests were answered, and returns how many it were; the first failure ends it. */
    public static long run(int threads, long requests, Work work) throws IOException, InterruptedException {
        AtomicLong done = new AtomicLong();
        ExecutorService boards = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int board = 0; board < threads; board++) {
                all.add(boards.submit(() -> {
                    while (done.get() < requests && !Thread.currentThread().isInterrupted()) {
                        done.addAndGet(work.run());
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
            return done.get();
        } catch (ExecutionException e) {
            throw new IOException("a request failed: " + e.getCause(), e.getCause());
        } finally {
            boards.shutdownNow();
        }
    }
}
