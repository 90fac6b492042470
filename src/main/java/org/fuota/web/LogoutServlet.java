package org.fuota.web;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * {@code /console/logout}, for a browser to forget the credentials that its user has typed: as none has a way to be told that of BASIC, it is
 * refused what it sends, and told to clear what it keeps (W3C Clear Site Data, where credentials go with cookies). Chromium asks for others then, and shows the
 * page when its user cancels. Whoever asks: nobody logs in to log out.
 */
@SuppressWarnings("serial") // servlets are never serialized
public final class LogoutServlet extends HttpServlet {
    /** The realm as in web.xml: a browser forgets by it. Links are relative, so that they are right below any context path. */
    private static final String CHALLENGE = "Basic realm=\"Fuota\", charset=\"UTF-8\"";

    private static final byte[] PAGE = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>Logged out \u00b7 Fuota</title>
            </head>
            <body>
            <h1>Logged out</h1>
            <p>You are logged out of this browser as far as it lets a page do that. To be sure, close all its windows.</p>
            <p><a href="../">Log in again</a></p>
            </body>
            </html>
            """.getBytes(StandardCharsets.UTF_8);

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
        response.setHeader("WWW-Authenticate", CHALLENGE);
        response.setHeader("Clear-Site-Data", "\"cookies\"");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Content-Security-Policy", StaticFiles.CONTENT_SECURITY_POLICY);
        response.setContentType("text/html;charset=UTF-8");
        response.setContentLength(PAGE.length);
        response.getOutputStream().write(PAGE);
    }
}
