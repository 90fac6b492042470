package org.fuota.rollout;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Logger;
import org.fuota.web.Requests;
import org.fuota.web.Responses;
import org.jspecify.annotations.Nullable;

/** {@code /stop}: while it is there, no board is offered anything. */
@SuppressWarnings("serial") // servlets are never serialized
public final class StopServlet extends HttpServlet {
    private static final Logger LOG = Logger.getLogger(StopServlet.class.getName());

    private final Rollouts rollouts;

    public StopServlet(Rollouts rollouts) {
        this.rollouts = rollouts;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Requests.query(request, Set.of());
        switch (request.getMethod()) {
            case "GET", "HEAD" -> {}
            case "PUT" -> log(request, rollouts.stop(RolloutServlet.why(request), RolloutServlet.actor(request)));
            case "DELETE" -> log(request, rollouts.goOn(RolloutServlet.actor(request)));
            default -> {
                Responses.methodNotAllowed(response, "GET, HEAD, PUT, DELETE");
                return;
            }
        }
        Optional<Stop> stop = rollouts.stopped();
        Responses.answer(
                request,
                response,
                List.of(stop.map(Stop::sentence).orElse("offers go on: nobody has stopped them")),
                fields(stop.orElse(null)));
    }

    private static void log(HttpServletRequest request, boolean isChanged) {
        if (isChanged) {
            LOG.warning(() -> Requests.describe(request) + ": all offers are "
                    + (request.getMethod().equals("PUT") ? "stopped" : "let go on"));
        }
    }

    private static Map<String, @Nullable Object> fields(@Nullable Stop stop) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("stopped", stop != null);
        fields.put("since", stop == null ? null : stop.since());
        fields.put("user", stop == null ? null : stop.user());
        fields.put("remote_address", stop == null ? null : stop.remoteAddress());
        fields.put("why", stop == null ? null : stop.why());
        return fields;
    }
}
