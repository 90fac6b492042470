package org.fuota.web;

import com.google.gson.stream.JsonWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes answers. Bytes, never {@code getWriter()}: a writer adds a charset parameter to the Content-Type. */
public final class Responses {
    static final String JSON = "application/json";
    private static final String TEXT = "text/plain;charset=UTF-8";

    private Responses() {}

    /** 200 with a body that is known whole, and so with a Content-Length. */
    public static void text(HttpServletResponse response, String contentType, String body) throws IOException {
        bytes(response, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    /** 200 with bytes that are held whole. */
    public static void bytes(HttpServletResponse response, String contentType, byte[] body) throws IOException {
        write(response, HttpServletResponse.SC_OK, contentType, body);
    }

    /** 200 with one sentence for a person. */
    public static void sentence(HttpServletResponse response, String sentence) throws IOException {
        sentence(response, HttpServletResponse.SC_OK, sentence);
    }

    /** 200 with lines for a person, or, where the client accepts JSON, a {@link #value}. */
    public static void answer(HttpServletRequest request, HttpServletResponse response, List<String> lines, Object json)
            throws IOException {
        answer(request, response, HttpServletResponse.SC_OK, lines, json);
    }

    /** The same with any status. */
    public static void answer(
            HttpServletRequest request, HttpServletResponse response, int status, List<String> lines, Object json)
            throws IOException {
        response.setHeader("Vary", "Accept");
        if (Requests.wantsJson(request)) {
            StringWriter body = new StringWriter();
            value(new JsonWriter(body), json);
            write(response, status, JSON, body.toString().getBytes(StandardCharsets.UTF_8));
        } else {
            sentence(response, status, String.join("\n", lines));
        }
    }

    /** Any status with one sentence for a person, such as an error's. */
    public static void sentence(HttpServletResponse response, int status, String sentence) throws IOException {
        write(response, status, TEXT, (sentence + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The same, but for the end of the answer, which the container makes when the request ends. */
    static void begin(HttpServletResponse response, int status, String sentence) throws IOException {
        response.setStatus(status);
        response.setContentType(TEXT);
        response.getOutputStream().write((sentence + "\n").getBytes(StandardCharsets.UTF_8));
        response.flushBuffer();
    }

    /** 405 with what the resource does have, such as {@code GET, PUT}. */
    public static void methodNotAllowed(HttpServletResponse response, String allow) throws IOException {
        response.setHeader("Allow", allow);
        sentence(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "this resource has only " + allow);
    }

    /** Text, a number, a boolean, null, or a list or map of such. */
    static void value(JsonWriter json, @Nullable Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            json.beginObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                value(json.name(String.valueOf(entry.getKey())), entry.getValue());
            }
            json.endObject();
        } else if (value instanceof List<?> list) {
            json.beginArray();
            for (Object element : list) {
                value(json, element);
            }
            json.endArray();
        } else if (value instanceof Number number) {
            json.value(number);
        } else if (value instanceof Boolean bool) {
            json.value(bool);
        } else {
            json.value(value == null ? null : value.toString());
        }
    }

    /** Tells where the next page of a list is: at the request's URL, with another query. */
    public static void nextPage(HttpServletRequest request, HttpServletResponse response, Map<String, String> query) {
        String encoded = query.entrySet().stream()
                .map(parameter -> parameter.getKey() + "="
                        + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8)
                                .replace("+", "%20"))
                .collect(Collectors.joining("&"));
        response.setHeader("Link", "<" + request.getRequestURI() + "?" + encoded + ">; rel=\"next\"");
    }

    private static void write(HttpServletResponse response, int status, String contentType, byte[] body)
            throws IOException {
        response.setStatus(status);
        response.setContentType(contentType);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
