package org.fuota.device;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.file.FilePath;
import org.fuota.history.Actor;
import org.fuota.history.HistoryEvent;
import org.fuota.http.Listing;
import org.fuota.http.Requests;
import org.fuota.http.Responses;
import org.jspecify.annotations.Nullable;

/**
 * {@code /devices} lists all rows, and takes many at once; {@code /devices/<id>} is one device's: it polls there, and a
 * developer assigns there.
 */
@SuppressWarnings("serial") // servlets are never serialized
public final class DeviceServlet extends HttpServlet {
    private static final Logger LOG = Logger.getLogger(DeviceServlet.class.getName());
    private static final int MAX_ROW_BYTES = 4096;
    private static final int MAX_BULK_BYTES = 128 << 20;
    private static final int MAX_BULK_ROWS = 1_000_000;

    private final DeviceUpdateStore updates;
    private final UpdateCheck updateCheck;
    private final Assignments assignments;
    private final Consumer<Poll> observer;
    private final Clock clock;
    private final PollTrouble pollTrouble;

    /**
     * @param observer is told of every poll; must be quick, and never wait
     * @param pollTrouble is told of every poll that couldn't be decided
     */
    public DeviceServlet(
            DeviceUpdateStore updates,
            UpdateCheck updateCheck,
            Assignments assignments,
            Consumer<Poll> observer,
            PollTrouble pollTrouble,
            Clock clock) {
        this.updates = updates;
        this.updateCheck = updateCheck;
        this.assignments = assignments;
        this.observer = observer;
        this.pollTrouble = pollTrouble;
        this.clock = clock;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String deviceId = Requests.path(request);
        if (deviceId.isEmpty()) {
            serveAll(request, response);
        } else {
            serveOne(deviceId, request, response);
        }
    }

    private void serveAll(HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (request.getMethod()) {
            case "GET" -> list(request, response);
            case "PUT" -> assignAll(request, response);
            default -> Responses.methodNotAllowed(response, "GET, PUT");
        }
    }

    private void serveOne(String deviceId, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        switch (request.getMethod()) {
            case "GET" -> poll(new DeviceId(deviceId), request, response);
            case "PUT" -> assign(new DeviceId(deviceId), request, response);
            case "DELETE" -> withdraw(new DeviceId(deviceId), request, response);
            default -> Responses.methodNotAllowed(response, "GET, PUT, DELETE");
        }
    }

    private void list(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Listing listing = Listing.open(request, response, "device_id", "app_version", "update_file_path");
        updates.forEach(row -> listing.row(row.deviceId(), row.appVersion(), row.updateFilePath()));
        listing.end();
    }

    private void poll(DeviceId deviceId, HttpServletRequest request, HttpServletResponse response) throws IOException {
        AppVersion appVersion;
        try {
            appVersion = new AppVersion(Requests.queryValue(request, "app_ver"));
        } catch (FuotaException e) {
            observe(request, deviceId, null, PollAnswer.MALFORMED, null);
            throw e;
        }
        UpdateDecision decision = checkSafely(deviceId, appVersion);
        FilePath file = decision.file().orElse(null);
        observe(request, deviceId, appVersion, decision.answer(), file);
        if (file != null) {
            // The bare path, unquoted and without a line end: the device appends the body to /files/.
            Responses.text(response, "text/csv", file.value());
        } else if (decision.answer().status() == HttpServletResponse.SC_NOT_FOUND) {
            throw new FuotaException(ErrorCode.NOT_FOUND, decision.reason());
        } else {
            response.setStatus(decision.answer().status());
        }
    }

    /** No update when the server is in trouble: on any 5xx the sample application restarts its board. */
    private UpdateDecision checkSafely(DeviceId deviceId, AppVersion appVersion) {
        try {
            return updateCheck.check(deviceId, appVersion);
        } catch (RuntimeException | Error e) {
            pollTrouble.log(deviceId, e);
            return UpdateDecision.trouble();
        }
    }

    /** Tells the access log, and whoever watches the fleet; whatever goes wrong there, the poll is answered. */
    private void observe(
            HttpServletRequest request,
            DeviceId deviceId,
            @Nullable AppVersion appVersion,
            PollAnswer answer,
            @Nullable FilePath file) {
        try {
            request.setAttribute("org.fuota.device", Printable.of(deviceId.value()));
            request.setAttribute("org.fuota.answer", answer.label());
            observer.accept(new Poll(deviceId, appVersion, answer, file, clock.instant(), request.getRemoteAddr()));
        } catch (RuntimeException | Error e) {
            LOG.log(Level.FINE, e, () -> "a poll wasn't observed: " + Requests.describe(request));
        }
    }

    private void assign(DeviceId deviceId, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        boolean isForced = Requests.flag(Requests.query(request, Set.of("force")), "force");
        DeviceUpdate update = DeviceUpdateCsv.parse(Requests.text(request, MAX_ROW_BYTES), "the body");
        // Not the record's own equals: JDK 17 never lets go of the last class that used a generated one (JDK-8078641).
        if (!update.deviceId().value().equals(deviceId.value())) {
            throw new FuotaException(ErrorCode.INVALID, "the row's device id isn't the URL's");
        }
        Assigned assigned = assignments.assign(update, isForced, actor(request));
        assigned.event().ifPresent(event -> LOG.info(() -> Requests.describe(request) + ": " + event.change()));
        List<String> lines = new ArrayList<>();
        lines.add("device " + Printable.of(deviceId.value()) + " is offered "
                + update.updateFilePath().value() + " when it reports version "
                + Printable.of(update.appVersion().value()));
        assigned.warnings().forEach(warning -> lines.add("warning: " + warning));
        Responses.sentence(response, String.join("\n", lines));
    }

    private void assignAll(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Map<String, String> query = Requests.query(request, Set.of("dry_run", "force"));
        boolean isDryRun = Requests.flag(query, "dry_run");
        boolean isForced = Requests.flag(query, "force");
        // All of it before anything is looked at: the database must never wait for a client.
        List<UpdateLine> lines = new DeviceUpdateReader(Requests.reader(request, MAX_BULK_BYTES), MAX_BULK_ROWS).read();
        BulkReport report = assignments.assignAll(lines, isForced, isDryRun, actor(request));
        if (!isDryRun && !report.isNone()) {
            LOG.info(() -> Requests.describe(request) + ": " + report.sentence());
        }
        Responses.answer(request, response, report.lines(), report.fields());
    }

    private void withdraw(DeviceId deviceId, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String device = "device " + Printable.of(deviceId.value());
        HistoryEvent event = assignments
                .withdraw(deviceId, actor(request))
                .orElseThrow(() -> new FuotaException(ErrorCode.NOT_FOUND, device + " isn't known"));
        LOG.info(() -> Requests.describe(request) + ": " + event.change());
        Responses.sentence(response, device + " is deleted");
    }

    private static Actor actor(HttpServletRequest request) {
        return new Actor(String.valueOf(request.getRemoteUser()), request.getRemoteAddr());
    }
}
