package org.fuota.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {
    /** Of "abc", as FIPS 180-4's examples have it: salt "ab", password "c". */
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @ParameterizedTest
    @ValueSource(strings = {"6162$1$" + ABC, "6162$1$BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"})
    void matches(String stored) {
        assertTrue(Passwords.matches("c", stored));
        assertFalse(Passwords.matches("d", stored));
        assertFalse(Passwords.matches("", stored));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "c", "$", "6162$1$", "6163$1$" + ABC, "6162$2$" + ABC, "616$1$" + ABC, "xy$1$" + ABC, ABC})
    void matchesNothingElse(String stored) {
        assertFalse(Passwords.matches("c", stored));
    }

    @Test
    void saltsEachAnew() {
        String one = Passwords.digest("c");

        assertTrue(one.matches("[0-9a-f]{32}\\$1\\$[0-9a-f]{64}"), one);
        assertTrue(Passwords.matches("c", one));
        assertNotEquals(one, Passwords.digest("c"));
        assertEquals(22, Passwords.generate().length());
    }
}
