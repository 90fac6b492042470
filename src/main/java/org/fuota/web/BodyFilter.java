package org.fuota.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;

/**
 * Lets in bodies of requests whose sender may send one. Reading a body holds a thread for as long as its sender takes, so only
 * so many are read at once: polls always have threads left. Must come after {@link ErrorFilter}, which ends them.
 */
@SuppressWarnings("serial") // filters are never serialized
public final class BodyFilter extends HttpFilter {
    /** Whose resources take bodies. */
    private static final Set<String> TAKERS = Set.of("/devices", "/files");

    private final Semaphore places;
    private final long mostReadOn;

    /**
     * @param most bodies that may be read at once
     * @param mostReadOn bytes of a refused one that are read on, so that its sender learns why
     */
    public BodyFilter(int most, long mostReadOn) {
        this.places = new Semaphore(most);
        this.mostReadOn = mostReadOn;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!UnreadBody.isAnnounced(request)) {
            chain.doFilter(request, response);
            return;
        }
        if (request.getHeader("Transfer-Encoding") != null
                && request.getProtocol().equals("HTTP/1.0")) {
            // What comes before it may see another end of this request than the container does (RFC 9112, section 6.1).
            throw new FuotaException(ErrorCode.INVALID, "HTTP/1.0 has no Transfer-Encoding");
        }
        if (!request.getMethod().equals("PUT")
                || !TAKERS.contains(request.getServletPath())
                || request.getRemoteUser() == null) {
            withoutBody(request, response, chain);
            return;
        }
        if (!places.tryAcquire()) {
            throw new FuotaException(
                    ErrorCode.UNAVAILABLE, "too many uploads and assignments are under way; try again in a moment");
        }
        LetInBody body = new LetInBody(request, places, mostReadOn);
        UnreadBody.letIn(body);
        chain.doFilter(body, response);
    }

    /** It means nothing there. A download goes on after this, and couldn't if its connection had to be closed. */
    private static void withoutBody(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request.getMethod().equals("GET")) {
            throw new FuotaException(ErrorCode.INVALID, "a GET has no body here");
        }
        if (!UnreadBody.isLeft(request)) {
            chain.doFilter(request, response);
            return;
        }
        UnreadBody.announce(response);
        chain.doFilter(request, response);
        UnreadBody.leave(request, response);
    }
}
