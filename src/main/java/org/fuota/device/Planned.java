package org.fuota.device;

import java.util.Objects;
import java.util.Optional;
import org.fuota.file.FilePath;
import org.fuota.file.LastFile;
import org.jspecify.annotations.Nullable;

/**
 * A row of a bulk beside what is there.
 *
 * @param before the device's row, or null when it has none
 * @param report null when the device never polled
 * @param version to be replaced; null when neither the bulk nor the device tells one, so that the row is left out
 */
record Planned(
        UpdateLine line,
        @Nullable DeviceRow before,
        Reports.@Nullable Report report,
        @Nullable AppVersion version,
        FilePath file) {
    static Planned of(Bulk bulk, UpdateLine line, @Nullable DeviceRow before, Reports.@Nullable Report report) {
        AppVersion given = line.appVersion() == null ? bulk.replaces() : line.appVersion();
        String reported = report == null ? null : report.appVersion();
        return new Planned(
                line,
                before,
                report,
                given != null || reported == null ? given : new AppVersion(reported),
                line.updateFilePath() == null ? Objects.requireNonNull(bulk.file()) : line.updateFilePath());
    }

    DeviceId deviceId() {
        return line.deviceId();
    }

    /** What the device took last. */
    LastFile last() {
        return report == null ? LastFile.NONE : report.last();
    }

    /** What it changes; empty when it is left out. */
    Optional<Change> change() {
        return version == null
                ? Optional.empty()
                : Optional.of(new Change(before, new DeviceUpdate(line.deviceId(), version, file)));
    }
}
