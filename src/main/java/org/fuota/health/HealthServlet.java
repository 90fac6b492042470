package org.fuota.health;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.web.Requests;
import org.fuota.web.Responses;
import org.jspecify.annotations.Nullable;

/**
 * {@code /health/live}: the server answers at all. {@code /health/ready}: it can do its work. For anybody; the credentials of
 * who may read everything are answered with when the certificate is valid and which update files are lost, too; an admin's with which node answers.
 */
@SuppressWarnings("serial") // servlets are never serialized
public final class HealthServlet extends HttpServlet {
    private static final String ADMIN = "fuota-admin";
    private static final String VIEWER = "fuota-viewer";
    private static final Set<String> METHODS = Set.of("GET", "HEAD");

    private final Readiness readiness;
    private final ServerCertificate certificate;
    private final String node;
    private final Supplier<Optional<String>> stop;
    private final Supplier<List<String>> lostFiles;

    /**
     * @param node what this server is called
     * @param stop that all offers are stopped, as a sentence; empty when they aren't
     * @param lostFiles the paths of update files whose bytes are missing or damaged
     */
    public HealthServlet(
            Readiness readiness,
            ServerCertificate certificate,
            String node,
            Supplier<Optional<String>> stop,
            Supplier<List<String>> lostFiles) {
        this.readiness = readiness;
        this.certificate = certificate;
        this.node = node;
        this.stop = stop;
        this.lostFiles = lostFiles;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        String name = Requests.path(request);
        if (!name.equals("live") && !name.equals("ready")) {
            throw new FuotaException(ErrorCode.NOT_FOUND, "there is nothing at this URL");
        }
        if (!METHODS.contains(request.getMethod())) {
            Responses.methodNotAllowed(response, "GET, HEAD");
            return;
        }
        if (name.equals("live")) {
            Responses.sentence(response, "live");
        } else {
            tellReadiness(request, response);
        }
    }

    private void tellReadiness(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        boolean hasCredentials = request.getHeader("Authorization") != null;
        if (hasCredentials && !request.authenticate(response)) {
            // The container has refused them.
            return;
        }
        List<String> reasons = readiness.reasons();
        List<String> lines = new ArrayList<>(reasons.isEmpty() ? List.of("ready") : reasons);
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("status", reasons.isEmpty() ? "ready" : "not ready");
        json.put("reasons", reasons);
        boolean isAdmin = hasCredentials && request.isUserInRole(ADMIN);
        if (isAdmin || hasCredentials && request.isUserInRole(VIEWER)) {
            lines.add("certificate: " + certificate.sentence());
            addCertificate(json);
            if (isAdmin) {
                lines.add("node: " + node);
                json.put("node", node);
            }
            stop.get().ifPresent(lines::add);
            json.put("stopped", stop.get().orElse(null));
            List<String> lost = lostFiles();
            lost.forEach(path -> lines.add("missing or damaged on the disk: update file " + path));
            json.put("lost_files", lost);
        }
        int status = reasons.isEmpty() ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE;
        Responses.answer(request, response, status, lines, json);
    }

    /** Empty while nobody can tell; the reasons say so. */
    private List<String> lostFiles() {
        try {
            return lostFiles.get();
        } catch (RuntimeException e) {
            return List.of();
        }
    }

    private void addCertificate(Map<String, @Nullable Object> json) {
        json.put("certificate_days_left", null);
        json.put("certificate_valid_from", null);
        try {
            json.put("certificate_days_left", certificate.daysLeft());
            json.put("certificate_valid_from", certificate.validFrom().orElse(null));
        } catch (IOException | CertificateException e) {
            // Its sentence says so.
        }
    }
}
