package org.fuota.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;

/**
 * Refuses what a page of another site has a browser do here, with the credentials that its user has typed once. Every browser says who asks, in
 * {@code Sec-Fetch-Site} (W3C Fetch Metadata); an older one at least in {@code Origin}. A client without either isn't a browser.
 *
 * <p>A link to a page here still works. What a script would read by it, it couldn't see, and it would cost a list or a backup. A GET of
 * {@code /devices} is refused even as a link: it is how a board polls, and a poll is evidence.
 */
@SuppressWarnings("serial") // filters are never serialized
public final class CrossSiteFilter extends HttpFilter {
    private static final Set<String> OWN = Set.of("same-origin", "none");
    private static final Set<String> SAFE = Set.of("GET", "HEAD");

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!isOwn(request) && !isLink(request)) {
            throw new FuotaException(ErrorCode.FORBIDDEN, "cross-site request refused");
        }
        chain.doFilter(request, response);
    }

    private static boolean isOwn(HttpServletRequest request) {
        List<String> sites = Requests.header(request, "Sec-Fetch-Site");
        if (!sites.isEmpty()) {
            return OWN.containsAll(sites);
        }
        // A proxy that ends TLS may speak HTTP with this server, but keeps the host.
        String host = "://" + request.getHeader("Host");
        return Requests.header(request, "Origin").stream().allMatch(origin -> origin.endsWith(host));
    }

    private static boolean isLink(HttpServletRequest request) {
        return SAFE.contains(request.getMethod())
                && Requests.header(request, "Sec-Fetch-Mode").equals(List.of("navigate"))
                && !request.getServletPath().equals("/devices");
    }
}
