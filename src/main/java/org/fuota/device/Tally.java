package org.fuota.device;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How many devices there are of each of some values; of the first thousand values, whatever comes. */
final class Tally {
    private static final int MAX_VALUES = 1000;
    private static final int MOST = 6;

    private final Map<String, Long> counts = new HashMap<>();

    void add(String value) {
        if (counts.size() < MAX_VALUES || counts.containsKey(value)) {
            counts.merge(value, 1L, Long::sum);
        }
    }

    /** Those that most devices have, for JSON. */
    List<Map<String, Object>> most(String name) {
        List<Map<String, Object>> most = new ArrayList<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST)
                .forEach(count -> {
                    Map<String, Object> fields = new LinkedHashMap<>();
                    fields.put(name, count.getKey());
                    fields.put("devices", count.getValue());
                    most.add(fields);
                });
        return most;
    }
}
