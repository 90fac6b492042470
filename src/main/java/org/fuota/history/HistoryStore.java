package org.fuota.history;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.jspecify.annotations.Nullable;

/** The table {@code history}. */
public final class HistoryStore {
    /** How many observed changes of one device are kept: a board that flips all day must not fill the disk. */
    static final int MAX_OBSERVED = 200;

    /** Of a device that nobody ever assigned anything: anybody with a board's password can make up many of them. */
    public static final int MAX_OF_STRANGER = 20;

    private static final int PRUNE_ROWS = 5_000;

    private final Database database;

    public HistoryStore(Database database) {
        this.database = database;
    }

    /** Adds a change to the transaction that makes it. */
    public void add(Transaction transaction, HistoryEvent event) {
        add(transaction, List.of(event));
    }

    /** Adds changes, in their order, to the transaction that makes them. */
    public void add(Transaction transaction, List<HistoryEvent> events) {
        if (events.isEmpty()) {
            return;
        }
        long last = last(transaction);
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (HistoryEvent event : events) {
            rows.add(new @Nullable Object[] {
                last + rows.size() + 1,
                event.at().toEpochMilli(),
                event.deviceId(),
                event.filePath(),
                event.kind().label(),
                event.before(),
                event.after(),
                event.user(),
                event.remoteAddress()
            });
        }
        transaction.updateAll("""
                INSERT INTO history
                    (number, happened_at, device_id, file_path, event, value_before, value_after, actor, remote_addr)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, rows);
    }

    /** The number of the newest change; 0 when there is none. */
    public long last(Transaction statements) {
        return statements
                .queryOne("SELECT COALESCE(MAX(number), 0) FROM history", row -> row.getLong(1))
                .orElse(0L);
    }

    /** Deletes what polls told of a device but for the newest {@value #MAX_OBSERVED} changes, or {@value #MAX_OF_STRANGER}. */
    public void trim(Transaction transaction, String deviceId) {
        transaction.update("""
                DELETE FROM history
                WHERE device_id = ? AND actor IS NULL AND number <= (
                    SELECT number
                    FROM history
                    WHERE device_id = ? AND actor IS NULL
                    ORDER BY number DESC
                    LIMIT 1 OFFSET CASE
                        WHEN EXISTS (SELECT 1 FROM assignment WHERE device_id = ?)
                            OR EXISTS (SELECT 1 FROM history WHERE device_id = ? AND actor IS NOT NULL)
                        THEN ? ELSE ? END)
                """, deviceId, deviceId, deviceId, deviceId, MAX_OBSERVED, MAX_OF_STRANGER);
    }

    /** Deletes what polls of devices seemed to tell: the changes of those times, kinds and values. */
    public void retract(Transaction transaction, List<HistoryEvent> mistaken) {
        if (mistaken.isEmpty()) {
            return;
        }
        transaction.updateAll(
                """
                DELETE FROM history
                WHERE device_id = ? AND happened_at = ? AND event = ? AND value_after = ? AND actor IS NULL
                """,
                mistaken.stream()
                        .map(event -> new @Nullable Object[] {
                            event.deviceId(),
                            event.at().toEpochMilli(),
                            event.kind().label(),
                            event.after()
                        })
                        .toList());
    }

    /** A device's changes, newest first. */
    public List<HistoryEvent> ofDevice(String deviceId, int limit) {
        return database.query("""
                SELECT happened_at, device_id, file_path, event, value_before, value_after, actor, remote_addr
                FROM history
                WHERE device_id = ?
                ORDER BY number DESC
                LIMIT ?
                """, HistoryStore::event, deviceId, limit);
    }

    /** The changes of a rollout's state, newest first. */
    public List<HistoryEvent> ofRollout(String name, int limit) {
        // The kind as a literal: by that an index has these.
        String prefix = name + " ";
        return database.query("""
                SELECT happened_at, device_id, file_path, event, value_before, value_after, actor, remote_addr
                FROM history
                WHERE event = 'rollout' AND SUBSTR(value_after, 1, ?) = ?
                ORDER BY number DESC
                LIMIT ?
                """, HistoryStore::event, prefix.length(), prefix, limit);
    }

    /** The newest change of some kinds to some devices, of which there must be one at least. */
    public Optional<HistoryEvent> newest(List<String> deviceIds, Set<EventKind> kinds) {
        return newest(
                "device_id IN (%s) AND event IN (%s)"
                        .formatted(
                                Transaction.questionMarks(deviceIds.size()), Transaction.questionMarks(kinds.size())),
                Stream.concat(deviceIds.stream(), kinds.stream().map(EventKind::label)));
    }

    /** The newest change to some update files. */
    public Optional<HistoryEvent> newestOfFiles(List<String> paths) {
        // Without a device: an index has these.
        return newest(
                "device_id IS NULL AND file_path IN (%s)".formatted(Transaction.questionMarks(paths.size())),
                paths.stream());
    }

    private Optional<HistoryEvent> newest(String condition, Stream<String> values) {
        return database.queryOne("""
                SELECT happened_at, device_id, file_path, event, value_before, value_after, actor, remote_addr
                FROM history
                WHERE %s
                ORDER BY number DESC
                LIMIT 1
                """.formatted(condition), HistoryStore::event, values.toArray());
    }

    /** Deletes what polls told of some devices; what users did stays. */
    public void forget(Transaction transaction, List<String> deviceIds) {
        transaction.updateAll(
                "DELETE FROM history WHERE device_id = ? AND actor IS NULL",
                deviceIds.stream().map(id -> new @Nullable Object[] {id}).toList());
    }

    /** Deletes what polls told and what users did before these times, slice by slice, so that nobody waits. */
    public void prune(Instant observedBefore, Instant auditBefore) {
        while (pruneSome(observedBefore, auditBefore)) {
            // There may be more.
        }
    }

    /** A slice; returns whether there may be more. */
    boolean pruneSome(Instant observedBefore, Instant auditBefore) {
        int deleted = database.update("""
                DELETE FROM history
                WHERE number IN (
                    SELECT number
                    FROM history
                    WHERE (happened_at < ? AND actor IS NULL) OR (happened_at < ? AND actor IS NOT NULL)
                    ORDER BY happened_at
                    LIMIT ?)
                """, observedBefore.toEpochMilli(), auditBefore.toEpochMilli(), PRUNE_ROWS);
        return deleted == PRUNE_ROWS;
    }

    private static HistoryEvent event(ResultSet row) throws SQLException {
        return new HistoryEvent(
                Instant.ofEpochMilli(row.getLong(1)),
                row.getString(2),
                row.getString(3),
                EventKind.ofLabel(row.getString(4)),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8));
    }
}
