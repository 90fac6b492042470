package org.fuota.rollout;

import java.time.Instant;
import java.util.Optional;
import org.fuota.db.Transaction;

/** The table {@code offer_stop}: a row while all offers are stopped. */
final class StopStore {
    Optional<Stop> find(Transaction statements) {
        return statements.queryOne(
                "SELECT since, actor, remote_addr, why FROM offer_stop",
                row -> new Stop(
                        Instant.ofEpochMilli(row.getLong(1)), row.getString(2), row.getString(3), row.getString(4)));
    }

    /** False when it was so before: then it stays as it was, with who did it first. */
    boolean put(Transaction transaction, Stop stop) {
        return transaction.update("""
                        INSERT INTO offer_stop (id, since, actor, remote_addr, why)
                        VALUES (1, ?, ?, ?, ?)
                        ON CONFLICT (id) DO NOTHING
                        """, stop.since().toEpochMilli(), stop.user(), stop.remoteAddress(), stop.why()) > 0;
    }

    /** False when there was none. */
    boolean delete(Transaction transaction) {
        return transaction.update("DELETE FROM offer_stop") > 0;
    }
}
