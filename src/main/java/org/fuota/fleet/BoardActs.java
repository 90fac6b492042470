package org.fuota.fleet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.fuota.device.Assignments;
import org.fuota.device.BoardsLook;
import org.fuota.device.BoardsReport;
import org.fuota.device.BoardsRequest;
import org.fuota.history.Actor;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryStore;

/** {@code POST /fleet/forget} and {@code POST /fleet/withdraw}: what is done to many boards at once. */
public final class BoardActs {
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
