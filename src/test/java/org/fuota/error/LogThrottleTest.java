package org.fuota.error;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogThrottleTest {
    private final AtomicLong nanos = new AtomicLong();

    /** A running time may begin anywhere, and overflow. */
    @ParameterizedTest
    @ValueSource(longs = {0, -5_000_000_000L, Long.MAX_VALUE - 5_000_000_000L})
    void tellsTheFirstAtOnceAndThenHowManySince(long start) {
        nanos.set(start);
        LogThrottle throttle = new LogThrottle(nanos::get);

        assertEquals(1, throttle.count());
        assertEquals(0, throttle.count());
        nanos.addAndGet(9_999_999_999L);
        assertEquals(0, throttle.count());
        nanos.addAndGet(1);
        assertEquals(3, throttle.count());
        assertEquals(0, throttle.count());
        nanos.addAndGet(60_000_000_000L);
        assertEquals(2, throttle.count());
    }

    @Test
    void tellsTheRestOfABurstThoughNoneComes() {
        LogThrottle throttle = new LogThrottle(nanos::get);
        assertEquals(0, throttle.rest());
        for (int i = 0; i < 5000; i++) {
            throttle.count();
        }
        assertEquals(0, throttle.rest());

        nanos.addAndGet(10_000_000_000L);

        assertEquals(4999, throttle.rest());
        assertEquals(0, throttle.rest());
        assertEquals(0, throttle.count(), "a line in ten seconds");
    }

    @Test
    void tellsOneThatComesAloneAtOnce() {
        LogThrottle throttle = new LogThrottle(nanos::get);
        throttle.count();
        nanos.addAndGet(10_000_000_000L);

        assertEquals(1, throttle.count());
    }
}
