package org.fuota.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailureBudgetTest {
    private final AtomicLong nanos = new AtomicLong();
    private final FailureBudget budget = new FailureBudget(nanos::get);

    /** A running time may begin anywhere, and overflow. */
    @ParameterizedTest
    @ValueSource(longs = {0, -20_000_000_000L, Long.MAX_VALUE - 20_000_000_000L})
    void allowsTenAtOnceAndThenOneEverySixSeconds(long start) {
        nanos.set(start);
        exhaust("192.0.2.1");

        assertFalse(budget.spend("192.0.2.1"));
        nanos.addAndGet(FailureBudget.NANOS_EACH - 1);
        assertFalse(budget.spend("192.0.2.1"));
        nanos.addAndGet(1);
        assertTrue(budget.spend("192.0.2.1"));
        assertFalse(budget.spend("192.0.2.1"));
    }

    @Test
    void forgivesAllAfterAMinute() {
        exhaust("192.0.2.1");
        nanos.addAndGet(10 * FailureBudget.NANOS_EACH);

        exhaust("192.0.2.1");
        assertFalse(budget.spend("192.0.2.1"));
    }

    @Test
    void savesNothingUp() {
        assertTrue(budget.spend("192.0.2.1"));
        nanos.addAndGet(1_000 * FailureBudget.NANOS_EACH);
        exhaust("192.0.2.1");

        assertFalse(budget.spend("192.0.2.1"));
    }

    @ParameterizedTest(name = "{0} and {1} share a budget: {2}")
    @CsvSource({
        "192.0.2.1, 192.0.2.2, false",
        "2001:db8:0:1::1, 2001:db8:0:1:ffff:ffff:ffff:ffff, true",
        "2001:db8:0:1::1, 2001:db8:0:2::1, false",
        "0:0:0:0:0:0:0:1, ::1, true",
        "::ffff:192.0.2.1, ::ffff:192.0.2.2, false",
        "fe80::1%0, fe80::2%0, true",
        "unknown, unknown, true",
        "':::', '::::', false",
        "'a:b', 'a:c', false",
    })
    void countsByNetwork(String one, String other, boolean isShared) {
        exhaust(one);

        assertEquals(!isShared, budget.spend(other));
    }

    /** A proxy's header may claim anything to be an address. */
    @Test
    void remembersLittleOfWhatIsNoAddress() {
        exhaust("x".repeat(8_000) + "1");

        assertFalse(budget.spend("x".repeat(8_000) + "2"));
        assertTrue(budget.spend("y:".repeat(4_000)));
    }

    @Test
    void remembersThoseThatFailedLast() {
        exhaust("192.0.2.1");
        for (int i = 0; i < 2 * FailureBudget.MAX_ADDRESSES; i++) {
            budget.spend("10.0." + i / 256 + "." + i % 256);
            // It goes on guessing.
            if (i % 1_000 == 0) {
                assertFalse(budget.spend("192.0.2.1"), "forgotten after " + i);
            }
        }

        assertEquals(FailureBudget.MAX_ADDRESSES, budget.size());
    }

    private void exhaust(String address) {
        for (int i = 0; i < FailureBudget.AT_ONCE; i++) {
            assertTrue(budget.spend(address), i + " before");
        }
    }
}
