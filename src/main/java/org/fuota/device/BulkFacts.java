package org.fuota.device;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
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

    void add(Planned planned) {
        AppVersion version = planned.version();
        if (version == null) {
            leftOut.add(planned.deviceId());
            return;
        }
        versions.add(version.value());
        files.add(planned.file().value());
        if (planned.before() != null) {
            filesBefore.add(planned.before().updateFilePath());
        }
        Reports.Report report = planned.report();
        if (report == null) {
            neverPolled.add(planned.deviceId());
            return;
        }
        if (version.value().equals(report.appVersion())) {
            reporting++;
        }
        if (report.lastSeen().isBefore(now.minus(WEEK))) {
            notSeenForAWeek.add(planned.deviceId());
        }
    }

    /** How many rows there is no version for. */
    long leftOut() {
        return leftOut.devices();
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
}
