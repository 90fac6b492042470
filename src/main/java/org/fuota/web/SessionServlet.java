package org.fuota.web;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.fuota.error.Printable;
import org.jspecify.annotations.Nullable;

/** {@code /session}: who asks, and which server answers. There is no session beyond the request. */
@SuppressWarnings("serial") // servlets are never serialized
public final class SessionServlet extends HttpServlet {
    private static final List<String> ROLES =
            List.of("fuota-device", "fuota-monitor", "fuota-viewer", "fuota-publisher", "fuota-admin");

    private final @Nullable String version;
    private final String node;
    private final Supplier<Optional<String>> certificate;
    private final Clock clock;

    /**
     * @param version of the application; null when it isn't known
     * @param node what this server is called
     * @param certificate what boards see, as PEM, for those that are to trust it; empty when it isn't known
     */
    public SessionServlet(@Nullable String version, String node, Supplier<Optional<String>> certificate, Clock clock) {
        this.version = version;
        this.node = node;
        this.certificate = certificate;
        this.clock = clock;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!Set.of("GET", "HEAD").contains(request.getMethod())) {
            Responses.methodNotAllowed(response, "GET, HEAD");
            return;
        }
        Requests.query(request, Set.of());
        String user = String.valueOf(request.getRemoteUser());
        List<String> roles = ROLES.stream().filter(request::isUserInRole).toList();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("user", user);
        fields.put("roles", roles);
        fields.put("server", request.getServerName());
        fields.put("version", version);
        fields.put("node", node);
        fields.put("time", clock.instant());
        List<String> lines = new ArrayList<>();
        fields.forEach((name, value) -> {
            if (value != null) {
                lines.add(name + ": " + (value == roles ? String.join(", ", roles) : Printable.of(value.toString())));
            }
        });
        // Of many lines: as JSON only.
        fields.put("certificate", certificate.get().orElse(null));
        Responses.answer(request, response, lines, fields);
    }
}
