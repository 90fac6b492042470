package org.fuota.device;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Logger;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.file.FilePath;
import org.fuota.history.Actor;
import org.fuota.history.HistoryEvent;
import org.fuota.http.EntityTag;
import org.fuota.web.Listing;
import org.fuota.web.Requests;
import org.fuota.web.Responses;

/** {@code /devices} is all assignments: listed, made and ended; {@code /devices/<id>} is one device's, where it polls. */
@SuppressWarnings("serial") // servlets are never serialized
public final class DeviceServlet extends HttpServlet {
    private static final Logger LOG = Logger.getLogger(DeviceServlet.class.getName());
    private static final int MAX_ONE_BYTES = 4096;
    private static final int MAX_BULK_BYTES = 128 << 20;
    private static final int MAX_BULK = 1_000_000;

    private final AssignmentStore updates;
    private final Polls polls;
    private final Assignments assignments;
    private final Clock clock;

    public DeviceServlet(AssignmentStore updates, Polls polls, Assignments assignments, Clock clock) {
        this.updates = updates;
        this.polls = polls;
        this.assignments = assignments;
        this.clock = clock;
    }

    /** Answers the polls of devices. */
    @FunctionalInterface
    public interface Polls {
        void answer(DeviceId deviceId, HttpServletRequest request, HttpServletResponse response) throws IOException;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String id = Requests.path(request);
        switch ((id.isEmpty() ? "all " : "one ") + request.getMethod()) {
            case "all GET" -> list(request, response);
            case "all PUT" -> assignAll(request, response);
            case "all DELETE" -> withdrawAll(request, response);
            case "one GET" -> polls.answer(new DeviceId(id), request, response);
            case "one PUT" -> assign(new DeviceId(id), request, response);
            case "one DELETE" -> withdraw(id, request, response);
            default -> Responses.methodNotAllowed(response, "GET, PUT, DELETE");
        }
    }

    private void list(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Listing listing = Listing.open(request, response, "device_id", "replaces_version", "update_file_path");
        updates.forEach(row -> listing.row(row.deviceId(), row.appVersion(), row.updateFilePath()));
        listing.end();
    }

    private void assign(DeviceId deviceId, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        boolean isForced = Requests.flag(Requests.query(request, Set.of("force")), "force");
        AssignmentList list = new AssignmentReader(
                        Requests.reader(request, MAX_ONE_BYTES), MAX_ONE_BYTES, AssignmentReader.Kind.ONE, false)
                .read();
        if (list.size() != 1) {
            throw new FuotaException(ErrorCode.INVALID, "the body must be one assignment, and has " + list.size());
        }
        DeviceRow row = list.first().row();
        if (!row.deviceId().equals(deviceId.value())) {
            throw new FuotaException(ErrorCode.INVALID, "the assignment's device id isn't the URL's");
        }
        Actor actor = actor(request);
        BulkReport report =
                assignments.assign(Bulk.ofOne(list, isForced, Requests.preconditions(request, clock.instant())), actor);
        report.changes()
                .last()
                .map(last -> last.change().event(actor, clock.instant()))
                .ifPresent(event -> LOG.info(() -> Requests.describe(request) + ": " + event.change()));
        response.setHeader("ETag", Basis.tag(row).toString());
        Responses.sentence(response, String.join("\n", report.lines()));
    }

    private void assignAll(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Map<String, String> query = Requests.query(request, Set.of("dry_run", "exact", "file", "force", "replaces"));
        String file = query.get("file");
        String replaces = query.get("replaces");
        if (replaces != null && file == null) {
            throw new FuotaException(
                    ErrorCode.INVALID, "replaces goes with file: both are for lines that leave them out");
        }
        boolean isDryRun = Requests.flag(query, "dry_run");
        Optional<List<EntityTag>> previews = Requests.ifMatch(request);
        // All of it before anything is looked at: the database must never wait for a client.
        BulkReport report = assignments.assign(
                new Bulk(
                        new AssignmentReader(
                                        Requests.reader(request, MAX_BULK_BYTES),
                                        MAX_BULK,
                                        file == null ? AssignmentReader.Kind.MANY : AssignmentReader.Kind.IDS,
                                        Requests.flag(query, "exact"))
                                .read(),
                        file == null ? null : new FilePath(file),
                        replaces == null ? null : new AppVersion(replaces),
                        Requests.flag(query, "force"),
                        isDryRun,
                        previews,
                        null),
                actor(request));
        report.basis().ifPresent(tag -> response.setHeader("ETag", tag.toString()));
        if (!isDryRun && report.changes().last().isPresent()) {
            LOG.info(() -> Requests.describe(request) + ": " + report.sentence());
        }
        Responses.answer(request, response, report.lines(), report.fields());
    }

    /** @param deviceId any text: an older server's database may hold ids that no device can have */
    private void withdraw(String deviceId, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        HistoryEvent event = assignments
                .withdraw(deviceId, Requests.preconditions(request, clock.instant()), actor(request))
                .orElseThrow(() -> new FuotaException(
                        ErrorCode.NOT_FOUND,
                        "device " + Printable.of(new DeviceId(deviceId).value()) + " isn't known"));
        LOG.info(() -> Requests.describe(request) + ": " + event.change());
        Responses.sentence(response, "device " + Printable.of(deviceId) + " is deleted");
    }

    private void withdrawAll(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean isDryRun = Requests.flag(Requests.query(request, Set.of("dry_run", "file")), "dry_run");
        // Never all of them: without a file it is refused.
        String file = Requests.queryValue(request, "file");
        long withdrawn = assignments.withdrawAll(file, isDryRun, actor(request));
        String sentence = withdrawn + (withdrawn == 1 ? " assignment" : " assignments") + " of " + Printable.of(file)
                + (isDryRun ? " would be" : withdrawn == 1 ? " is" : " are") + " withdrawn";
        if (!isDryRun && withdrawn > 0) {
            LOG.info(() -> Requests.describe(request) + ": " + sentence);
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("dry_run", isDryRun);
        fields.put("update_file_path", file);
        fields.put("withdrawn", withdrawn);
        Responses.answer(
                request,
                response,
                isDryRun ? List.of(sentence, "dry run: nothing was changed") : List.of(sentence),
                fields);
    }

    private static Actor actor(HttpServletRequest request) {
        return new Actor(String.valueOf(request.getRemoteUser()), request.getRemoteAddr());
    }
}
