package org.fuota.fleet;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Counts, each kept for a moment, and computed one at a time: so that many consoles cost no more than one. */
final class Counts {
    private static final long KEPT_NANOS = 2_000_000_000;
    private static final int MAX_KEPT = 100;

    private final LongSupplier nanoTime;
    private final Lock computing = new ReentrantLock();
    private final Map<String, Kept> kept = new HashMap<>();

    /** @param nanoTime a running time in nanoseconds, such as {@link System#nanoTime} */
    Counts(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** @param question what is counted: the same for two that are equal */
    Map<String, Long> get(String question, Supplier<Map<String, Long>> count) {
        computing.lock();
        try {
            Kept known = kept.get(question);
            if (known == null || nanoTime.getAsLong() - known.nanos() >= KEPT_NANOS) {
                if (kept.size() >= MAX_KEPT) {
                    kept.clear();
                }
                known = new Kept(count.get(), nanoTime.getAsLong());
                kept.put(question, known);
            }
            return known.counts();
        } finally {
            computing.unlock();
        }
    }

    private record Kept(Map<String, Long> counts, long nanos) {}
}
