package org.fuota.device;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Logger;
import org.fuota.http.EntityTag;
import org.fuota.web.Requests;
import org.fuota.web.Responses;

/**
 * A request to do something to many boards, whose ids its body names.
 *
 * @param isDryRun whether to tell only what would come of it
 * @param previews the tags of those that it may be based on; empty where that doesn't matter
 */
public record BoardsRequest(BoardList boards, boolean isDryRun, Optional<List<EntityTag>> previews) {
    private static final Logger LOG = Logger.getLogger(BoardsRequest.class.getName());
    private static final int MAX_BYTES = 128 << 20;
    private static final int MAX_BOARDS = 1_000_000;

    /** Reads all of it, before anything is looked at: the database must never wait for a client. */
    public static BoardsRequest read(HttpServletRequest request) throws IOException {
        Map<String, String> query = Requests.query(request, Set.of("dry_run", "exact"));
        return new BoardsRequest(
                new BoardReader(Requests.reader(request, MAX_BYTES), MAX_BOARDS, Requests.flag(query, "exact")).read(),
                Requests.flag(query, "dry_run"),
                Requests.ifMatch(request));
    }

    /** Answers with what came of it, in the words of {@link BoardsReport#sentence}, and logs what changed. */
    public static void answer(
            HttpServletRequest request, HttpServletResponse response, BoardsReport report, String act, String others)
            throws IOException {
        if (report.basis() != null) {
            response.setHeader("ETag", report.basis().toString());
        } else if (report.changed() > 0) {
            LOG.info(() -> Requests.describe(request) + ": " + report.sentence(act, others));
        }
        Responses.answer(request, response, report.lines(act, others), report.fields());
    }
}
