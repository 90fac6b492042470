package org.fuota.http;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Writes answers. Bytes, never {@code getWriter()}: a writer adds a charset parameter to the Content-Type. */
public final class Responses {
    private Responses() {}

    /** 200 with a body that is known whole, and so with a Content-Length. */
    public static void text(HttpServletResponse response, String contentType, String body) throws IOException {
        write(response, HttpServletResponse.SC_OK, contentType, body);
    }

    /** 200 with one sentence for a person. */
    public static void sentence(HttpServletResponse response, String sentence) throws IOException {
        sentence(response, HttpServletResponse.SC_OK, sentence);
    }

    /** Any status with one sentence for a person, such as an error's. */
    static void sentence(HttpServletResponse response, int status, String sentence) throws IOException {
        write(response, status, "text/plain;charset=UTF-8", sentence + "\n");
    }

    /** 405 with what the resource does have, such as {@code GET, PUT}. */
    public static void methodNotAllowed(HttpServletResponse response, String allow) throws IOException {
        response.setHeader("Allow", allow);
        sentence(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "this resource has only " + allow);
    }

    private static void write(HttpServletResponse response, int status, String contentType, String body)
            throws IOException {
        byte[] octets = body.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setContentType(contentType);
        response.setContentLength(octets.length);
        response.getOutputStream().write(octets);
    }
}
