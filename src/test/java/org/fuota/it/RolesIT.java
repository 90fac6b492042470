package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what: each method × resource × user. Whoever may not gets 403, never 401. */
class RolesIT {
    private static final String[] USERS = {
        "nobody",
        "wrong password",
        "unknown user",
        "not BASIC",
        "user without role",
        "device",
        "admin",
        "monitor",
        "viewer",
        "publisher"
    };

    /** Method and resource; then the status for device, for admin and, where it isn't 403, for others by their name. */
    private static final String MATRIX = """
            GET     /devices                   403 200 viewer:200
            GET     /devices/                  403 200 viewer:200
            GET     /devices/role?app_ver=1    200 200
            GET     /devices/role?app_ver=2    204 204
            GET     /devices/role              400 400
            GET     /devices/stranger?app_ver=1 404 404
            GET     /fleet                     403 200 viewer:200
            GET     /fleet/                    403 200 viewer:200
            GET     /fleet/history             403 200 viewer:200
            DELETE  /fleet/history             403 405
            POST    /fleet/forget              403 400
            POST    /fleet/withdraw            403 400
            GET     /fleet/forget              403 404 viewer:404
            GET     /fleet/withdraw            403 404 viewer:404
            PUT     /fleet/forget              403 405
            DELETE  /fleet/forget              403 404
            GET     /fleet/role                403 200 viewer:200
            GET     /fleet/role-absent         403 404 viewer:404
            DELETE  /fleet/role-absent         403 404
            DELETE  /fleet                     403 405
            PUT     /fleet/role                403 405
            HEAD    /fleet                     403 200 viewer:200
            POST    /fleet                     403 405
            PATCH   /fleet                     403 405
            OPTIONS /fleet                     403 405
            TRACE   /fleet                     403 405
            FROB    /fleet                     403 405
            HEAD    /fleet/role                403 200 viewer:200
            POST    /fleet/role                403 405
            PATCH   /fleet/role                403 405
            OPTIONS /fleet/role                403 405
            TRACE   /fleet/role                403 405
            FROB    /fleet/role                403 405
            PATCH   /metrics                   403 405
            POST    /files/role.bin            403 405
            PATCH   /files                     403 405
            OPTIONS /files                     403 405
            TRACE   /files                     403 405
            FROB    /files                     403 405
            PATCH   /devices                   403 405
            TRACE   /devices                   403 405
            GET     /metrics                   403 200 monitor:200
            HEAD    /metrics                   403 200 monitor:200
            PUT     /metrics                   403 405
            POST    /metrics                   403 405
            DELETE  /metrics                   403 405
            OPTIONS /metrics                   403 405
            TRACE   /metrics                   403 405
            FROB    /metrics                   403 405
            GET     /backup                    403 200
            HEAD    /backup                    403 405
            PUT     /backup                    403 405
            POST    /backup                    403 405
            DELETE  /backup                    403 405
            PATCH   /backup                    403 405
            OPTIONS /backup                    403 405
            TRACE   /backup                    403 405
            FROB    /backup                    403 405
            GET     /webhooks                  403 200 viewer:200
            GET     /webhooks/                 403 200 viewer:200
            HEAD    /webhooks                  403 405 viewer:405
            PUT     /webhooks                  403 405
            POST    /webhooks                  403 405
            DELETE  /webhooks                  403 405
            PATCH   /webhooks                  403 405
            OPTIONS /webhooks                  403 405
            TRACE   /webhooks                  403 405
            FROB    /webhooks                  403 405
            POST    /webhooks/test             403 200
            GET     /webhooks/test             403 405 viewer:405
            HEAD    /webhooks/test             403 405 viewer:405
            PUT     /webhooks/test             403 405
            DELETE  /webhooks/test             403 405
            FROB    /webhooks/test             403 405
            GET     /webhooks/x                403 404 viewer:404
            POST    /webhooks/x                403 404
            GET     /files                     403 200 viewer:200 publisher:200
            GET     /files/                    403 200 viewer:200 publisher:200
            HEAD    /files/role.bin            200 200 viewer:200
            HEAD    /files/absent              404 404 viewer:404
            HEAD    /files                     403 405
            POST    /files                     403 405
            DELETE  /files                     403 405
            GET     /files/role.bin            200 200 viewer:200
            GET     /files/absent              404 404 viewer:404
            PUT     /devices/role-put          403 400
            PUT     /devices                   403 400
            PUT     /devices/                  403 400
            PUT     /files/role-put.bin        403 200 publisher:200
            PUT     /files                     403 405
            DELETE  /devices/role-absent       403 404
            DELETE  /devices                   403 400
            DELETE  /devices?file=role-absent.bin 403 200
            DELETE  /files/role-absent         403 404
            HEAD    /devices                   403 405
            HEAD    /devices/role?app_ver=1    403 405
            POST    /devices                   403 405
            POST    /devices/role              403 405
            PATCH   /devices/role              403 405
            PATCH   /files/role.bin            403 405
            OPTIONS /devices                   403 405
            OPTIONS /devices/role              403 405
            OPTIONS /files/role.bin            403 405
            TRACE   /devices/role              403 405
            TRACE   /files/role.bin            403 405
            FROB    /devices                   403 405
            FROB    /devices/role              403 405
            FROB    /files/role.bin            403 405
            GET     /rollouts                  403 200 viewer:200
            HEAD    /rollouts                  403 200 viewer:200
            GET     /rollouts/                 403 200 viewer:200
            HEAD    /rollouts/                 403 200 viewer:200
            GET     /rollouts/role-absent      403 404 viewer:404
            HEAD    /rollouts/role-absent      403 404 viewer:404
            GET     /groups                    403 200 viewer:200
            HEAD    /groups                    403 200 viewer:200
            GET     /groups/                   403 200 viewer:200
            HEAD    /groups/                   403 200 viewer:200
            GET     /groups/role-absent        403 404 viewer:404
            HEAD    /groups/role-absent        403 404 viewer:404
            PUT     /rollouts/role-absent      403 400
            DELETE  /rollouts/role-absent      403 405
            POST    /rollouts/role-absent/pause 403 404
            POST    /rollouts/role-absent/resume 403 404
            POST    /rollouts/role-absent/advance 403 404
            POST    /rollouts/role-absent/stop 403 404
            POST    /rollouts/role-absent/rollback 403 404
            GET     /rollouts/role-absent/pause 403 405 viewer:405
            PUT     /rollouts                  403 405
            POST    /rollouts                  403 405
            PUT     /groups/role               403 200
            DELETE  /groups/role/x             403 200
            DELETE  /groups/role               403 404
            GET     /groups/role/x             403 405 viewer:405
            POST    /groups/role/x             403 405
            POST    /groups/role/leave         403 400
            GET     /groups/role/leave         403 405 viewer:405
            DELETE  /groups/role/leave         403 404
            PUT     /groups                    403 405
            GET     /stop                      403 200 viewer:200
            HEAD    /stop                      403 200 viewer:200
            PUT     /stop                      403 200
            DELETE  /stop                      403 200
            POST    /stop                      403 405
            GET     /session                   403 200 viewer:200 publisher:200
            HEAD    /session                   403 200 viewer:200 publisher:200
            PUT     /session                   403 405
            POST    /session                   403 405
            DELETE  /session                   403 405
            PATCH   /session                   403 405
            OPTIONS /session                   403 405
            TRACE   /session                   403 405
            FROB    /session                   403 405
            GET     /attention                 403 200 viewer:200
            HEAD    /attention                 403 200 viewer:200
            PUT     /attention                 403 405
            POST    /attention                 403 405
            DELETE  /attention                 403 405
            PATCH   /attention                 403 405
            OPTIONS /attention                 403 405
            TRACE   /attention                 403 405
            FROB    /attention                 403 405
            GET     /notes                     403 200 viewer:200
            HEAD    /notes                     403 200 viewer:200
            PUT     /notes                     403 405
            POST    /notes                     403 405
            DELETE  /notes                     403 405
            PATCH   /notes                     403 405
            OPTIONS /notes                     403 405
            TRACE   /notes                     403 405
            FROB    /notes                     403 405
            GET     /notes/                    403 200 viewer:200
            GET     /notes/role                403 200 viewer:200
            HEAD    /notes/role                403 200 viewer:200
            POST    /notes/role                403 400
            PUT     /notes/role                403 405
            DELETE  /notes/role                403 405
            FROB    /notes/role                403 405
            DELETE  /notes/role/1              403 404
            GET     /notes/role/1              403 405 viewer:405
            PUT     /notes/role/1              403 405
            POST    /notes/role/1              403 405
            FROB    /notes/role/1              403 405
            PATCH   /rollouts                  403 405
            OPTIONS /rollouts                  403 405
            TRACE   /rollouts                  403 405
            FROB    /rollouts                  403 405
            PATCH   /rollouts/role-absent      403 405
            OPTIONS /rollouts/role-absent      403 405
            TRACE   /rollouts/role-absent      403 405
            FROB    /rollouts/role-absent      403 405
            PATCH   /groups                    403 405
            OPTIONS /groups                    403 405
            TRACE   /groups                    403 405
            FROB    /groups                    403 405
            PATCH   /groups/role               403 405
            OPTIONS /groups/role               403 405
            TRACE   /groups/role               403 405
            FROB    /groups/role               403 405
            PATCH   /stop                      403 405
            OPTIONS /stop                      403 405
            TRACE   /stop                      403 405
            FROB    /stop                      403 405
            """;

    /** What is for everybody, and what is for nobody: with any credentials, or none, the same. GET and HEAD, then every other method. */
    private static final String OPEN = """
            /health/live         200 405
            /health/ready        200 405
            /health              404 404
            /session/            404 404
            /attention/          404 404
            /health/             404 404
            /health/live/        404 404
            /health/x            404 404
            /openapi.yaml        200 405
            /openapi.yaml/       404 404
            /unknown             404 404
            /unknown.jsp         404 404
            /index.html          404 404
            /error               404 404
            /devicesx            404 404
            /DEVICES             404 404
            /metrics/            404 404
            /metricsx            404 404
            /backup/             404 404
            /backup/x            404 404
            /fleetx              404 404
            /webhooksx           404 404
            /WEB-INF/web.xml     404 404
            /META-INF/context.xml 404 404
            /META-INF/MANIFEST.MF 404 404
            /org/fuota/setup/Setup.class 404 404
            """;

    static List<Arguments> open() {
        List<Arguments> rows = new ArrayList<>();
        for (String line : OPEN.lines().toList()) {
            String[] cells = line.trim().split(" +");
            for (String method : List.of("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE", "FROB")) {
                rows.add(Arguments.of(
                        method,
                        cells[0],
                        Integer.parseInt(cells[List.of("GET", "HEAD").contains(method) ? 1 : 2])));
            }
        }
        return rows;
    }

    static List<Arguments> matrix() {
        List<Arguments> rows = new ArrayList<>();
        for (String line : MATRIX.lines().toList()) {
            String[] cells = line.trim().split(" +");
            for (String user : USERS) {
                String status = switch (user) {
                    case "device" -> cells[2];
                    case "admin" -> cells[3];
                    default ->
                        Arrays.stream(cells)
                                .filter(cell -> cell.startsWith(user + ":"))
                                .map(cell -> cell.substring(user.length() + 1))
                                .findFirst()
                                .orElse("403");
                };
                rows.add(Arguments.of(cells[0], cells[1], user, Integer.parseInt(status)));
            }
        }
        return rows;
    }

    private static @Nullable String authorization(String user) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("wrong password", Server.basic("admin", Server.DEVICE_PASSWORD));
        headers.put("unknown user", Server.basic("adm", Server.DEVICE_PASSWORD));
        headers.put("not BASIC", "Bearer " + Server.DEVICE_PASSWORD);
        headers.put("user without role", Server.STRANGER);
        headers.put("device", Server.DEVICE);
        headers.put("admin", Server.ADMIN);
        headers.put("monitor", Server.MONITOR);
        headers.put("viewer", Server.VIEWER);
        headers.put("publisher", Server.PUBLISHER);
        return headers.get(user);
    }

    @BeforeEach
    void oneFileAndOneDevice() {
        Server.upload("role.bin", new byte[] {1, 2, 3});
        Server.assign("role", "1", "role.bin");
        Server.send("DELETE", "/files/role-put.bin", Server.ADMIN, (String) null);
    }

    @AfterAll
    static void letOffersGoOn() {
        Server.send("DELETE", "/stop", Server.ADMIN, (String) null);
    }

    @ParameterizedTest(name = "{0} {1} by {2} is {3}")
    @MethodSource("matrix")
    void allows(String method, String path, String user, int status) {
        String body = method.equals("PUT") ? "x" : null;

        HttpResponse<String> answer = Server.send(method, path, authorization(user), body);

        assertEquals(Server.status(method, path, status), answer.statusCode(), answer.body());
        assertTrue(answer.headers().firstValue("WWW-Authenticate").isEmpty(), "no challenge");
        assertTrue(answer.headers().firstValue("Set-Cookie").isEmpty(), "no session");
        if (status == 403 && !method.equals("HEAD")) {
            assertEquals("credentials are missing or wrong, or their role doesn't allow this request\n", answer.body());
        }
    }

    @ParameterizedTest(name = "{0} {1} is {2}")
    @MethodSource("open")
    void isTheSameForEverybody(String method, String path, int status) {
        for (String user : USERS) {
            // Readiness looks at credentials, where there are some.
            boolean isRefused = List.of("GET", "HEAD").contains(method)
                    && path.equals("/health/ready")
                    && List.of("wrong password", "unknown user", "not BASIC").contains(user);

            HttpResponse<String> answer =
                    Server.send(method, path, authorization(user), method.equals("PUT") ? "x" : null);

            assertEquals(isRefused ? 403 : status, answer.statusCode(), user + ": " + answer.body());
            assertTrue(answer.headers().firstValue("WWW-Authenticate").isEmpty(), "no challenge");
            assertTrue(answer.headers().firstValue("Set-Cookie").isEmpty(), "no session");
        }
    }

    /** Not even by the bytes that are there; and no board is offered anything else by it. */
    @ParameterizedTest
    @ValueSource(strings = {"other", "\1\2\3"})
    void aPublisherReplacesNothing(String body) {
        for (String query : List.of("", "?force=true")) {
            HttpResponse<String> answer = Server.send("PUT", "/files/role.bin" + query, Server.PUBLISHER, body);

            assertEquals(403, answer.statusCode());
            assertEquals(
                    "update file role.bin is there already: the role fuota-publisher uploads only to a path that"
                            + " doesn't exist yet\n",
                    answer.body());
        }
        assertArrayEquals(new byte[] {1, 2, 3}, Server.download("role.bin"));
    }

    @Test
    void takesCredentialsOutsideAscii() {
        HttpResponse<String> answer = Server.send(
                "GET", "/devices/role?app_ver=1", Server.basic("bj\u00f8rn", "sm\u00f8rrebr\u00f8d"), (String) null);

        assertEquals(200, answer.statusCode());
    }

    @Test
    void manyWrongPasswordsLockNobodyOut() {
        for (int i = 0; i < 20; i++) {
            assertEquals(403, poll(Server.basic("device", "wrong " + i)).statusCode());
        }

        assertEquals(200, poll(Server.DEVICE).statusCode());
    }

    @Test
    void doesNotAskForTheBodyOfARefusedUpload() throws Exception {
        try (SSLSocket socket = Server.connect("TLSv1.2")) {
            socket.getOutputStream()
                    .write(("PUT /files/refused.bin HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n"
                                    + "Expect: 100-continue\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();

            byte[] start = socket.getInputStream().readNBytes(12);

            assertEquals("HTTP/1.1 403", new String(start, StandardCharsets.US_ASCII));
        }
        assertFalse(
                Server.send("GET", "/files", Server.ADMIN, (String) null).body().contains("refused.bin"));
    }

    @Test
    void servesHttpsOnly() throws Exception {
        java.net.http.HttpClient client = java.net.http.HttpClient.newHttpClient();
        java.net.http.HttpRequest.Builder request = java.net.http.HttpRequest.newBuilder(
                java.net.URI.create("http://127.0.0.1:" + Server.HTTP_PORT + "/devices/role?app_ver=1"));

        HttpResponse<String> withCredentials = client.send(
                request.header("Authorization", Server.DEVICE).build(), HttpResponse.BodyHandlers.ofString());

        assertEquals(403, withCredentials.statusCode());
        assertEquals("only HTTPS is served here\n", withCredentials.body());
    }

    private static HttpResponse<String> poll(String authorization) {
        return Server.send("GET", "/devices/role?app_ver=1", authorization, (String) null);
    }
}
