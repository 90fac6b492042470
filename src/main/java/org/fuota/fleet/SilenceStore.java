package org.fuota.fleet;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.fuota.evidence.State;

/** The table {@code silent_group}, and counts of boards that are silent. A board that has polled since then is found by an index. */
final class SilenceStore {
    private static final String IS_SILENT =
            "state IN (" + State.UPDATED_SILENT.ordinal() + ", " + State.SILENT.ordinal() + ")";

    private final Database database;

    SilenceStore(Database database) {
        this.database = database;
    }

    /** How many boards have polled since. */
    long polled(Instant since) {
        return count("SELECT COUNT(*) FROM device_status WHERE last_seen >= ?", since.toEpochMilli());
    }

    /** How many of these are silent. */
    long silent(Instant since) {
        return count(
                "SELECT COUNT(*) FROM device_status WHERE " + IS_SILENT + " AND last_seen >= ?", since.toEpochMilli());
    }

    /** The same of each group that has such. */
    Map<String, Long> silentByGroup(Instant since) {
        Map<String, Long> groups = new HashMap<>();
        database.query(
                        """
                        SELECT g.name, COUNT(*)
                        FROM device_status s
                        JOIN board_group g ON g.device_id = s.device_id
                        WHERE %s AND s.last_seen >= ?
                        GROUP BY g.name
                        ORDER BY g.name
                        """.formatted(IS_SILENT),
                        row -> Map.entry(row.getString(1), row.getLong(2)),
                        since.toEpochMilli())
                .forEach(group -> groups.put(group.getKey(), group.getValue()));
        return groups;
    }

    /** How many boards of a group have polled since. */
    long polled(String group, Instant since) {
        return count("""
                SELECT COUNT(*)
                FROM board_group g
                JOIN device_status s ON s.device_id = g.device_id
                WHERE g.name = ? AND s.last_seen >= ?
                """, group, since.toEpochMilli());
    }

    /** The groups of which was told. */
    Set<String> told() {
        return new HashSet<>(database.query("SELECT name FROM silent_group ORDER BY name", row -> row.getString(1)));
    }

    /** Keeps that of a group is told, and tells; unless another node has. */
    void begin(String group, Instant at, Consumer<Transaction> telling) {
        database.transaction(transaction -> {
            boolean isNew = transaction.update("""
                    INSERT INTO silent_group (name, since)
                    VALUES (?, ?)
                    ON CONFLICT (name) DO NOTHING
                    """, group, at.toEpochMilli()) == 1;
            if (isNew) {
                telling.accept(transaction);
            }
            return isNew;
        });
    }

    /** Has it be told again, the next time. */
    void end(String group) {
        database.update("DELETE FROM silent_group WHERE name = ?", group);
    }

    private long count(String sql, Object... values) {
        return database.queryOne(sql, row -> row.getLong(1), values).orElse(0L);
    }
}
