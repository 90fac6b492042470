package org.fuota.served;

import java.time.Instant;
import java.util.Optional;
import org.fuota.db.Database;
import org.fuota.db.Transaction;

/** The table {@code served_day}. */
final class ServedTimeStore {
    private final Database database;

    ServedTimeStore(Database database) {
        this.database = database;
    }

    /**
     * How long polls could be answered.
     *
     * @param served milliseconds, since the database was made
     * @param at the clock, as it was counted
     */
    record Count(long served, Instant at) {}

    /** The newest count; empty before the first. */
    Optional<Count> last(Transaction statements) {
        return statements.queryOne("""
                SELECT served, counted_at
                FROM served_day
                ORDER BY day DESC
                LIMIT 1
                """, row -> new Count(row.getLong(1), Instant.ofEpochMilli(row.getLong(2))));
    }

    Optional<Count> last() {
        return database.connected(this::last);
    }

    void save(Transaction transaction, long day, Count count) {
        long at = count.at().toEpochMilli();
        transaction.update("""
                INSERT INTO served_day (day, began_at, served, counted_at)
                VALUES (?, ?, ?, ?)
                ON CONFLICT (day) DO UPDATE
                SET served = excluded.served, counted_at = excluded.counted_at
                """, day, at, count.served(), at);
    }

    /** What the clock said when a day of served time began, or, if that isn't known, one before it. */
    Optional<Instant> began(long day) {
        return database.queryOne("""
                SELECT began_at
                FROM served_day
                WHERE day <= ?
                ORDER BY day DESC
                LIMIT 1
                """, row -> Instant.ofEpochMilli(row.getLong(1)), day);
    }
}
