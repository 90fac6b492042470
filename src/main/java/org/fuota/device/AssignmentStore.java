package org.fuota.device;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.fuota.file.FilePath;
import org.fuota.file.FileUse;
import org.jspecify.annotations.Nullable;

/** What devices are assigned: the view {@code assignment} of the table {@code device_app}, and of what is on its way there. */
public final class AssignmentStore {
    private static final int PAGE_ROWS = 1000;
    private static final int FIRST_IDS = 5;

    private final Database database;

    public AssignmentStore(Database database) {
        this.database = database;
    }

    /** Whether the device is assigned the file; both may be any text. */
    public boolean isAssigned(String deviceId, String path) {
        return database.queryOne("""
                SELECT device_id
                FROM assignment
                WHERE device_id = ? AND update_file_path = ?
                """, row -> text(row, 1), deviceId, path).isPresent();
    }

    /**
     * Hands over all, ordered by device id, page by page, so that a slow client holds no connection that a poll may need. Each page is as of when it
     * was read: a change in between shows or doesn't, and none shows twice.
     */
    public void forEach(RowConsumer consumer) throws IOException {
        String sql = """
                SELECT device_id, app_ver, update_file_path
                FROM assignment
                %s
                ORDER BY device_id
                LIMIT ?
                """;
        List<DeviceRow> page = database.query(sql.formatted(""), AssignmentStore::row, PAGE_ROWS);
        while (!page.isEmpty()) {
            for (DeviceRow row : page) {
                consumer.accept(row);
            }
            String last = page.get(page.size() - 1).deviceId();
            page = database.query(sql.formatted("WHERE device_id > ?"), AssignmentStore::row, last, PAGE_ROWS);
        }
    }

    /** What some devices are assigned, by their ids; those without an assignment aren't in it. */
    Map<String, DeviceRow> find(Transaction transaction, List<String> deviceIds) {
        return transaction
                .query(
                        """
                        SELECT device_id, app_ver, update_file_path
                        FROM assignment
                        WHERE device_id IN (%s)
                        ORDER BY device_id
                        """.formatted(Transaction.questionMarks(deviceIds.size())),
                        AssignmentStore::row,
                        deviceIds.toArray())
                .stream()
                .collect(Collectors.toMap(DeviceRow::deviceId, row -> row));
    }

    /** The ids of the first devices that are assigned a file, whose path may be any text; where there is one, of those after an id. */
    List<String> idsOf(String path, @Nullable String after, int limit) {
        String sql = """
                SELECT device_id
                FROM assignment
                WHERE update_file_path = ? AND device_id %s
                ORDER BY device_id
                LIMIT ?
                """;
        return after == null
                ? database.query(sql.formatted("IS NOT NULL"), row -> row.getString(1), path, limit)
                : database.query(sql.formatted("> ?"), row -> row.getString(1), path, after, limit);
    }

    /** How many devices are assigned a file, whose path may be any text. */
    long count(String path) {
        return database.connected(statements -> count(statements, path));
    }

    private static long count(Transaction statements, String path) {
        return statements
                .queryOne(
                        "SELECT COUNT(*) FROM assignment WHERE update_file_path = ? AND device_id IS NOT NULL",
                        row -> row.getLong(1),
                        path)
                .orElse(0L);
    }

    /** Which devices are assigned the file. */
    public FileUse use(Transaction statements, FilePath file) {
        long devices = count(statements, file.value());
        List<String> firstIds = statements.query("""
                SELECT device_id
                FROM assignment
                WHERE update_file_path = ?
                ORDER BY device_id
                LIMIT ?
                """, row -> text(row, 1), file.value(), FIRST_IDS);
        return new FileUse(devices, firstIds);
    }

    /** How many devices are assigned each file, by its path. */
    public Map<String, Long> devicesByFile() {
        return database.query("""
                        SELECT update_file_path, COUNT(*)
                        FROM assignment
                        WHERE update_file_path IS NOT NULL
                        GROUP BY update_file_path
                        ORDER BY update_file_path
                        """, row -> Map.entry(row.getString(1), row.getLong(2))).stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static DeviceRow row(ResultSet row) throws SQLException {
        return row(row, 1);
    }

    /** @param first of its three columns: device, version, file */
    public static DeviceRow row(ResultSet row, int first) throws SQLException {
        return new DeviceRow(text(row, first), text(row, first + 1), text(row, first + 2));
    }

    private static String text(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getString(column)).orElse("");
    }

    /** Passes an assignment on, which may fail. */
    public interface RowConsumer {
        void accept(DeviceRow row) throws IOException;
    }
}
