package org.fuota.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;

/** Where every error of a resource becomes a status and a sentence, and is logged, once. Also sees that there is HTTPS only. */
@SuppressWarnings("serial") // filters are never serialized
public final class ErrorFilter extends HttpFilter {
    // Statuses that the Servlet API has no name for.
    private static final int UNPROCESSABLE_CONTENT = 422;
    private static final int INSUFFICIENT_STORAGE = 507;

    // About as long as a database takes to be back.
    private static final String RETRY_SECONDS = "5";

    private static final Logger LOG = Logger.getLogger(ErrorFilter.class.getName());

    private final Consumer<ErrorCode> refusals;

    /** @param refusals is told of each; must be quick */
    public ErrorFilter(Consumer<ErrorCode> refusals) {
        this.refusals = refusals;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        SecurityHeaders.set(response);
        try {
            // Not web.xml's CONFIDENTIAL: most connectors turn that into a redirect, on which boards loop.
            if (!request.isSecure()) {
                throw new FuotaException(ErrorCode.FORBIDDEN, "only HTTPS is served here");
            }
            chain.doFilter(request, response);
        } catch (FuotaException e) {
            refusals.accept(e.code());
            boolean isOurs = e.code() == ErrorCode.UNAVAILABLE || e.code() == ErrorCode.STORAGE_FULL;
            Level level = isOurs ? Level.WARNING : Level.FINE;
            LOG.log(level, e.getCause(), () -> Requests.describe(request) + ": " + e.sentence());
            answer(request, response, status(e.code()), e.sentence(), e);
        } catch (IOException | RuntimeException e) {
            if (response.isCommitted()) {
                // Most often a client that went away. The container closes the connection: never a padded answer.
                LOG.log(Level.FINE, e, () -> Requests.describe(request) + " broke off");
                throw e;
            }
            refusals.accept(ErrorCode.FAILED);
            LOG.log(Level.SEVERE, e, () -> Requests.describe(request) + " failed");
            answer(request, response, status(ErrorCode.FAILED), "the server failed; its log tells why", e);
        } finally {
            UnreadBody.end(request);
        }
    }

    private static void answer(
            HttpServletRequest request, HttpServletResponse response, int status, String sentence, Exception cause)
            throws IOException {
        if (!response.isCommitted()) {
            // Headers too: they are of the answer that isn't given.
            response.reset();
            SecurityHeaders.set(response);
            if (status == HttpServletResponse.SC_SERVICE_UNAVAILABLE) {
                response.setHeader("Retry-After", RETRY_SECONDS);
            }
            UnreadBody.sentence(request, response, status, sentence);
            return;
        }
        // Reading the body failed: the container has begun its own answer, and knows this exception as the client's
        // fault.
        if (cause.getCause() instanceof IOException readFailure) {
            throw readFailure;
        }
        throw new IOException("the answer had begun", cause);
    }

    private static int status(ErrorCode code) {
        return switch (code) {
            case INVALID -> HttpServletResponse.SC_BAD_REQUEST;
            case FORBIDDEN -> HttpServletResponse.SC_FORBIDDEN;
            case NOT_FOUND -> HttpServletResponse.SC_NOT_FOUND;
            case CONFLICT -> HttpServletResponse.SC_CONFLICT;
            case PRECONDITION_FAILED -> HttpServletResponse.SC_PRECONDITION_FAILED;
            case TOO_LARGE -> HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE;
            case WRAPPED -> HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE;
            case REFUSED_IMAGE -> UNPROCESSABLE_CONTENT;
            case STORAGE_FULL -> INSUFFICIENT_STORAGE;
            case UNAVAILABLE -> HttpServletResponse.SC_SERVICE_UNAVAILABLE;
            case FAILED, CREDENTIALS, ROLE, UNKNOWN_URL, OTHER -> HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
        };
    }
}
