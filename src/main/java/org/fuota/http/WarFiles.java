package org.fuota.http;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Files in the WAR that are served as they are. */
public final class WarFiles {
    private WarFiles() {}

    /**
     * Reads a file, which is small, into memory.
     *
     * @param path in the WAR, such as {@code /openapi.yaml}
     * @throws IllegalStateException when it isn't there
     */
    public static byte[] read(ServletContext context, String path) {
        try (InputStream in = context.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("the application lacks its " + path);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
