package org.fuota.notify;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.logging.Logger;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.web.Listing;
import org.fuota.web.Requests;
import org.fuota.web.Responses;

/** {@code GET /webhooks}: how each gets on. {@code POST /webhooks/test}: tells all of them of nothing, for a user who wants to see it. */
@SuppressWarnings("serial") // servlets are never serialized
public final class WebhookServlet extends HttpServlet {
    private static final Logger LOG = Logger.getLogger(WebhookServlet.class.getName());

    private final Notifier notifier;

    public WebhookServlet(Notifier notifier) {
        this.notifier = notifier;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean isGet = request.getMethod().equals("GET");
        switch (Requests.path(request)) {
            case "" -> {
                if (isGet) {
                    list(request, response);
                } else {
                    Responses.methodNotAllowed(response, "GET");
                }
            }
            case "test" -> {
                if (request.getMethod().equals("POST")) {
                    test(request, response);
                } else {
                    Responses.methodNotAllowed(response, "POST");
                }
            }
            default -> throw new FuotaException(ErrorCode.NOT_FOUND, "there is nothing at this URL");
        }
    }

    private void list(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Listing list = Listing.open(
                request,
                response,
                "number",
                "host",
                "delivered",
                "waiting",
                "last_error",
                "last_error_at",
                "last_success");
        for (Target target : notifier.webhooks().targets()) {
            WebhookStore.Progress progress = notifier.store().progress(target);
            list.row(
                    target.number(),
                    target.host(),
                    progress.delivered(),
                    progress.waiting(),
                    progress.error(),
                    progress.errorAt(),
                    progress.lastSuccess());
        }
        list.end();
    }

    private void test(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String user = Printable.of(String.valueOf(request.getRemoteUser()));
        notifier.tell(
                Event.Kind.TEST, "test", "A test of Fuota's webhooks on " + notifier.node() + ", asked for by " + user);
        int targets = notifier.targets();
        LOG.info(() -> Requests.describe(request) + ": webhooks told of a test: " + targets);
        Responses.sentence(
                response,
                targets == 0
                        ? "nobody is told, because there are no webhooks: set fuota.webhooks"
                        : targets + (targets == 1 ? " webhook is" : " webhooks are")
                                + " told of a test: GET /webhooks shows what comes of it");
    }
}
