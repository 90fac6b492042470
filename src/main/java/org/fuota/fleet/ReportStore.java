package org.fuota.fleet;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.fuota.device.Reports;
import org.fuota.evidence.FileReport;
import org.fuota.file.LastFile;
import org.fuota.file.LearnedVersion;
import org.fuota.file.Recipients;
import org.fuota.poll.OfferedFile;
import org.jspecify.annotations.Nullable;

/** What is learned of update files: the tables {@code file_report} and {@code offered_image}, and who took them. */
final class ReportStore {
    /** The file of the last offer where that was taken and not rolled back, else the one before. */
    private static final String TAKEN = """
            CASE WHEN s.updated_at IS NOT NULL AND s.reverted_at IS NULL THEN s.offered_sha256 ELSE s.taken_before END""";

    private static final String LAST_FILE = TAKEN + """
             AS taken_sha256,
            CASE WHEN s.reverted_at IS NULL THEN s.updated_app_ver END AS taken_app_ver,
            i.chip, i.project
            """;

    private static final String LAST_IMAGE = "LEFT JOIN offered_image i ON i.sha256 = " + TAKEN + "\n";

    /** As many as anybody needs to believe a report. */
    private static final int MAX_REPORT_DEVICES = 8;

    private static final int MAX_VERSIONS = 5;

    private final Database database;

    ReportStore(Database database) {
        this.database = database;
    }

    /** What those of some devices that have polled said and took last. */
    Map<String, Reports.Report> reports(Transaction statements, List<String> deviceIds) {
        return DeviceStore.byId(
                        deviceIds,
                        ids -> statements.query(
                                "SELECT s.device_id, s.app_ver, s.last_seen, " + LAST_FILE + " FROM device_status s "
                                        + LAST_IMAGE
                                        + " WHERE s.device_id IN (" + Transaction.questionMarks(ids.size())
                                        + ") AND s.last_seen IS NOT NULL ORDER BY s.device_id",
                                row -> Map.entry(
                                        row.getString(1),
                                        new Reports.Report(
                                                row.getString(2),
                                                Instant.ofEpochMilli(row.getLong(3)),
                                                lastFile(row, 4))),
                                ids.toArray()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** By what else a device is found. */
    DeviceTags tags(String deviceId) {
        return database.connected(statements -> {
            List<String> groups = statements.query(
                    "SELECT name FROM board_group WHERE device_id = ? ORDER BY name",
                    row -> row.getString(1),
                    deviceId);
            return statements
                    .queryOne(
                            """
                            SELECT i.chip, i.project
                            FROM device_status
                            JOIN offered_image i ON i.sha256 = %s
                            WHERE device_id = ?
                            """.formatted(FleetFilter.LAST_IMAGE),
                            row -> new DeviceTags(row.getString(1), row.getString(2), groups),
                            deviceId)
                    .orElse(new DeviceTags(null, null, groups));
        });
    }

    /** Counts a report, but for one of a device that has made the same before. */
    void add(Transaction transaction, FileReport report) {
        Object[] key = {report.sha256(), report.appVersion(), report.deviceId()};
        boolean isKnown =
                transaction.queryOne("""
                        SELECT device_id
                        FROM file_report_device
                        WHERE sha256 = ? AND app_ver = ? AND device_id = ?
                        """, row -> row.getString(1), key).isPresent();
        if (isKnown) {
            return;
        }
        // A few are enough: beyond them nobody asks whether there are several.
        long kept = transaction
                .queryOne("""
                        SELECT COUNT(*)
                        FROM file_report_device
                        WHERE sha256 = ? AND app_ver = ?
                        """, row -> row.getLong(1), report.sha256(), report.appVersion())
                .orElse(0L);
        if (kept < MAX_REPORT_DEVICES) {
            transaction.update("INSERT INTO file_report_device (sha256, app_ver, device_id) VALUES (?, ?, ?)", key);
        }
        transaction.update(
                """
                INSERT INTO file_report (sha256, app_ver, devices, last_at)
                VALUES (?, ?, 1, ?)
                ON CONFLICT (sha256, app_ver) DO UPDATE
                SET devices = file_report.devices + 1, last_at = excluded.last_at
                """, report.sha256(), report.appVersion(), report.at().toEpochMilli());
    }

    /** What devices reported first after they had been offered a file with this digest, what most did first. */
    List<LearnedVersion> learnedVersions(String sha256) {
        return database.query("""
                SELECT app_ver, devices
                FROM file_report
                WHERE sha256 = ?
                ORDER BY devices DESC, last_at DESC, app_ver
                LIMIT ?
                """, row -> new LearnedVersion(row.getString(1), row.getLong(2)), sha256, MAX_VERSIONS);
    }

    /** Keeps what files say of themselves, for when their bytes are gone. */
    void keep(Transaction transaction, Collection<OfferedFile> files) {
        transaction.updateAll(
                """
                INSERT INTO offered_image (sha256, chip, project)
                VALUES (?, ?, ?)
                ON CONFLICT (sha256) DO UPDATE
                SET chip = excluded.chip, project = excluded.project
                """,
                files.stream()
                        .map(file -> new @Nullable Object[] {file.sha256(), file.chip(), file.project()})
                        .toList());
    }

    /** What images that were offered say of themselves, by their digests; without those that say nothing. */
    Map<String, String> imageFacts(String column) {
        return database
                .query(
                        "SELECT sha256, %1$s FROM offered_image WHERE %1$s IS NOT NULL ORDER BY sha256"
                                .formatted(column),
                        row -> Map.entry(row.getString(1), row.getString(2)))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The devices whose assignment names a file, those together that are alike. */
    List<Recipients> recipients(String path) {
        return database.query(
                "SELECT COUNT(*), MIN(s.device_id) AS first_id, s.row_app_ver, " + LAST_FILE + " FROM device_status s "
                        + LAST_IMAGE + """
                        WHERE s.row_file = ?
                        GROUP BY s.row_app_ver, taken_sha256, taken_app_ver, i.chip, i.project
                        ORDER BY first_id
                        """,
                row -> new Recipients(row.getLong(1), row.getString(2), row.getString(3), lastFile(row, 4)),
                path);
    }

    /** @param first of its columns */
    private static LastFile lastFile(ResultSet row, int first) throws SQLException {
        return new LastFile(
                row.getString(first), row.getString(first + 1), row.getString(first + 2), row.getString(first + 3));
    }
}
