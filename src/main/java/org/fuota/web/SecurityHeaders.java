package org.fuota.web;

import jakarta.servlet.http.HttpServletResponse;

/**
 * Tells a browser that shows an answer of ours to guess no type, to run, load and frame nothing, and to keep and pass on nothing. Boards and scripts
 * ignore it. A page that is made for browsers sets what it needs over it, and so does what may be kept.
 */
final class SecurityHeaders {
    private SecurityHeaders() {}

    static void set(HttpServletResponse response) {
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cache-Control", "no-store");
    }
}
