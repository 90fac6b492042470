package org.fuota.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Consumer;
import org.fuota.error.ErrorCode;

/**
 * The error page for what the container refuses by itself, and the answer, 404, to every URL that is nobody's.
 *
 * <p>Missing or wrong credentials are 403 here, not the container's 401: ESP-IDF 4.4 answers a 401 by asking again at once and for ever, and the
 * sample application restarts the board. Only a page for a browser stays a 401, so that the browser asks its user.
 */
@SuppressWarnings("serial") // servlets are never serialized
public final class ErrorServlet extends HttpServlet {
    private final Consumer<ErrorCode> refusals;
    private final FailedLogins failedLogins;
    private final String pages;

    /**
     * @param refusals is told of each; must be quick
     * @param pages the name of the servlet that has the pages for a browser
     */
    public ErrorServlet(Consumer<ErrorCode> refusals, FailedLogins failedLogins, String pages) {
        this.refusals = refusals;
        this.failedLogins = failedLogins;
        this.pages = pages;
    }

    /** Every method alike: Tomcat 10.1 comes here with the method of the refused request. */
    @Override
    public void service(ServletRequest request, ServletResponse anyResponse) throws IOException {
        HttpServletResponse response = (HttpServletResponse) anyResponse;
        if (response.isCommitted()) {
            // What failed is the connection, after the answer.
            return;
        }
        Object error = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        int status = error instanceof Integer code ? code : HttpServletResponse.SC_NOT_FOUND;
        refusals.accept(code(status));
        // Over plain HTTP nobody is asked for a password; nor is a board whose id is "..", which leads to the root.
        boolean isPage = request.isSecure()
                && pages.equals(request.getAttribute(RequestDispatcher.ERROR_SERVLET_NAME))
                && !Requests.isReshaped(String.valueOf(request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI)));
        String allow = response.getHeader("Allow");
        String challenge = response.getHeader("WWW-Authenticate");

        response.reset();
        SecurityHeaders.set(response);
        if (allow != null) {
            response.setHeader("Allow", allow);
        }
        int answer = status;
        if (status == HttpServletResponse.SC_UNAUTHORIZED) {
            failedLogins.delayIfGuessing((HttpServletRequest) request, response);
            if (isPage && challenge != null) {
                response.setHeader("WWW-Authenticate", challenge);
            } else {
                answer = HttpServletResponse.SC_FORBIDDEN;
            }
        }
        UnreadBody.sentence((HttpServletRequest) request, response, answer, sentence(status));
    }

    private static ErrorCode code(int status) {
        return switch (status) {
            case HttpServletResponse.SC_BAD_REQUEST -> ErrorCode.INVALID;
            case HttpServletResponse.SC_UNAUTHORIZED -> ErrorCode.CREDENTIALS;
            case HttpServletResponse.SC_FORBIDDEN -> ErrorCode.ROLE;
            case HttpServletResponse.SC_NOT_FOUND -> ErrorCode.UNKNOWN_URL;
            case HttpServletResponse.SC_INTERNAL_SERVER_ERROR -> ErrorCode.FAILED;
            default -> ErrorCode.OTHER;
        };
    }

    private static String sentence(int status) {
        return switch (status) {
            case HttpServletResponse.SC_BAD_REQUEST -> "the request is malformed";
            case HttpServletResponse.SC_UNAUTHORIZED, HttpServletResponse.SC_FORBIDDEN ->
                "credentials are missing or wrong, or their role doesn't allow this request";
            case HttpServletResponse.SC_NOT_FOUND -> "there is nothing at this URL";
            case HttpServletResponse.SC_METHOD_NOT_ALLOWED -> "this resource doesn't have this method";
            default ->
                status < HttpServletResponse.SC_INTERNAL_SERVER_ERROR
                        ? "the request was refused"
                        : "the server failed; its log tells why";
        };
    }
}
