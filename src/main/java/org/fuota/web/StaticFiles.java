package org.fuota.web;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.http.EntityTag;
import org.fuota.http.Sha256;
import org.fuota.http.Validators;

/**
 * What comes with the WAR and is served from memory as it is: the console, whose page is at the root and the rest below {@code /console/}, and
 * {@code /openapi.yaml}. There is nothing else at these URLs.
 */
@SuppressWarnings("serial") // servlets are never serialized
public final class StaticFiles extends HttpServlet {
    /** What it is mapped to; the empty one is the root of the application itself. */
    public static final Set<String> MAPPINGS = Set.of("", "/console/*", "/openapi.yaml");

    private static final String CONSOLE = "/console/";
    private static final String PAGE = CONSOLE + "index.html";
    private static final String OPENAPI = "/openapi.yaml";

    /** What the console takes from WebJars, by the end of its path in them; each is served below {@code /console/vendor/}. */
    private static final List<String> LIBRARIES = List.of("/dist/uPlot.iife.min.js");

    private static final String WEBJARS = "/webjars/";
    private static final String VENDOR = CONSOLE + "vendor/";

    /** By the end of a file's name. */
    private static final Map<String, String> CONTENT_TYPES = Map.of(
            "html", "text/html;charset=UTF-8",
            "css", "text/css;charset=UTF-8",
            "js", "text/javascript;charset=UTF-8",
            "svg", "image/svg+xml",
            "yaml", "application/yaml");

    /** Nothing from elsewhere, nothing inline, nothing made from text, and in nobody's frame. */
    static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none';"
            + " require-trusted-types-for 'script'; trusted-types 'none'";

    private final Map<String, StaticFile> files;
    private final Clock clock;

    private record StaticFile(String contentType, byte[] content, EntityTag entityTag) {}

    private StaticFiles(Map<String, StaticFile> files, Clock clock) {
        this.files = files;
        this.clock = clock;
    }

    /** Reads all of it into memory; an {@link IllegalStateException} when something is missing, or of an unknown type. */
    public static StaticFiles load(ServletContext context, Clock clock) {
        Map<String, StaticFile> files = Stream.concat(Stream.of(OPENAPI), below(context, CONSOLE))
                .collect(Collectors.toMap(path -> path, path -> read(context, path)));
        for (String library : LIBRARIES) {
            String path = below(context, WEBJARS)
                    .filter(one -> one.endsWith(library))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("the application lacks " + library));
            files.put(VENDOR + library.substring(library.lastIndexOf('/') + 1), read(context, path));
        }
        return new StaticFiles(Map.copyOf(files), clock);
    }

    /** The paths of all files in a folder of the WAR, and in those below it. */
    private static Stream<String> below(ServletContext context, String folder) {
        return Optional.ofNullable(context.getResourcePaths(folder)).orElse(Set.of()).stream()
                .flatMap(path -> path.endsWith("/") ? below(context, path) : Stream.of(path));
    }

    private static StaticFile read(ServletContext context, String path) {
        String contentType = CONTENT_TYPES.get(path.substring(path.lastIndexOf('.') + 1));
        try (InputStream in = context.getResourceAsStream(path)) {
            if (contentType == null || in == null) {
                throw new IllegalStateException("the application lacks " + path + ", or doesn't know its type");
            }
            byte[] content = in.readAllBytes();
            String sha256 = Sha256.of(Sha256.newDigest().digest(content)).hex();
            return new StaticFile(contentType, content, EntityTag.strong(sha256));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getRequestURI().substring(request.getContextPath().length());
        if (path.equals("/console") || path.equals(CONSOLE)) {
            // What somebody types who has forgotten that it is at the root.
            response.setStatus(HttpServletResponse.SC_FOUND);
            response.setHeader("Location", request.getContextPath() + "/");
            return;
        }
        StaticFile file = Optional.ofNullable(files.get(name(request)))
                .orElseThrow(() -> new FuotaException(ErrorCode.NOT_FOUND, "there is nothing at this URL"));
        boolean isConsole = !request.getServletPath().equals(OPENAPI);
        if (isConsole) {
            response.setHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY);
            response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        }
        switch (request.getMethod()) {
            case "GET", "HEAD" -> {
                if (!isConsole || isWanted(file, request, response)) {
                    send(file, request, response);
                }
            }
            default -> Responses.methodNotAllowed(response, "GET, HEAD");
        }
    }

    /** Its path in the WAR. */
    private static String name(HttpServletRequest request) {
        String rest = Requests.path(request);
        return switch (request.getServletPath()) {
            case "" -> PAGE;
            case OPENAPI -> OPENAPI;
            default -> CONSOLE + rest;
        };
    }

    /** Asked for each time, so that all parts of the console are of one version; as a rule the answer is 304. */
    private boolean isWanted(StaticFile file, HttpServletRequest request, HttpServletResponse response) {
        response.setHeader("Cache-Control", "private, no-cache");
        response.setHeader("ETag", file.entityTag().toString());
        Validators validators = new Validators(file.entityTag(), Instant.EPOCH);
        return switch (Requests.preconditions(request, clock.instant()).check(validators)) {
            case PRECONDITION_FAILED ->
                throw new FuotaException(
                        ErrorCode.PRECONDITION_FAILED, "this doesn't meet the request's If-... condition");
            case NOT_MODIFIED -> {
                response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
                yield false;
            }
            case PROCEED -> true;
        };
    }

    /** Whoever asks may read as slowly as he likes. */
    private static void send(StaticFile file, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (!request.isAsyncSupported() || request.getMethod().equals("HEAD")) {
            Responses.bytes(response, file.contentType(), file.content());
            return;
        }
        response.setContentType(file.contentType());
        response.setContentLength(file.content().length);
        NonBlockingBody.send(
                request,
                response,
                Channels.newChannel(new ByteArrayInputStream(file.content())),
                file.content().length,
                0);
    }
}
