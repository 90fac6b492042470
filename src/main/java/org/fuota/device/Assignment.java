package org.fuota.device;

import java.util.Objects;
import org.fuota.file.FilePath;
import org.fuota.file.LastFile;
import org.fuota.file.Recipients;
import org.jspecify.annotations.Nullable;

/**
 * An assignment that is asked for, beside what there is: when the device reports the version, it is offered the file.
 *
 * @param line where it stands in the request
 * @param before what the device is assigned; null for nothing
 * @param report null when the device never polled
 * @param version to be replaced, not the one that the file brings; null when neither the request nor the device tells one: it is left out
 */
record Assignment(
        AssignmentList.Line line,
        @Nullable DeviceRow before,
        Reports.@Nullable Report report,
        @Nullable AppVersion version,
        FilePath file) {
    static Assignment of(
            Bulk bulk, AssignmentList.Line line, @Nullable DeviceRow before, Reports.@Nullable Report report) {
        AppVersion given = bulk.version(line);
        String reported = report == null ? null : report.appVersion();
        return new Assignment(
                line,
                before,
                report,
                given != null || reported == null ? given : new AppVersion(reported),
                bulk.file(line));
    }

    DeviceId deviceId() {
        return line.deviceId();
    }

    /** False also when the device is assigned just that already. */
    boolean isChange() {
        return version != null && change().changesAnything();
    }

    /** What the device will be assigned; not of one that is left out. */
    DeviceRow after() {
        return new DeviceRow(deviceId().value(), Objects.requireNonNull(version).value(), file.value());
    }

    Recipients recipients() {
        LastFile last = report == null ? LastFile.NONE : report.last();
        return new Recipients(1, deviceId().value(), after().appVersion(), last);
    }

    Change change() {
        return new Change(deviceId().value(), before, after());
    }
}
