package org.fuota.device;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.logging.Logger;
import org.fuota.db.DatabaseException;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.file.FilePath;
import org.fuota.http.Requests;
import org.fuota.http.Responses;

/** {@code /devices} lists all rows; {@code /devices/<id>} is one device's: it polls there, and a developer assigns there. */
@SuppressWarnings("serial") // servlets are never serialized
public final class DeviceServlet extends HttpServlet {
    private static final Logger LOG = Logger.getLogger(DeviceServlet.class.getName());
    private static final int MAX_ROW_BYTES = 4096;

    private final DeviceUpdateStore updates;
    private final UpdateCheck updateCheck;
    private final Predicate<FilePath> fileExists;
    private final PollTrouble pollTrouble = new PollTrouble();

    public DeviceServlet(DeviceUpdateStore updates, UpdateCheck updateCheck, Predicate<FilePath> fileExists) {
        this.updates = updates;
        this.updateCheck = updateCheck;
        this.fileExists = fileExists;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String deviceId = Requests.path(request);
        try {
            if (deviceId.isEmpty()) {
                serveAll(request, response);
            } else {
                serveOne(deviceId, request, response);
            }
        } catch (DatabaseException e) {
            throw new FuotaException(
                    ErrorCode.UNAVAILABLE, "the database doesn't answer; the server's log tells why", e);
        }
    }

    private void serveAll(HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (request.getMethod()) {
            case "GET" -> list(response);
            default -> Responses.methodNotAllowed(response, "GET");
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

    private void list(HttpServletResponse response) throws IOException {
        response.setContentType("text/csv");
        Writer out = new BufferedWriter(new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8));
        updates.forEach(row -> DeviceUpdateCsv.append(out, row));
        out.flush();
    }

    private void poll(DeviceId deviceId, HttpServletRequest request, HttpServletResponse response) throws IOException {
        AppVersion appVersion = new AppVersion(Requests.queryValue(request, "app_ver"));
        Optional<FilePath> file = checkSafely(deviceId, appVersion);
        if (file.isEmpty()) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        // The bare path, unquoted and without a line end: the device appends the body to /files/.
        Responses.text(response, "text/csv", file.get().value());
    }

    /** No update when the server is in trouble: on any 5xx the sample application restarts its board. */
    private Optional<FilePath> checkSafely(DeviceId deviceId, AppVersion appVersion) {
        try {
            return updateCheck.check(deviceId, appVersion);
        } catch (FuotaException e) {
            throw e;
        } catch (RuntimeException e) {
            pollTrouble.log(deviceId, e);
            return Optional.empty();
        }
    }

    private void assign(DeviceId deviceId, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        DeviceUpdate update = DeviceUpdateCsv.parse(Requests.text(request, MAX_ROW_BYTES));
        // Not the record's own equals: JDK 17 never lets go of the last class that used a generated one (JDK-8078641).
        if (!update.deviceId().value().equals(deviceId.value())) {
            throw new FuotaException(ErrorCode.INVALID, "the row's device id isn't the URL's");
        }
        boolean uploaded = fileExists.test(update.updateFilePath());
        updates.save(update);
        String assigned = "device " + Printable.of(deviceId.value()) + " is offered "
                + update.updateFilePath().value() + " when it reports version "
                + Printable.of(update.appVersion().value());
        LOG.info(() -> Requests.describe(request) + ": " + assigned);
        Responses.sentence(response, uploaded ? assigned : assigned + ", once that file is uploaded: it isn't yet");
    }

    private void withdraw(DeviceId deviceId, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String device = "device " + Printable.of(deviceId.value());
        if (!updates.delete(deviceId)) {
            throw new FuotaException(ErrorCode.NOT_FOUND, device + " isn't known");
        }
        LOG.info(() -> Requests.describe(request) + ": deleted");
        Responses.sentence(response, device + " is deleted");
    }
}
