package org.fuota.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.fuota.Fuzzed;

class FleetQueryFuzzTest {
    /** Parameters as they are once the query is decoded, a line each. */
    @FuzzTest(maxDuration = "1m")
    void takesWhatItsParametersMean(byte[] input) throws Exception {
        Map<String, String> query = new LinkedHashMap<>();
        for (String line : new String(input, StandardCharsets.UTF_8).split("\n")) {
            int equals = line.indexOf('=');
            if (equals > 0 && equals < line.length() - 1) {
                query.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }

        Optional<FleetQuery> parsed =
                Fuzzed.parse(() -> FleetQuery.parse(query, Instant.EPOCH, (where, rollout, outcome) -> where));

        if (parsed.isPresent()) {
            Where where = parsed.get().where();
            assertTrue(parsed.get().limit() >= 0 && parsed.get().limit() <= 10_000);
            assertEquals(
                    where.values().size(),
                    where.sql().chars().filter(c -> c == '?').count(),
                    "values are never part of the text");
            String prefix = Objects.requireNonNullElse(query.get("prefix"), "");
            String end = FleetFilter.endOf(prefix);
            assertTrue(end.isEmpty() || isBefore(prefix + "\udbff\udfff", end), "an id with the prefix is wanted");
            assertFalse(!end.isEmpty() && end.startsWith(prefix), "and no other");
        }
    }

    private static boolean isBefore(String one, String other) {
        return Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8)) < 0;
    }
}
