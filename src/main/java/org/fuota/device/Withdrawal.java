package org.fuota.device;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.fuota.db.Database;
import org.fuota.history.Actor;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryStore;

/** Deletes the assignments of many boards, all at once. */
final class Withdrawal {
    private final Database database;
    private final AssignmentStore assignments;
    private final Reports reports;
    private final BulkStore staged;
    private final HistoryStore history;

    Withdrawal(
            Database database, AssignmentStore assignments, Reports reports, BulkStore staged, HistoryStore history) {
        this.database = database;
        this.assignments = assignments;
        this.reports = reports;
        this.staged = staged;
        this.history = history;
    }

    /** @throws org.fuota.error.FuotaException when what there is isn't as in the preview */
    BoardsReport of(BoardsRequest request, Actor actor, Instant now) {
        if (request.isDryRun()) {
            return look(request, now, some -> {});
        }
        return staged.publish(actor, now, lines -> {
            // Those without an assignment, too, so that it shows when they are given one meanwhile.
            BoardsReport report = look(request, now, lines::withdraw);
            return transaction -> lines.hasChanged(transaction) ? Optional.empty() : Optional.of(report);
        });
    }

    private BoardsReport look(BoardsRequest request, Instant now, Consumer<List<String>> staging) {
        BoardsLook look = new BoardsLook(request, "withdraw", now);
        request.boards().slices().forEach(some -> {
            database.connected(statements -> {
                Map<String, DeviceRow> rows = assignments.find(statements, some);
                Map<String, Reports.Report> seen = reports.find(statements, List.copyOf(rows.keySet()));
                for (String id : some) {
                    DeviceRow row = rows.get(id);
                    Reports.Report report = seen.get(id);
                    look.add(
                            id,
                            row != null,
                            report == null ? null : report.lastSeen(),
                            row == null ? null : row.appVersion(),
                            row == null ? null : row.updateFilePath());
                }
                return rows;
            });
            staging.accept(some);
        });
        return look.report(() -> request.boards()
                .newest(history, Set.of(EventKind.ASSIGNED, EventKind.WITHDRAWN))
                .orElse("an assignment has changed, and the history doesn't tell by whom"));
    }
}
