package org.fuota.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.fuota.http.Preconditions.Outcome;

class PreconditionsFuzzTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Validators CURRENT =
            new Validators(EntityTag.strong("abc"), Instant.parse("2026-02-28T12:00:00Z"));

    /** Each line is a header, as {@code If-Match: "abc"}. */
    @FuzzTest(maxDuration = "1m")
    void neverChangesWhatTheClientDoesNotHaveInMind(byte[] input) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line : new String(input, StandardCharsets.ISO_8859_1).split("\n")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                        .add(line.substring(colon + 1).strip());
            }
        }

        Outcome get = of("GET", headers).check(CURRENT);
        Outcome put = of("PUT", headers).check(CURRENT);
        Outcome create = of("PUT", headers).check(null);
        Optional<String> range = of("GET", headers).range(CURRENT);

        assertEquals(get, of("HEAD", headers).check(CURRENT));
        assertNotEquals(Outcome.NOT_MODIFIED, put);
        assertNotEquals(Outcome.NOT_MODIFIED, create);
        if (headers.containsKey("If-Match")) {
            assertEquals(Outcome.PRECONDITION_FAILED, create, "there is nothing that could match");
        }
        if (put == Outcome.PROCEED) {
            assertTrue(headers.getOrDefault("If-None-Match", List.of()).stream().noneMatch("*"::equals));
        }
        assertEquals(Optional.empty(), of("PUT", headers).range(CURRENT));
        range.ifPresent(value -> assertEquals(List.of(value), headers.get("Range")));
    }

    private static Preconditions of(String method, Map<String, List<String>> headers) {
        return new Preconditions(method, name -> headers.getOrDefault(name, List.of()), NOW);
    }
}
