package org.fuota.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

class ByteRangeFuzzTest {
    private static final long[] SIZES = {0, 1, 2, 900, 1_572_864, Integer.MAX_VALUE, Long.MAX_VALUE};

    @FuzzTest(maxDuration = "1m")
    void staysWithinTheFile(byte[] input) {
        String header = new String(input, StandardCharsets.ISO_8859_1);
        for (long size : SIZES) {
            Optional<ByteRange> range = ByteRange.parse(header, size);
            if (range.isEmpty()) {
                continue;
            }
            assertTrue(range.get().first() + range.get().length() <= size, header);
            String contentRange = range.get().contentRange(size);
            assertTrue(contentRange.matches("bytes ([0-9]+-[0-9]+|\\*)/" + size), contentRange);
            if (range.get().isSatisfiable()) {
                String written = contentRange.replace("bytes ", "bytes=").replaceFirst("/.*", "");
                assertEquals(range, ByteRange.parse(written, size));
            }
        }
    }
}
