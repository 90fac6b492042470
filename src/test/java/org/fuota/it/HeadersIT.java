package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every answer tells browsers, whoever gives it: a servlet, the filter of errors, the container's error page. */
class HeadersIT {
    private static final Map<String, String> EXPECTED = Map.of(
            "X-Content-Type-Options", "nosniff",
            "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Referrer-Policy", "no-referrer");

    @BeforeEach
    void oneFileAndOneDevice() {
        Server.upload("headers.bin", new byte[1000]);
        Server.assign("headers", "1", "headers.bin");
    }

    @ParameterizedTest(name = "{0} {1} by {2} is {3}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            GET    | /devices/headers?app_ver=1 | device | 200 | no-store
            GET    | /devices/headers?app_ver=2 | device | 204 | no-store
            GET    | /devices/headers           | device | 400 | no-store
            GET    | /devices/headers?app_ver=1 | -      | 403 | no-store
            GET    | /devices/absent?app_ver=1  | device | 404 | no-store
            GET    | /devices                   | device | 403 | no-store
            GET    | /devices                   | admin  | 200 | no-store
            PATCH  | /devices                   | admin  | 405 | no-store
            GET    | /files/headers.bin         | device | 200 | public, no-cache
            HEAD   | /files/headers.bin         | device | 200 | public, no-cache
            GET    | /files/absent              | device | 404 | no-store
            GET    | /files                     | admin  | 200 | no-store
            PUT    | /files/headers.bin         | device | 403 | no-store
            DELETE | /files/headers.bin         | admin  | 409 | no-store
            GET    | /fleet                     | admin  | 200 | no-store
            GET    | /fleet/headers             | admin  | 200 | no-store
            GET    | /metrics                   | admin  | 200 | no-store
            GET    | /backup                    | admin  | 200 | no-store
            GET    | /health/live               | -      | 200 | no-store
            GET    | /health/ready              | -      | 200 | no-store
            GET    | /health                    | -      | 404 | no-store
            GET    | /openapi.yaml              | -      | 200 | no-store
            GET    | /absent                    | -      | 404 | no-store
            GET    | /absent.jsp                | -      | 404 | no-store
            GET    | /error                     | -      | 404 | no-store
            GET    | /WEB-INF/web.xml           | -      | 404 | no-store
            OPTIONS | /devices                  | -      | 403 | no-store
            TRACE  | /absent                    | -      | 404 | no-store
            """)
    void areOnEveryAnswer(String method, String path, @Nullable String user, int status, String cache) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(Server.ROOT + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (user != null) {
            request.header("Authorization", user.equals("admin") ? Server.ADMIN : Server.DEVICE);
        }
        HttpResponse<byte[]> answer = Server.send(request.build(), BodyHandlers.ofByteArray());

        assertEquals(
                Server.status(method, path, status),
                answer.statusCode(),
                new String(answer.body(), StandardCharsets.UTF_8));
        EXPECTED.forEach(
                (name, value) -> assertEquals(List.of(value), answer.headers().allValues(name), name));
        assertEquals(List.of(cache), answer.headers().allValues("Cache-Control"));
        for (String name : List.of("Server", "X-Powered-By", "Set-Cookie", "Strict-Transport-Security", "Expires")) {
            assertEquals(List.of(), answer.headers().allValues(name), name);
        }
    }

    /** ESP-IDF reads an answer's head through a buffer of 512 bytes, and no header may be longer. */
    @Test
    void leavesAPollsAnswerSmall() throws Exception {
        String answer = Server.sendRaw("GET /devices/headers?app_ver=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                + Server.DEVICE + "\r\nConnection: close\r\n\r\n");

        assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
        assertTrue(answer.length() <= 512, answer.length() + " bytes");
        assertTrue(answer.lines().allMatch(line -> line.length() < 128), answer);
    }
}
