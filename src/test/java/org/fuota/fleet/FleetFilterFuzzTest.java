package org.fuota.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.fuota.Fuzzed;

class FleetFilterFuzzTest {
    /** Parameters as they are once the query is decoded, a line each. */
    @FuzzTest(maxDuration = "1m")
    void beginsAndEndsWhereItsIdsDo(byte[] input) throws Exception {
        Map<String, String> query = new LinkedHashMap<>();
        for (String line : new String(input, StandardCharsets.UTF_8).split("\n")) {
            int equals = line.indexOf('=');
            if (equals > 0 && equals < line.length() - 1) {
                query.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }

        Optional<FleetFilter> filter = Fuzzed.parse(() -> FleetFilter.parse(query));

        if (filter.isPresent()) {
            FleetFilter read = filter.get();
            assertTrue(read.limit() >= 0 && read.limit() <= 10_000);
            assertEquals(
                    query.get("state"),
                    read.state() == null ? null : read.state().label());
            String prefix = Objects.requireNonNullElse(read.prefix(), "");
            String after = Objects.requireNonNullElse(read.after(), "");
            assertTrue(read.from().equals(prefix) || read.from().equals(after));
            assertFalse(read.isPast(prefix + "x"), "an id with the prefix is wanted");
        }
    }
}
