package org.fuota.device;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;

/** What has changed since somebody looked, and who did it: from the history, whose newest entry must be that change. */
final class Since {
    static final Set<EventKind> ASSIGNMENTS = Set.of(EventKind.ASSIGNED, EventKind.WITHDRAWN);
    static final Set<EventKind> REPORTS =
            Set.of(EventKind.SEEN, EventKind.VERSION, EventKind.UPDATED, EventKind.REVERTED, EventKind.FORGOTTEN);

    private Since() {}

    static FuotaException failed(String sentence) {
        return new FuotaException(ErrorCode.PRECONDITION_FAILED, sentence);
    }

    /** Of a device's row that isn't as the request's conditions ask. */
    static FuotaException failed(String deviceId, HistoryStore history) {
        return failed("the assignment of device " + Printable.of(deviceId)
                + " doesn't meet the request's If-... condition"
                + history.newest(List.of(deviceId), ASSIGNMENTS)
                        .map(event -> ": " + event.told())
                        .orElse(""));
    }

    /** Of a preview. */
    static FuotaException failed(Optional<HistoryEvent> event, String otherwise) {
        return failed("since the preview, " + event.map(HistoryEvent::told).orElse(otherwise) + "; look again");
    }
}
