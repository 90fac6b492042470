package org.fuota.metrics;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.fuota.web.Responses;

/** {@code /metrics}: what Prometheus scrapes. */
@SuppressWarnings("serial") // servlets are never serialized
public final class MetricsServlet extends HttpServlet {
    private final Metrics metrics;

    public MetricsServlet(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (request.getMethod()) {
            case "GET", "HEAD" -> {
                response.setContentType(Metrics.CONTENT_TYPE);
                metrics.scrape(response.getOutputStream());
            }
            default -> Responses.methodNotAllowed(response, "GET, HEAD");
        }
    }
}
