package org.fuota.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** What all tests of this package go by: how long they run, and by which random numbers. */
final class Faults {
    /** Of all that start Tomcats of their own, which the build runs three at a time. */
    static final String TAG = "faults";

    /** Set by {@code mvn -Pfaults}. */
    static final boolean IS_LONG = Boolean.getBoolean("faults.long");

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private Faults() {}

    /** {@code -Dfaults.rounds}, or one of these. */
    static int rounds(int inShort, int inLong) {
        return Integer.getInteger("faults.rounds", IS_LONG ? inLong : inShort);
    }

    /** {@code -Dfaults.seed}, or another each time; printed, so that a run can be had again. */
    static long seed(Class<?> test) {
        long seed = Long.getLong("faults.seed", System.nanoTime());
        tell(test, "this again: -Dfaults.seed=" + seed);
        return seed;
    }

    static void tell(Class<?> test, String line) {
        System.out.println(test.getSimpleName() + ": " + line);
    }

    /** Returns when it has ended. */
    static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Returns once it is so. Fails after minutes only: that it happens is what matters, and machines are slow.
     *
     * @param what for the failure
     */
    static void await(String what, Callable<Boolean> isSo) throws Exception {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!isSo.call()) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("never: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }
}
