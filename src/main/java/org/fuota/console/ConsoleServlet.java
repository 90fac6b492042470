package org.fuota.console;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.http.EntityTag;
import org.fuota.http.Sha256;
import org.fuota.http.Validators;
import org.fuota.web.Requests;
import org.fuota.web.Responses;
import org.fuota.web.WarFile;
import org.jspecify.annotations.Nullable;

/**
 * The console: the page at the root of the application, and what it is made of below {@code /console/}. All of it is in
 * the WAR's folder {@code console}, small, and held in memory; there is nothing else at these URLs.
 */
@SuppressWarnings("serial") // servlets are never serialized
public final class ConsoleServlet extends HttpServlet {
    /** What it is mapped to: the root of the application itself, and what is below the folder. */
    public static final Set<String> MAPPINGS = Set.of("", "/console/*");

    private static final String FOLDER = "/console/";
    private static final String PAGE = FOLDER + "index.html";

    /** By the end of a file's name. */
    private static final Map<String, String> CONTENT_TYPES = Map.of(
            "html", "text/html;charset=UTF-8",
            "css", "text/css;charset=UTF-8",
            "js", "text/javascript;charset=UTF-8",
            "svg", "image/svg+xml");

    /** Nothing from elsewhere, nothing inline, nothing made from text, and in nobody's frame. */
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none';"
            + " require-trusted-types-for 'script'; trusted-types 'none'";

    private final Map<String, Resource> resources;
    private final Clock clock;

    private record Resource(WarFile file, EntityTag entityTag) {}

    private ConsoleServlet(Map<String, Resource> resources, Clock clock) {
        this.resources = Map.copyOf(resources);
        this.clock = clock;
    }

    /** Reads all of it into memory. */
    public static ConsoleServlet load(ServletContext context, Clock clock) {
        Map<String, Resource> resources = new HashMap<>();
        for (String path : Optional.ofNullable(context.getResourcePaths(FOLDER)).orElse(Set.of())) {
            String contentType = CONTENT_TYPES.get(path.substring(path.lastIndexOf('.') + 1));
            if (contentType == null) {
                throw new IllegalStateException("the console has a file of an unknown type: " + path);
            }
            WarFile file = WarFile.read(context, path, contentType);
            resources.put(
                    path,
                    new Resource(
                            file,
                            EntityTag.strong(Sha256.of(Sha256.newDigest().digest(file.content()))
                                    .hex())));
        }
        return new ConsoleServlet(resources, clock);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getRequestURI().equals(request.getContextPath() + "/console")
                || request.getRequestURI().equals(request.getContextPath() + FOLDER)) {
            // What somebody types who has forgotten that it is at the root.
            response.setStatus(HttpServletResponse.SC_FOUND);
            response.setHeader("Location", request.getContextPath() + "/");
            return;
        }
        Resource resource = Optional.ofNullable(find(request))
                .orElseThrow(() -> new FuotaException(ErrorCode.NOT_FOUND, "there is nothing at this URL"));
        response.setHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        switch (request.getMethod()) {
            case "GET", "HEAD" -> send(resource, request, response);
            default -> Responses.methodNotAllowed(response, "GET, HEAD");
        }
    }

    private @Nullable Resource find(HttpServletRequest request) {
        String file = Requests.path(request);
        boolean isRoot = request.getServletPath().isEmpty();
        return resources.get(isRoot && file.isEmpty() ? PAGE : FOLDER + file);
    }

    private void send(Resource resource, HttpServletRequest request, HttpServletResponse response) throws IOException {
        // Asked for each time, so that all parts are of one version; as a rule the answer is 304.
        response.setHeader("Cache-Control", "private, no-cache");
        response.setHeader("ETag", resource.entityTag().toString());
        Validators validators = new Validators(resource.entityTag(), Instant.EPOCH);
        switch (Requests.preconditions(request, clock.instant()).check(validators)) {
            case PRECONDITION_FAILED ->
                throw new FuotaException(
                        ErrorCode.PRECONDITION_FAILED, "this doesn't meet the request's If-... condition");
            case NOT_MODIFIED -> response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            case PROCEED -> resource.file().send(request, response);
        }
    }
}
