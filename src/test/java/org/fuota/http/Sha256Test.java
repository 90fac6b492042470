package org.fuota.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Sha256Test {
    // Of "abc": FIPS 180-2, B.1.
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void isWhatTheDigestOfBytesIs() throws NoSuchAlgorithmException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest("abc".getBytes(StandardCharsets.UTF_8));

        assertEquals(ABC, Sha256.of(digest).hex());
        assertEquals(
                "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=",
                Sha256.of(digest).base64());
        assertEquals(new Sha256(ABC), Sha256.of(digest));
        assertNotEquals(new Sha256(ABC), Sha256.of(new byte[32]));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ba7816bf",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015add",
                "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
                "ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n"
            })
    void refusesWhatIsNoDigest(String hex) {
        assertThrows(IllegalArgumentException.class, () -> new Sha256(hex));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20, 31, 33, 64})
    void refusesOtherLengths(int length) {
        assertThrows(IllegalArgumentException.class, () -> Sha256.of(new byte[length]));
    }
}
