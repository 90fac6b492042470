package org.fuota.http;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;

/** Files that come with the application, for anybody: the ones that it was made with, and no other. */
@SuppressWarnings("serial") // servlets are never serialized
public final class ResourceServlet extends HttpServlet {
    private final Map<String, Resource> resources;

    private ResourceServlet(Map<String, Resource> resources) {
        this.resources = Map.copyOf(resources);
    }

    /**
     * Reads the files, which are small, into memory.
     *
     * @param contentTypes of each file by its path in the WAR, such as {@code /openapi.yaml}; its URL is the same
     * @throws IllegalStateException when one isn't there
     */
    public static ResourceServlet load(ServletContext context, Map<String, String> contentTypes) {
        Map<String, Resource> resources = new HashMap<>();
        contentTypes.forEach(
                (path, contentType) -> resources.put(path, new Resource(contentType, WarFiles.read(context, path))));
        return new ResourceServlet(resources);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Resource resource = Optional.ofNullable(resources.get(request.getServletPath()))
                .orElseThrow(() -> new FuotaException(ErrorCode.NOT_FOUND, "there is nothing at this URL"));
        switch (request.getMethod()) {
            case "GET" -> Responses.bytes(response, resource.contentType(), resource.content());
            default -> Responses.methodNotAllowed(response, "GET");
        }
    }

    private record Resource(String contentType, byte[] content) {}
}
