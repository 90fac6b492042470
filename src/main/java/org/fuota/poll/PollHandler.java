package org.fuota.poll;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.fuota.device.AppVersion;
import org.fuota.device.DeviceId;
import org.fuota.device.DeviceServlet;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.web.Requests;
import org.fuota.web.Responses;

/** Polls in the words of docker-fuota-server: {@code GET /devices/<id>?app_ver=<v>}. */
public final class PollHandler implements DeviceServlet.Polls {
    private final PollDesk desk;

    public PollHandler(PollDesk desk) {
        this.desk = desk;
    }

    @Override
    public void answer(DeviceId deviceId, HttpServletRequest request, HttpServletResponse response) throws IOException {
        AppVersion appVersion;
        try {
            appVersion = new AppVersion(Requests.queryValue(request, "app_ver"));
        } catch (FuotaException e) {
            tellAccessLog(request, deviceId, desk.answer(deviceId, null, request.getRemoteAddr()));
            throw e;
        }
        UpdateDecision decision = desk.answer(deviceId, appVersion, request.getRemoteAddr());
        tellAccessLog(request, deviceId, decision);
        int status = status(decision.answer());
        if (decision.file().isPresent()) {
            // The bare path, unquoted and without a line end: the device appends the body to /files/.
            Responses.text(response, "text/csv", decision.file().get().path().value());
        } else if (status == HttpServletResponse.SC_NOT_FOUND) {
            throw new FuotaException(ErrorCode.NOT_FOUND, decision.reason());
        } else {
            response.setStatus(status);
        }
    }

    /** The HTTP status of an answer. */
    public static int status(PollAnswer answer) {
        return switch (answer) {
            case OFFERED -> HttpServletResponse.SC_OK;
            case NO_UPDATE, TROUBLE -> HttpServletResponse.SC_NO_CONTENT;
            case UNKNOWN_DEVICE, FILE_MISSING -> HttpServletResponse.SC_NOT_FOUND;
            case MALFORMED -> HttpServletResponse.SC_BAD_REQUEST;
        };
    }

    private static void tellAccessLog(HttpServletRequest request, DeviceId deviceId, UpdateDecision decision) {
        request.setAttribute("org.fuota.device", Printable.of(deviceId.value()));
        request.setAttribute("org.fuota.answer", decision.answer().label());
    }
}
