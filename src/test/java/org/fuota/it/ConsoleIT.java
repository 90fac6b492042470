package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The console and what guards it, over the wire; what it looks like and does in a browser is in the other Console...ITs. */
class ConsoleIT {
    private static final String REFUSED =
            "credentials are missing or wrong, or their role doesn't allow this request\n";

    @BeforeEach
    void oneFileAndOneDevice() {
        Server.upload("cross.bin", new byte[] {1, 2, 3});
        Server.assign("cross", "1", "cross.bin");
    }

    @AfterEach
    void remove() {
        for (String path : List.of("/devices/cross", "/fleet/cross", "/files/cross.bin", "/files/cross-put.bin")) {
            Server.send("DELETE", path, Server.ADMIN, (String) null);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/console/app.js", "/console/style.css", "/console/nothing"})
    void asksForCredentialsSoThatABrowserAsksItsUser(String path) {
        for (String authorization :
                new String[] {null, Server.basic("admin", "wrong"), Server.basic("nobody", "nothing"), "Bearer x"}) {
            HttpResponse<String> answer = Server.send("GET", path, authorization, (String) null);

            assertEquals(401, answer.statusCode(), authorization);
            assertTrue(
                    header(answer, "WWW-Authenticate").startsWith("Basic realm=\"Fuota\", charset="),
                    header(answer, "WWW-Authenticate"));
            assertEquals(REFUSED, answer.body());
            assertTrue(answer.headers().firstValue("Set-Cookie").isEmpty(), "no session");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/console/app.js"})
    void isForAdminsAndViewers(String path) {
        for (String authorization : List.of(Server.DEVICE, Server.MONITOR, Server.STRANGER, Server.PUBLISHER)) {
            HttpResponse<String> answer = Server.send("GET", path, authorization, (String) null);

            assertEquals(403, answer.statusCode());
            assertEquals(REFUSED, answer.body());
        }
        for (String authorization : List.of(Server.ADMIN, Server.VIEWER)) {
            assertEquals(
                    200, Server.send("GET", path, authorization, (String) null).statusCode());
        }
    }

    @Test
    void asksForNoPasswordOverPlainHttp() throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + Server.HTTP_PORT + "/"))
                                .build(),
                        BodyHandlers.ofString());

        assertEquals(403, answer.statusCode());
        assertTrue(answer.headers().firstValue("WWW-Authenticate").isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/devices/cross?app_ver=1",
                "/devices",
                "/files",
                "/files/cross.bin",
                "/fleet",
                "/consol",
                "/index.html"
            })
    void asksForCredentialsNowhereElse(String path) {
        HttpResponse<String> answer = Server.send("GET", path, null, (String) null);

        assertTrue(answer.statusCode() == 403 || answer.statusCode() == 404, path + " is " + answer.statusCode());
        assertTrue(answer.headers().firstValue("WWW-Authenticate").isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html;charset=UTF-8",
        "/console/index.html, text/html;charset=UTF-8",
        "/console/app.js, text/javascript;charset=UTF-8",
        "/console/css/base.css, text/css;charset=UTF-8",
        "/console/lib/dom.js, text/javascript;charset=UTF-8",
        "/console/vendor/uPlot.iife.min.js, text/javascript;charset=UTF-8",
        "/console/icon.svg, image/svg+xml"
    })
    void servesItsParts(String path, String contentType) {
        HttpResponse<String> answer = Server.send("GET", path, Server.ADMIN, (String) null);

        assertEquals(200, answer.statusCode());
        assertEquals(contentType, header(answer, "Content-Type"));
        assertEquals("nosniff", header(answer, "X-Content-Type-Options"));
        assertEquals("private, no-cache", header(answer, "Cache-Control"));
        assertEquals("no-referrer", header(answer, "Referrer-Policy"));
        String policy = header(answer, "Content-Security-Policy");
        assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"), policy);
        assertTrue(policy.contains("frame-ancestors 'none'; ") && policy.contains("base-uri 'none'"), policy);
        assertTrue(policy.contains("require-trusted-types-for 'script'; trusted-types 'none'"), policy);
        assertFalse(policy.contains("unsafe") || policy.contains("*") || policy.contains("http"), policy);
        assertFalse(
                Pattern.compile("(src|href)=\"(https?:)?//|<script>|<style| style=| on[a-z]+=")
                        .matcher(path.equals("/") ? answer.body() : "")
                        .find(),
                "nothing inline, nothing from elsewhere");
    }

    @Test
    void isSentOnlyOnce() {
        String tag = header(Server.send("GET", "/console/app.js", Server.ADMIN, (String) null), "ETag");
        assertTrue(tag.matches("\"[0-9a-f]{64}\""), tag);

        assertEquals(
                304, send("GET", "/console/app.js", "If-None-Match: " + tag).statusCode());
        assertEquals(
                200,
                send("GET", "/console/app.js", "If-None-Match: " + "\"other\"").statusCode());
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /console/absent.js, 404",
        "GET, /console/../WEB-INF/web.xml, 404",
        "GET, /console/app.js/x, 404",
        "HEAD, /, 200",
        "HEAD, /console/app.js, 200",
        "POST, /, 405",
        "PUT, /console/app.js, 405",
        "DELETE, /console/app.js, 405",
        "GET, /webjars/x, 404",
        "GET, /index.html, 404"
    })
    void hasNothingElse(String method, String path, int status) {
        assertEquals(
                status, Server.send(method, path, Server.ADMIN, (String) null).statusCode());
    }

    @ParameterizedTest(name = "{0} {1} with {2} is {3}")
    @CsvSource(delimiter = '|', textBlock = """
                    PUT    | /files/cross-put.bin       | Sec-Fetch-Site: cross-site  | 403
                    PUT    | /files/cross-put.bin       | Sec-Fetch-Site: same-site   | 403
                    PUT    | /files/cross-put.bin       | Sec-Fetch-Site: same-origin | 200
                    PUT    | /files/cross-put.bin       | Sec-Fetch-Site: none        | 200
                    PUT    | /files/cross-put.bin       |                             | 200
                    PUT    | /files/cross-put.bin       | Sec-Fetch-Site: made-up     | 403
                    DELETE | /files/absent              | Sec-Fetch-Site: cross-site  | 403
                    DELETE | /files/absent              | Sec-Fetch-Site: same-origin | 404
                    PUT    | /devices/cross             | Sec-Fetch-Site: cross-site  | 403
                    PUT    | /devices                   | Sec-Fetch-Site: cross-site  | 403
                    PUT    | /devices                   | Sec-Fetch-Site: same-site   | 403
                    PUT    | /devices?dry_run=true      | Sec-Fetch-Site: cross-site  | 403
                    DELETE | /devices/cross             | Sec-Fetch-Site: cross-site  | 403
                    DELETE | /devices/cross             | Sec-Fetch-Site: same-origin | 200
                    DELETE | /fleet/cross               | Sec-Fetch-Site: cross-site  | 403
                    POST   | /devices/cross             | Sec-Fetch-Site: cross-site  | 403
                    GET    | /devices/cross?app_ver=1   | Sec-Fetch-Site: cross-site  | 403
                    GET    | /devices/cross?app_ver=1   | Sec-Fetch-Site: same-site   | 403
                    GET    | /devices/cross?app_ver=1   | Sec-Fetch-Site: none        | 200
                    # Nothing that its page could read, and work for the server; but a link.
                    GET    | /fleet                     | Sec-Fetch-Site: cross-site  | 403
                    GET    | /backup                    | Sec-Fetch-Site: cross-site  | 403
                    GET    | /metrics                   | Sec-Fetch-Site: cross-site  | 403
                    GET    | /files/cross.bin           | Sec-Fetch-Site: cross-site  | 403
                    GET    | /console/app.js            | Sec-Fetch-Site: cross-site  | 403
                    GET    | /fleet                     | Sec-Fetch-Site: cross-site, Sec-Fetch-Mode: no-cors  | 403
                    GET    | /                          | Sec-Fetch-Site: cross-site, Sec-Fetch-Mode: navigate | 200
                    GET    | /fleet                     | Sec-Fetch-Site: cross-site, Sec-Fetch-Mode: navigate | 200
                    GET    | /devices/cross?app_ver=1   | Sec-Fetch-Site: cross-site, Sec-Fetch-Mode: navigate | 403
                    DELETE | /files/absent              | Sec-Fetch-Site: cross-site, Sec-Fetch-Mode: navigate | 403
                    # A browser that doesn't say more.
                    PUT    | /files/cross-put.bin       | Origin: https://elsewhere.example | 403
                    PUT    | /files/cross-put.bin       | Origin: null                | 403
                    PUT    | /files/cross-put.bin       | Origin: OWN                 | 200
                    PUT    | /files/cross-put.bin       | Origin: OWN1                | 403
                    DELETE | /files/absent              | Origin: https://elsewhere.example | 403
                    GET    | /fleet                     | Origin: null                | 403
                    GET    | /fleet                     | Origin: OWN                 | 200
                    PUT    | /files/cross-put.bin       | Sec-Fetch-Site: same-origin, Origin: null | 200
                    """)
    void refusesWhatAnotherSiteWouldDo(String method, String path, @Nullable String headers, int status) {
        HttpResponse<String> answer = send(method, path, headers);

        assertEquals(status, answer.statusCode(), answer.body());
        if (status == 403) {
            assertEquals("cross-site request refused\n", answer.body());
        }
        assertTrue(
                answer.headers().map().keySet().stream()
                        .noneMatch(
                                name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("access-control-")),
                "no CORS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/console", "/console/"})
    void leadsToItsPage(String path) {
        HttpResponse<String> answer = Server.send("GET", path, Server.ADMIN, (String) null);

        assertEquals(302, answer.statusCode());
        assertEquals("/", header(answer, "Location"));
    }

    @Test
    void aPollOfAnotherSiteIsNoEvidence() {
        send("GET", "/devices/cross?app_ver=9", "Sec-Fetch-Site: cross-site");

        Server.awaitPolls("");
        String told =
                Server.send("GET", "/fleet/cross", Server.ADMIN, (String) null).body();
        assertTrue(told.contains("state: unseen\n"), told);
    }

    private static HttpResponse<String> send(String method, String path, @Nullable String headers) {
        String body = path.startsWith("/devices") ? "cross,1,cross.bin" : "x";
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(Server.ROOT + path))
                .method(method, method.equals("PUT") ? BodyPublishers.ofString(body) : BodyPublishers.noBody())
                .header("Authorization", Server.ADMIN);
        for (String header : headers == null ? new String[0] : headers.split(", ")) {
            String[] field = header.split(": ");
            request.header(field[0], field[1].replace("OWN", Server.ROOT.toString()));
        }
        return Server.send(request.build(), BodyHandlers.ofString());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
