package org.fuota.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;

/**
 * Refuses what a page of another site has a browser do here: the browser sends along the credentials that its user has typed
 * once, whoever asks. Every browser says who asks, in {@code Sec-Fetch-Site}, and lets no page say it otherwise (W3C Fetch
 * Metadata). A client without that header isn't a browser.
 *
 * <p>A link to a page here still works, and so does whatever only reads. A GET of {@code /devices} doesn't count as that: it
 * is how a board polls, and a poll is evidence.
 */
@SuppressWarnings("serial") // filters are never serialized
public final class CrossSiteFilter extends HttpFilter {
    private static final Set<String> OWN = Set.of("same-origin", "none");
    private static final Set<String> SAFE = Set.of("GET", "HEAD");

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        boolean isOwn = Requests.header(request, "Sec-Fetch-Site").stream().allMatch(OWN::contains);
        boolean isSafe =
                SAFE.contains(request.getMethod()) && !request.getServletPath().equals("/devices");
        if (!isOwn && !isSafe) {
            throw new FuotaException(ErrorCode.FORBIDDEN, "a page of another site may not do this");
        }
        chain.doFilter(request, response);
    }
}
