package org.fuota.web;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;

/** Files that come with the application, for anybody: the ones that it was made with, and no other. */
@SuppressWarnings("serial") // servlets are never serialized
public final class ResourceServlet extends HttpServlet {
    private final Map<String, WarFile> files;

    private ResourceServlet(Map<String, WarFile> files) {
        this.files = files;
    }

    /**
     * Reads the files into memory.
     *
     * @param contentTypes of each file by its path in the WAR, such as {@code /openapi.yaml}; its URL is the same
     * @throws IllegalStateException when one isn't there
     */
    public static ResourceServlet load(ServletContext context, Map<String, String> contentTypes) {
        return new ResourceServlet(contentTypes.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, file -> WarFile.read(context, file.getKey(), file.getValue()))));
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        WarFile file = Optional.ofNullable(files.get(request.getServletPath()))
                .orElseThrow(() -> new FuotaException(ErrorCode.NOT_FOUND, "there is nothing at this URL"));
        switch (request.getMethod()) {
            case "GET", "HEAD" -> file.send(request, response);
            default -> Responses.methodNotAllowed(response, "GET, HEAD");
        }
    }
}
