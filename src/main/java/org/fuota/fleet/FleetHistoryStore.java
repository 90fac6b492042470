package org.fuota.fleet;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.jspecify.annotations.Nullable;

/** The table {@code fleet_history}. */
final class FleetHistoryStore {
    private static final int PRUNE_ROWS = 5_000;

    /** From one day to the next by the key, whatever lies between. */
    static final String LAST_HOURS = """
            WITH RECURSIVE last (hour) AS (
                SELECT MAX(hour)
                FROM fleet_history
                WHERE kind = ? AND hour < ?
                UNION ALL
                SELECT (SELECT MAX(h.hour) FROM fleet_history h WHERE h.kind = ? AND h.hour < l.hour - l.hour % ?)
                FROM last l
                WHERE l.hour >= ?)
            SELECT hour
            FROM last
            WHERE hour >= ?
            ORDER BY hour DESC
            """;

    private final Database database;

    FleetHistoryStore(Database database) {
        this.database = database;
    }

    /**
     * How many boards there were in an hour.
     *
     * @param hour when it began
     * @param name of the state, version or rollout; empty for boards that reported no version
     * @param boards of a rollout those that it was offered to; the others are what had become of these, and null where it is no rollout
     */
    record Count(
            FleetHistory.By by,
            Instant hour,
            String name,
            long boards,
            @Nullable Long updated,
            @Nullable Long failed,
            @Nullable Long pending) {
        static Count of(FleetHistory.By by, Instant hour, String name, long boards) {
            return new Count(by, hour, name, boards, null, null, null);
        }
    }

    /** Whether an hour is counted. */
    boolean has(Instant hour) {
        return database.connected(statements -> has(statements, hour));
    }

    private static boolean has(Transaction statements, Instant hour) {
        // There are always states.
        return statements
                .queryOne(
                        "SELECT hour FROM fleet_history WHERE kind = ? AND hour = ? LIMIT 1",
                        row -> row.getLong(1),
                        FleetHistory.By.STATE.label(),
                        hour.toEpochMilli())
                .isPresent();
    }

    /** Adds all counts of an hour, unless another node has. */
    void add(Instant hour, List<Count> counts) {
        database.transaction(transaction -> {
            if (has(transaction, hour)) {
                return false;
            }
            transaction.updateAll(
                    """
                    INSERT INTO fleet_history (kind, hour, name, boards, updated, failed, pending)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                    counts.stream()
                            .map(count -> new @Nullable Object[] {
                                count.by().label(),
                                hour.toEpochMilli(),
                                count.name(),
                                count.boards(),
                                count.updated(),
                                count.failed(),
                                count.pending()
                            })
                            .toList());
            return true;
        });
    }

    /** The next counts after an hour's name, of hours that begin before a moment; in order of time and then of names. */
    List<Count> page(FleetHistory.By by, Instant afterHour, String afterName, Instant before, int limit) {
        return database.query(
                """
                SELECT hour, name, boards, updated, failed, pending
                FROM fleet_history
                WHERE kind = ? AND (hour, name) > (?, ?) AND hour < ?
                ORDER BY hour, name
                LIMIT ?
                """,
                row -> count(by, row),
                by.label(),
                afterHour.toEpochMilli(),
                afterName,
                before.toEpochMilli(),
                limit);
    }

    /** When the last hour of each UTC day began of which there are counts, from some moment on and before another, newest first. */
    List<Instant> lastHours(FleetHistory.By by, Instant from, Instant before) {
        return database.query(
                LAST_HOURS,
                row -> Instant.ofEpochMilli(row.getLong(1)),
                by.label(),
                before.toEpochMilli(),
                by.label(),
                Duration.ofDays(1).toMillis(),
                from.toEpochMilli(),
                from.toEpochMilli());
    }

    /** All counts of some hours, of which there must be one at least; in order of time and then of names. */
    List<Count> of(FleetHistory.By by, List<Instant> hours) {
        return database.query(
                """
                SELECT hour, name, boards, updated, failed, pending
                FROM fleet_history
                WHERE kind = ? AND hour IN (%s)
                ORDER BY hour, name
                """.formatted(Transaction.questionMarks(hours.size())),
                row -> count(by, row),
                Stream.concat(Stream.of(by.label()), hours.stream().map(Instant::toEpochMilli))
                        .toArray());
    }

    private static Count count(FleetHistory.By by, ResultSet row) throws SQLException {
        return new Count(
                by,
                Instant.ofEpochMilli(row.getLong(1)),
                row.getString(2),
                row.getLong(3),
                number(row, 4),
                number(row, 5),
                number(row, 6));
    }

    private static @Nullable Long number(ResultSet row, int column) throws SQLException {
        long number = row.getLong(column);
        return row.wasNull() ? null : number;
    }

    /** Deletes what was before that, slice by slice, so that nobody waits. */
    void prune(Instant before) {
        for (FleetHistory.By by : FleetHistory.By.values()) {
            while (database.update("""
                    DELETE FROM fleet_history
                    WHERE (kind, hour, name) IN (
                        SELECT kind, hour, name
                        FROM fleet_history
                        WHERE kind = ? AND hour < ?
                        ORDER BY hour, name
                        LIMIT ?)
                    """, by.label(), before.toEpochMilli(), PRUNE_ROWS) == PRUNE_ROWS) {
                // There may be more.
            }
        }
    }
}
