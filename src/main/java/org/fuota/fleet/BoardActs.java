package org.fuota.fleet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Logger;
import org.fuota.device.Assignments;
import org.fuota.device.BoardsLook;
import org.fuota.device.BoardsReport;
import org.fuota.device.BoardsRequest;
import org.fuota.device.DeviceId;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.history.Actor;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryStore;
import org.fuota.web.Requests;
import org.fuota.web.Responses;

/** What is done to boards: {@code DELETE /fleet/<id>} to one, {@code POST /fleet/forget} and {@code POST /fleet/withdraw} to many at once. */
public final class BoardActs {
    private static final Logger LOG = Logger.getLogger(BoardActs.class.getName());

    private final Fleet fleet;
    private final PollRecorder recorder;
    private final Assignments assignments;
    private final HistoryStore history;
    private final Clock clock;

    public BoardActs(Fleet fleet, PollRecorder recorder, Assignments assignments, HistoryStore history, Clock clock) {
        this.fleet = fleet;
        this.recorder = recorder;
        this.assignments = assignments;
        this.history = history;
        this.clock = clock;
    }

    void withdraw(HttpServletRequest request, HttpServletResponse response, Actor actor) throws IOException {
        BoardsRequest boards = BoardsRequest.read(request);
        BoardsReport report = assignments.withdraw(boards, actor);
        BoardsRequest.answer(request, response, report, "withdrawn from", "had no assignment");
    }

    void forget(HttpServletRequest request, HttpServletResponse response, Actor actor) throws IOException {
        BoardsReport report = forget(BoardsRequest.read(request), actor);
        BoardsRequest.answer(request, response, report, "forgotten", "never polled");
    }

    void forget(DeviceId deviceId, HttpServletRequest request, HttpServletResponse response, Actor actor)
            throws IOException {
        String device = "device " + Printable.of(deviceId.value());
        List<String> ids = List.of(deviceId.value());
        // With what is still in memory, which would bring it back.
        if (recorder.forget(ids, polled -> fleet.forget(ids, polled, actor)) == 0) {
            throw new FuotaException(ErrorCode.NOT_FOUND, device + " never polled");
        }
        LOG.info(() -> Requests.describe(request) + ": forgotten");
        Responses.sentence(response, device + " is forgotten");
    }

    /** Forgets only those that the look has found, so that it is never more than a preview told. */
    BoardsReport forget(BoardsRequest request, Actor actor) {
        // What polls have told until now is looked at, too.
        recorder.flush();
        BoardsLook look = new BoardsLook(request, "forget", clock.instant());
        request.boards().slices().forEach(some -> {
            Map<String, Instant> lastSeen = fleet.lastSeen(some);
            some.forEach(id -> look.add(id, lastSeen.containsKey(id), lastSeen.get(id)));
        });
        BoardsReport report = look.report(() -> request.boards()
                .newest(history, Set.of(EventKind.SEEN, EventKind.FORGOTTEN))
                .orElse("a board has polled for the first time, or was forgotten"));
        return request.isDryRun()
                ? report
                : report.changed(look.changing()
                        .change(
                                some -> recorder.forget(some, polled -> fleet.forget(some, polled, actor)),
                                "forgotten"));
    }
}
