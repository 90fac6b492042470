package org.fuota.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceFieldTest {
    @ParameterizedTest
    @ValueSource(strings = {"0", "00001", "café", "a b", "a%b", "\u202e", "\ud83d\udca3", "'\"<>"})
    void isTaken(String value) {
        assertEquals(value, new DeviceId(value).value());
        assertEquals(value, new AppVersion(value).value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\u0000", "a\nb", "a\rb", "a\tb", "\u001b[0m", "\u007f", "\u0085", "\u009f", "\ud83d"})
    void isRefused(String value) {
        assertInvalid(() -> new DeviceId(value));
        assertInvalid(() -> new AppVersion(value));
    }

    @Test
    void hasUpTo128Bytes() {
        assertEquals("i".repeat(128), new DeviceId("i".repeat(128)).value());
        assertEquals("é".repeat(64), new AppVersion("é".repeat(64)).value());
        assertInvalid(() -> new DeviceId("i".repeat(129)));
        assertInvalid(() -> new AppVersion("é".repeat(64) + "e"));
    }

    @Test
    void anIdIsOneSegmentAndAVersionIsAnything() {
        assertInvalid(() -> new DeviceId("a/b"));
        // Nobody could ask for these: containers resolve the dots, and refuse the backslash.
        assertInvalid(() -> new DeviceId("."));
        assertInvalid(() -> new DeviceId(".."));
        assertInvalid(() -> new DeviceId("a\\b"));
        assertEquals("...", new DeviceId("...").value());
        assertEquals("a/b", new AppVersion("a/b").value());
        assertEquals("..", new AppVersion("..").value());
    }

    private static void assertInvalid(Runnable make) {
        assertEquals(
                ErrorCode.INVALID, assertThrows(FuotaException.class, make::run).code());
    }
}
