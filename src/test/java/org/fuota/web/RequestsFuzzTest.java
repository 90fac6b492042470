package org.fuota.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.fuota.Fuzzed;

class RequestsFuzzTest {
    private static final Set<String> ALLOWED = Set.of("app_ver", "force", "dry_run", "state", "after", "limit");

    /** Containers give the query as it was sent, a char for each byte. */
    @FuzzTest(maxDuration = "1m")
    void readsAQueryAsItIsWritten(byte[] input) throws Exception {
        String text = new String(input, StandardCharsets.ISO_8859_1);

        Optional<Map<String, String>> query = Fuzzed.parse(() -> Requests.query(text, ALLOWED));
        Optional<String> version = Fuzzed.parse(() -> Requests.queryValue(text, "app_ver"));

        if (query.isPresent()) {
            assertEquals(query.get().get("app_ver"), version.orElse(null));
            assertEquals(query.get(), Requests.query(written(query.get()), ALLOWED));
        }
        if (version.isPresent()) {
            assertEquals(version.get(), Requests.queryValue(written(Map.of("app_ver", version.get())), "app_ver"));
        }
    }

    private static String written(Map<String, String> query) {
        return query.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + encoded(parameter.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
