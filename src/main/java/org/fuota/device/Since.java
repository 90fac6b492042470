package org.fuota.device;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;
import org.fuota.http.EntityTag;

/** What has changed since somebody looked, and who did it: from the history, whose newest entry must be that change. */
final class Since {
    private static final Set<EventKind> ASSIGNMENTS = Set.of(EventKind.ASSIGNED, EventKind.WITHDRAWN);
    private static final Set<EventKind> REPORTS =
            Set.of(EventKind.SEEN, EventKind.VERSION, EventKind.UPDATED, EventKind.REVERTED, EventKind.FORGOTTEN);

    private final HistoryStore history;

    Since(HistoryStore history) {
        this.history = history;
    }

    /** Of a device's assignment that isn't as the request's conditions ask. */
    FuotaException failed(String deviceId) {
        String change = history.newest(List.of(deviceId), ASSIGNMENTS)
                .map(event -> ": " + event.told())
                .orElse("");
        return new FuotaException(
                ErrorCode.PRECONDITION_FAILED,
                "the assignment of device " + Printable.of(deviceId) + " doesn't meet the request's If-... condition"
                        + change);
    }

    /** @throws FuotaException when the request is based on previews none of which holds any more */
    void requireCurrent(Bulk bulk, EntityTag current) {
        List<EntityTag> previews = bulk.previews().orElse(List.of(current));
        if (previews.stream().anyMatch(current::equalsStrongly)) {
            return;
        }
        Basis.Part part = previews.isEmpty() ? Basis.Part.REQUEST : Basis.difference(previews.get(0), current);
        String change = switch (part) {
            case REQUEST -> "the request's If-Match names no preview of it";
            case ASSIGNMENTS ->
                newest(bulk, line -> line.deviceId().value(), ids -> history.newest(ids, ASSIGNMENTS))
                        .orElse("an assignment has changed, and the history doesn't tell by whom");
            case REPORTS ->
                newest(bulk, line -> line.deviceId().value(), ids -> history.newest(ids, REPORTS))
                        .orElse("a device has reported another version");
            case FILES ->
                newest(bulk, line -> bulk.file(line).value(), history::newestOfFiles)
                        .orElse("an update file has changed, and the history doesn't tell by whom");
        };
        throw new FuotaException(
                ErrorCode.PRECONDITION_FAILED,
                part == Basis.Part.REQUEST ? change : "since the preview, " + change + "; look again");
    }

    private static Optional<String> newest(
            Bulk bulk,
            Function<AssignmentList.Line, String> name,
            Function<List<String>, Optional<HistoryEvent>> ofSome) {
        return bulk.list()
                .slices()
                .map(lines -> lines.stream().map(name).distinct().toList())
                .flatMap(names -> ofSome.apply(names).stream())
                .max(Comparator.comparing(HistoryEvent::at))
                .map(HistoryEvent::told);
    }
}
