package org.fuota.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.http.EntityTag;
import org.fuota.http.EntityTagList;
import org.fuota.http.Preconditions;

/** Reads what servlets need from a request. Whatever is malformed becomes {@link ErrorCode#INVALID}. */
public final class Requests {
    private static final Pattern RESHAPED = Pattern.compile("(?i);|//|/(\\.|%2e){1,2}(/|$)");

    private Requests() {}

    /**
     * What follows the servlet's own part of the URL and its slash, decoded by the container; empty for the collection itself.
     *
     * @throws FuotaException when the container had to reshape the path or cut something off: what was stored by one name would be found by another
     */
    public static String path(HttpServletRequest request) {
        if (isReshaped(request.getRequestURI())) {
            throw invalid("the path has a semicolon, an empty segment or a dot segment");
        }
        String pathInfo = request.getPathInfo();
        return pathInfo == null || pathInfo.isEmpty() ? "" : pathInfo.substring(1);
    }

    /** Whether the container brings a URL's path into another shape before it looks whose it is. */
    static boolean isReshaped(String path) {
        return RESHAPED.matcher(path).find();
    }

    /**
     * The one value of a query parameter, never empty. Percent escapes only are decoded (RFC 3986), not plus, as {@code getParameter} does: boards
     * send {@code app_ver=1.0.0+abc} as it is.
     *
     * @throws FuotaException when it is absent, empty, there more than once, or not percent-encoded UTF-8
     */
    public static String queryValue(HttpServletRequest request, String name) {
        return queryValue(Optional.ofNullable(request.getQueryString()).orElse(""), name);
    }

    static String queryValue(String query, String name) {
        List<String> values = new ArrayList<>();
        for (String parameter : query.split("&")) {
            int equals = parameter.indexOf('=');
            String key = equals < 0 ? parameter : parameter.substring(0, equals);
            if (percentDecode(key).equals(name)) {
                values.add(equals < 0 ? "" : percentDecode(parameter.substring(equals + 1)));
            }
        }
        if (values.size() != 1 || values.get(0).isEmpty()) {
            throw invalid("the query must hold " + name + " once, and not empty");
        }
        return values.get(0);
    }

    /** All parameters of the query, decoded as {@link #queryValue} does; each must be allowed, not empty, and there only once. */
    public static Map<String, String> query(HttpServletRequest request, Set<String> allowed) {
        return query(Optional.ofNullable(request.getQueryString()).orElse(""), allowed);
    }

    static Map<String, String> query(String query, Set<String> allowed) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String parameter : query.isEmpty() ? new String[0] : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = percentDecode(equals < 0 ? parameter : parameter.substring(0, equals));
            if (!allowed.contains(name)) {
                throw invalid("the query has " + Printable.of(name) + ", which isn't one of "
                        + String.join(", ", new TreeSet<>(allowed)));
            }
            values.put(name, queryValue(query, name));
        }
        return values;
    }

    /** Whether a parameter of {@link #query} is {@code true}, and not {@code false} or absent; it can be nothing else. */
    public static boolean flag(Map<String, String> query, String name) {
        return switch (query.getOrDefault(name, "false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid(name + " must be true or false");
        };
    }

    /** The body as text, to be read as it comes in; a {@link FuotaException} when it is longer than allowed, breaks off, or isn't UTF-8. */
    public static Reader reader(HttpServletRequest request, long maxBytes) throws IOException {
        return new BodyReader(request, maxBytes);
    }

    /** All lines of a header, as the container gives them; none when it isn't there. */
    public static List<String> header(HttpServletRequest request, String name) {
        return Collections.list(request.getHeaders(name));
    }

    /** The conditions that the request's headers put on it. */
    public static Preconditions preconditions(HttpServletRequest request, Instant now) {
        return new Preconditions(request.getMethod(), name -> header(request, name), now);
    }

    /** The tags in {@code If-Match}, one of which must be current; none when malformed. Empty where any is right: without it, or by {@code *}. */
    public static Optional<List<EntityTag>> ifMatch(HttpServletRequest request) {
        List<String> lines = header(request, "If-Match");
        Optional<EntityTagList> tags = EntityTagList.parse(lines);
        return lines.isEmpty() || tags.filter(EntityTagList::isAny).isPresent()
                ? Optional.empty()
                : Optional.of(tags.map(EntityTagList::tags).orElse(List.of()));
    }

    /** Whether the client names JSON as what it accepts; that it accepts anything isn't enough. */
    static boolean wantsJson(HttpServletRequest request) {
        return header(request, "Accept").stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .map(range -> range.toLowerCase(Locale.ROOT).replaceAll("[ \t]", ""))
                .anyMatch(range -> range.matches("application/json(;(?!q=0(\\.0*)?(;|$)).*)?"));
    }

    /** The attribute of the servlet context that has this node's name, where there may be several. */
    public static final String NODE = "org.fuota.node";

    /** The method, path and user of a request, and the node that it came to, safe for a log line. */
    public static String describe(HttpServletRequest request) {
        return request.getMethod() + " "
                + Printable.of(request.getServletPath()
                        + Optional.ofNullable(request.getPathInfo()).orElse("")) + " by "
                + Printable.of(Optional.ofNullable(request.getRemoteUser()).orElse("nobody")) + " from "
                + request.getRemoteAddr()
                + Optional.ofNullable(request.getServletContext().getAttribute(NODE))
                        .map(node -> " at " + node)
                        .orElse("");
    }

    private static String percentDecode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        String malformed = "the query isn't percent-encoded UTF-8";
        ByteArrayOutputStream octets = new ByteArrayOutputStream(text.length());
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] != '%') {
                octets.write(encoded[i]);
                continue;
            }
            if (i + 2 >= encoded.length) {
                throw invalid(malformed);
            }
            int high = Character.digit(encoded[++i], 16);
            int low = Character.digit(encoded[++i], 16);
            if (high < 0 || low < 0) {
                throw invalid(malformed);
            }
            // PostgreSQL's text can't hold it, so nothing that is stored does.
            if (high == 0 && low == 0) {
                throw invalid("the query has a NUL");
            }
            octets.write(high << 4 | low);
        }
        try {
            ByteBuffer decoded = ByteBuffer.wrap(octets.toByteArray());
            return StandardCharsets.UTF_8.newDecoder().decode(decoded).toString();
        } catch (CharacterCodingException e) {
            throw invalid(malformed);
        }
    }

    private static FuotaException invalid(String sentence) {
        return new FuotaException(ErrorCode.INVALID, sentence);
    }
}
