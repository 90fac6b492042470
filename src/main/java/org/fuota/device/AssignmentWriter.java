package org.fuota.device;

import java.time.Instant;
import java.util.List;
import org.fuota.db.Transaction;
import org.fuota.history.Actor;
import org.fuota.history.HistoryStore;
import org.jspecify.annotations.Nullable;

/** Writes what devices are assigned, together with who changed it, and what follows from it. */
final class AssignmentWriter {
    private final HistoryStore history;
    private final Reports reports;

    AssignmentWriter(HistoryStore history, Reports reports) {
        this.history = history;
        this.reports = reports;
    }

    void write(Transaction transaction, List<Change> changes, Actor actor, Instant at) {
        if (changes.isEmpty()) {
            return;
        }
        transaction.updateAll(
                """
                INSERT INTO device_app (device_id, app_ver, update_file_path)
                VALUES (?, ?, ?)
                ON CONFLICT (device_id) DO UPDATE
                SET app_ver = excluded.app_ver, update_file_path = excluded.update_file_path
                """,
                changes.stream()
                        .map(Change::after)
                        .filter(row -> row != null)
                        .map(row -> new @Nullable Object[] {row.deviceId(), row.appVersion(), row.updateFilePath()})
                        .toList());
        transaction.updateAll(
                "DELETE FROM device_app WHERE device_id = ?",
                changes.stream()
                        .filter(change -> change.after() == null)
                        .map(change -> new @Nullable Object[] {change.deviceId()})
                        .toList());
        reports.assigned(transaction, changes.stream().map(Change::deviceId).toList(), at);
        history.add(
                transaction,
                changes.stream().map(change -> change.event(actor, at)).toList());
    }
}
