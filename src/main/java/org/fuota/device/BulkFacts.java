package org.fuota.device;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Of which devices many assignments are, for whoever looks before he makes them. */
final class BulkFacts {
    private static final Duration WEEK = Duration.ofDays(7);

    private final Instant now;
    private final Tally versions = new Tally();
    private final Tally files = new Tally();
    private final Tally filesBefore = new Tally();
    private final Some neverPolled = new Some();
    private final Some notSeenForAWeek = new Some();
    private final Some leftOut = new Some();
    private long reporting;

    BulkFacts(Instant now) {
        this.now = now;
    }

    void add(Assignment assignment) {
        AppVersion version = assignment.version();
        if (version == null) {
            leftOut.add(assignment.deviceId());
            return;
        }
        versions.add(version.value());
        files.add(assignment.file().value());
        if (assignment.before() != null) {
            filesBefore.add(assignment.before().updateFilePath());
        }
        Reports.Report report = assignment.report();
        if (report == null) {
            neverPolled.add(assignment.deviceId());
            return;
        }
        if (version.value().equals(report.appVersion())) {
            reporting++;
        }
        if (report.lastSeen().isBefore(now.minus(WEEK))) {
            notSeenForAWeek.add(assignment.deviceId());
        }
    }

    /** How many there is no version for. */
    long leftOut() {
        return leftOut.devices;
    }

    /** For JSON. */
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("left_out", leftOut.fields());
        fields.put("reporting", reporting);
        fields.put("replaces", versions.most("replaces_version"));
        fields.put("files", files.most("update_file_path"));
        fields.put("files_before", filesBefore.most("update_file_path"));
        fields.put("never_polled", neverPolled.fields());
        fields.put("not_seen_for_a_week", notSeenForAWeek.fields());
        return fields;
    }

    /** How many devices, and the first few of them. */
    private static final class Some {
        private static final int FIRST_IDS = 5;

        private final List<String> firstIds = new ArrayList<>();
        private long devices;

        void add(DeviceId deviceId) {
            devices++;
            if (firstIds.size() < FIRST_IDS) {
                firstIds.add(deviceId.value());
            }
        }

        Map<String, Object> fields() {
            return fieldsOf("devices", devices, "first_ids", firstIds);
        }
    }

    /** How many devices there are of each of some values; of the first thousand values, whatever comes. */
    private static final class Tally {
        private static final int MAX_VALUES = 1000;
        private static final int MOST = 6;

        private final Map<String, Long> counts = new HashMap<>();

        void add(String value) {
            if (counts.size() < MAX_VALUES || counts.containsKey(value)) {
                counts.merge(value, 1L, Long::sum);
            }
        }

        /** Those that most devices have. */
        List<Map<String, Object>> most(String name) {
            return counts.entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                            .thenComparing(Map.Entry.comparingByKey()))
                    .limit(MOST)
                    .map(count -> fieldsOf(name, count.getKey(), "devices", count.getValue()))
                    .toList();
        }
    }

    /** In this order. */
    private static Map<String, Object> fieldsOf(String first, Object firstValue, String second, Object secondValue) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(first, firstValue);
        fields.put(second, secondValue);
        return fields;
    }
}
