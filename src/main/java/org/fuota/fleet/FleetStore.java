package org.fuota.fleet;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.fuota.device.DeviceRow;
import org.fuota.device.Reports;
import org.fuota.file.LastFile;
import org.fuota.file.LearnedVersion;
import org.fuota.file.Recipients;
import org.fuota.poll.OfferedFile;
import org.fuota.poll.PollAnswer;
import org.jspecify.annotations.Nullable;

/** The tables {@code device_status} and {@code file_report}, and a view over them and {@code device_app}. */
final class FleetStore {
    private static final String STATUS = """
            s.first_seen, s.last_seen, s.polls, s.recent_gaps, s.app_ver, s.app_ver_since, s.remote_addr,
            s.answer, s.answer_since, s.offered_file, s.offered_sha256, s.offered_app_ver, s.offered_since,
            s.offered_last, s.offers, s.updated_app_ver, s.updated_at, s.reverted_at, s.taken_before,
            s.version_before, s.version_flips, s.version_flip_at, s.addr_before, s.addr_flips, s.addr_flip_at,
            s.last_seen_served, s.offered_since_served, s.offered_last_served
            """;

    private static final String DEVICE = """
            SELECT ids.device_id, a.device_id AS row_device_id, a.app_ver AS row_app_ver, a.update_file_path,
                g.assigned_at, s.device_id AS status_device_id,
            """ + STATUS;

    private static final String JOINED = """
            LEFT JOIN device_app a ON a.device_id = ids.device_id
            LEFT JOIN device_assignment g ON g.device_id = ids.device_id
            LEFT JOIN device_status s ON s.device_id = ids.device_id
            """;

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

    /** Far below what any database takes in one statement. */
    private static final int MAX_VALUES = 500;

    private final Database database;

    FleetStore(Database database) {
        this.database = database;
    }

    /** Runs work in a transaction. */
    <T> T transaction(Function<Transaction, T> work) {
        return database.transaction(work);
    }

    /**
     * A page of the fleet, ordered by device id.
     *
     * @param from the first id that may be in it
     * @param isInclusive whether that itself may
     */
    List<FleetDevice> page(String from, boolean isInclusive, int limit) {
        String comparison = isInclusive ? ">=" : ">";
        return database.query(
                DEVICE + """
                        FROM (
                            SELECT device_id
                            FROM (SELECT device_id FROM device_app WHERE device_id %1$s ? ORDER BY device_id LIMIT ?) x
                            UNION
                            SELECT device_id
                            FROM (SELECT device_id FROM device_status WHERE device_id %1$s ? ORDER BY device_id LIMIT ?) y
                            ORDER BY device_id
                            LIMIT ?) ids
                        """.formatted(comparison) + JOINED + "ORDER BY ids.device_id",
                FleetStore::device,
                from,
                limit,
                from,
                limit,
                limit);
    }

    /** A device that has a row, or has polled. */
    Optional<FleetDevice> find(String deviceId) {
        return database.queryOne(
                        DEVICE + "FROM (SELECT CAST(? AS TEXT) AS device_id) ids\n" + JOINED,
                        FleetStore::device,
                        deviceId)
                .filter(device -> device.row() != null || device.status() != null);
    }

    /** What is known of some devices' polls, by their ids; those that never polled aren't in it. */
    Map<String, DeviceStatus> statuses(Transaction transaction, List<String> deviceIds) {
        return chunks(deviceIds)
                .flatMap(ids -> transaction
                        .query(
                                "SELECT s.device_id AS status_device_id, " + STATUS
                                        + " FROM device_status s WHERE s.device_id IN (" + questionMarks(ids) + ")"
                                        + " ORDER BY s.device_id",
                                FleetStore::status,
                                ids.toArray())
                        .stream())
                .collect(Collectors.toMap(DeviceStatus::deviceId, status -> status));
    }

    /** What those of some devices that have polled said and took last. */
    Map<String, Reports.Report> reports(Transaction statements, List<String> deviceIds) {
        return chunks(deviceIds)
                .flatMap(ids -> statements
                        .query(
                                "SELECT s.device_id, s.app_ver, s.last_seen, " + LAST_FILE + " FROM device_status s "
                                        + LAST_IMAGE + " WHERE s.device_id IN (" + questionMarks(ids)
                                        + ") ORDER BY s.device_id",
                                row -> Map.entry(
                                        row.getString("device_id"),
                                        new Reports.Report(
                                                row.getString("app_ver"),
                                                Instant.ofEpochMilli(row.getLong("last_seen")),
                                                lastFile(row))),
                                ids.toArray())
                        .stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    void save(Transaction transaction, List<DeviceStatus> statuses) {
        transaction.updateAll("""
                INSERT INTO device_status (
                    device_id, first_seen, last_seen, polls, recent_gaps, app_ver, app_ver_since, remote_addr,
                    answer, answer_since, offered_file, offered_sha256, offered_app_ver, offered_since, offered_last,
                    offers, updated_app_ver, updated_at, reverted_at, taken_before,
                    version_before, version_flips, version_flip_at, addr_before, addr_flips, addr_flip_at,
                    last_seen_served, offered_since_served, offered_last_served)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (device_id) DO UPDATE
                SET last_seen = excluded.last_seen, polls = excluded.polls, recent_gaps = excluded.recent_gaps,
                    app_ver = excluded.app_ver, app_ver_since = excluded.app_ver_since,
                    remote_addr = excluded.remote_addr, answer = excluded.answer, answer_since = excluded.answer_since,
                    offered_file = excluded.offered_file, offered_sha256 = excluded.offered_sha256,
                    offered_app_ver = excluded.offered_app_ver, offered_since = excluded.offered_since,
                    offered_last = excluded.offered_last, offers = excluded.offers,
                    updated_app_ver = excluded.updated_app_ver, updated_at = excluded.updated_at,
                    reverted_at = excluded.reverted_at, taken_before = excluded.taken_before,
                    version_before = excluded.version_before, version_flips = excluded.version_flips,
                    version_flip_at = excluded.version_flip_at, addr_before = excluded.addr_before,
                    addr_flips = excluded.addr_flips, addr_flip_at = excluded.addr_flip_at,
                    last_seen_served = excluded.last_seen_served,
                    offered_since_served = excluded.offered_since_served,
                    offered_last_served = excluded.offered_last_served
                """, statuses.stream().map(FleetStore::values).toList());
    }

    private static @Nullable Object[] values(DeviceStatus status) {
        Offer offer = status.offer();
        return new @Nullable Object[] {
            status.deviceId(),
            millis(status.firstSeen()),
            millis(status.lastSeen().at()),
            status.polls(),
            status.gaps().text(),
            status.appVersion(),
            millis(status.appVersionSince()),
            status.remoteAddress(),
            label(status.answer()),
            millis(status.answerSince()),
            offer == null ? null : offer.file(),
            offer == null ? null : offer.sha256(),
            offer == null ? null : offer.appVersion(),
            offer == null ? null : millis(offer.since().at()),
            offer == null ? null : millis(offer.last().at()),
            offer == null ? null : offer.count(),
            offer == null ? null : offer.updatedTo(),
            offer == null ? null : millis(offer.updatedAt()),
            offer == null ? null : millis(offer.revertedAt()),
            status.takenBefore(),
            status.versionFlips().before(),
            status.versionFlips().count(),
            millis(status.versionFlips().last()),
            status.addressFlips().before(),
            status.addressFlips().count(),
            millis(status.addressFlips().last()),
            status.lastSeen().served(),
            offer == null ? null : offer.since().served(),
            offer == null ? null : offer.last().served()
        };
    }

    private static String label(@Nullable PollAnswer answer) {
        // Not a label: as long as it doesn't poll, it is unknown.
        return answer == null ? "" : answer.label();
    }

    /** Deletes what is known of a device's polls; false when it never polled. */
    boolean forget(Transaction transaction, String deviceId) {
        return transaction.update("DELETE FROM device_status WHERE device_id = ?", deviceId) > 0;
    }

    /** As many at a time as a statement may have values. */
    private static Stream<List<String>> chunks(List<String> deviceIds) {
        return IntStream.iterate(0, from -> from < deviceIds.size(), from -> from + MAX_VALUES)
                .mapToObj(from -> deviceIds.subList(from, Math.min(from + MAX_VALUES, deviceIds.size())));
    }

    private static String questionMarks(List<String> values) {
        return String.join(", ", Collections.nCopies(values.size(), "?"));
    }

    /** Some of those without a row that are too many: the ones that polled longest ago. */
    List<String> discoveredBeyond(Transaction transaction, long max, long limit) {
        long discovered = transaction.queryOne("""
                        SELECT COUNT(*)
                        FROM device_status s
                        WHERE NOT EXISTS (SELECT 1 FROM device_app a WHERE a.device_id = s.device_id)
                        """, row -> row.getLong(1)).orElse(0L);
        return discovered <= max
                ? List.of()
                : transaction.query("""
                        SELECT s.device_id
                        FROM device_status s
                        WHERE NOT EXISTS (SELECT 1 FROM device_app a WHERE a.device_id = s.device_id)
                        ORDER BY s.last_seen_served, s.device_id
                        LIMIT ?
                        """, row -> row.getString(1), Math.min(discovered - max, limit));
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
        transaction.update("""
                INSERT INTO file_report (sha256, app_ver, devices, last_at)
                VALUES (?, ?, 1, ?)
                ON CONFLICT (sha256, app_ver) DO UPDATE
                SET devices = file_report.devices + 1, last_at = excluded.last_at
                """, report.sha256(), report.appVersion(), millis(report.at()));
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

    /** The devices whose row names a file, those together that are alike. */
    List<Recipients> recipients(String path) {
        return database.query(
                "SELECT COUNT(*) AS devices, MIN(a.device_id) AS first_id, a.app_ver AS row_app_ver, " + LAST_FILE + """
                        FROM device_app a
                        LEFT JOIN device_status s ON s.device_id = a.device_id
                        """
                        + LAST_IMAGE + """
                        WHERE a.update_file_path = ?
                        GROUP BY row_app_ver, taken_sha256, taken_app_ver, i.chip, i.project
                        ORDER BY first_id
                        """,
                row -> new Recipients(
                        row.getLong("devices"),
                        row.getString("first_id"),
                        orEmpty(row.getString("row_app_ver")),
                        lastFile(row)),
                path);
    }

    private static LastFile lastFile(ResultSet row) throws SQLException {
        return new LastFile(
                row.getString("taken_sha256"),
                row.getString("taken_app_ver"),
                row.getString("chip"),
                row.getString("project"));
    }

    private static FleetDevice device(ResultSet row) throws SQLException {
        return new FleetDevice(
                row.getString("device_id"),
                row.getString("row_device_id") == null
                        ? null
                        : new DeviceRow(
                                row.getString("device_id"),
                                orEmpty(row.getString("row_app_ver")),
                                orEmpty(row.getString("update_file_path"))),
                instant(row, "assigned_at"),
                row.getString("status_device_id") == null ? null : status(row));
    }

    private static DeviceStatus status(ResultSet row) throws SQLException {
        return new DeviceStatus(
                row.getString("status_device_id"),
                Instant.ofEpochMilli(row.getLong("first_seen")),
                moment(row, "last_seen"),
                row.getLong("polls"),
                Gaps.ofText(row.getString("recent_gaps")),
                row.getString("app_ver"),
                instant(row, "app_ver_since"),
                row.getString("remote_addr"),
                PollAnswer.ofLabel(row.getString("answer")).orElse(null),
                Instant.ofEpochMilli(row.getLong("answer_since")),
                row.getString("offered_file") == null ? null : offer(row),
                row.getString("taken_before"),
                new Flips(
                        row.getString("version_before"), row.getLong("version_flips"), instant(row, "version_flip_at")),
                new Flips(row.getString("addr_before"), row.getLong("addr_flips"), instant(row, "addr_flip_at")));
    }

    private static Offer offer(ResultSet row) throws SQLException {
        return new Offer(
                row.getString("offered_file"),
                row.getString("offered_sha256"),
                row.getString("offered_app_ver"),
                moment(row, "offered_since"),
                moment(row, "offered_last"),
                row.getLong("offers"),
                row.getString("updated_app_ver"),
                instant(row, "updated_at"),
                instant(row, "reverted_at"));
    }

    private static Moment moment(ResultSet row, String column) throws SQLException {
        return new Moment(Instant.ofEpochMilli(row.getLong(column)), row.getLong(column + "_served"));
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }
}
