package org.fuota.web;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;

/** A file in the WAR that is served as it is: small, and held in memory. */
public record WarFile(String contentType, byte[] content) {
    /**
     * Reads the file.
     *
     * @param path in the WAR, such as {@code /openapi.yaml}
     * @throws IllegalStateException when it isn't there
     */
    public static WarFile read(ServletContext context, String path, String contentType) {
        try (InputStream in = context.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("the application lacks its " + path);
            }
            return new WarFile(contentType, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers GET and HEAD; whoever asks may read as slowly as he likes. */
    public void send(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.isAsyncSupported() || request.getMethod().equals("HEAD")) {
            Responses.bytes(response, contentType, content);
            return;
        }
        response.setContentType(contentType);
        response.setContentLength(content.length);
        NonBlockingBody.send(
                request, response, Channels.newChannel(new ByteArrayInputStream(content)), content.length, 0);
    }
}
