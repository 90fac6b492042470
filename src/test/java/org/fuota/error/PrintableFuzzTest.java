package org.fuota.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

class PrintableFuzzTest {
    @FuzzTest(maxDuration = "1m")
    void isOneSafeWordThatStillTellsWhatItWas(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);

        String printable = Printable.of(text);

        assertTrue(printable.matches("(?:[!-~&&[^\"<>&'%\\\\]]|%[0-9A-F]{2})*+"), printable);
        assertEquals(text, URLDecoder.decode(printable.replace("+", "%2B"), StandardCharsets.UTF_8));
    }
}
