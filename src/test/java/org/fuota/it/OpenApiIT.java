package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whether the server does what {@code openapi.yaml} says, all of that, and nothing else. */
class OpenApiIT {
    /** Said once, for all of them. */
    private static final Set<String> HEAD_AS_WELL = Set.of(
            "/fleet",
            "/fleet/history",
            "/fleet/{device_id}",
            "/notes",
            "/notes/{device_id}",
            "/attention",
            "/session",
            "/rollouts",
            "/rollouts/{name}",
            "/groups",
            "/groups/{name}",
            "/stop",
            "/health/live",
            "/health/ready",
            "/metrics",
            "/openapi.yaml");

    private static final OpenApi API = OpenApiTest.read();
    private static final List<OpenApiExample> EXAMPLES = OpenApiExample.all();

    /** What no example shows, by status, and where it is tested. */
    private static final Map<String, String> NOT_SHOWN = Map.of(
            "500", "takes a broken server: DeploymentIT",
            "503", "takes a database that is gone: DeploymentIT; or two backups at once: BackupIT",
            "507", "takes a full disk: DeploymentIT");

    /** What any other method there is for: the board that is called so. */
    private static final Map<String, String> ALSO_A_BOARD = Map.of(
            "/fleet/forget", "GET, HEAD, DELETE, POST",
            "/fleet/withdraw", "GET, HEAD, DELETE, POST",
            "/groups/{name}/leave", "DELETE, POST");

    /** Of any answer, as the description's introduction says, or HTTP does. */
    private static final Set<String> COMMON_HEADERS = Set.of(
            "connection",
            "content-length",
            "content-security-policy",
            "content-type",
            "cross-origin-resource-policy",
            "date",
            "keep-alive",
            "referrer-policy",
            "transfer-encoding",
            "x-content-type-options");

    static List<OpenApiExample> examples() {
        return EXAMPLES;
    }

    static List<OpenApi.Operation> operations() {
        return API.operations();
    }

    static List<String> paths() {
        return API.paths().stream().toList();
    }

    /** The version that a file leads to must be known before it is assigned to that version. */
    @BeforeAll
    static void anUpdateOfADevice() {
        Server.upload("api/loop.bin", "loop".getBytes(StandardCharsets.US_ASCII));
        Server.assign("api-loop", "1", "api/loop.bin");
        poll("api-loop", "1");
        poll("api-loop", "2");
        Server.awaitPolls("");
        int status = 200;
        while (status == 200) {
            status = Server.send("POST", "/notes/api-full", Server.ADMIN, "one of many")
                    .statusCode();
        }
    }

    @BeforeEach
    void filesAndDevices() {
        Server.upload("api/app.bin", OpenApiExample.image());
        Server.upload("api/free.bin", "free".getBytes(StandardCharsets.US_ASCII));
        admin("DELETE", "/files/api/new.bin", null);
        Server.assign("api-1", "1", "api/app.bin");
        Server.assign("api-2", "1", "api/never.bin");
        Server.assign("api-loop", "1", "api/loop.bin");
        poll("api-1", "1");
        poll("api-3", "1");
    }

    @AfterAll
    static void withdraw() {
        Server.send("GET", "/notes", Server.ADMIN, (String) null)
                .body()
                .lines()
                .filter(line -> line.matches("\"\\d+\",\"api-.*"))
                .map(line -> line.split("\""))
                .forEach(cells ->
                        Server.send("DELETE", "/notes/" + cells[3] + "/" + cells[1], Server.ADMIN, (String) null));
        for (String id : List.of("api-1", "api-2", "api-3", "api-loop", "api-new")) {
            Server.send("DELETE", "/devices/" + id, Server.ADMIN, (String) null);
            Server.send("DELETE", "/fleet/" + id, Server.ADMIN, (String) null);
        }
        for (String path : List.of("api/app.bin", "api/free.bin", "api/loop.bin", "api/new.bin")) {
            Server.send("DELETE", "/files/" + path, Server.ADMIN, (String) null);
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void answersAsDescribed(OpenApiExample example) {
        HttpResponse<String> response = send(example);
        String status = "" + response.statusCode();
        String type = response.headers().firstValue("Content-Type").orElse("");

        assertEquals(example.status() + " " + example.type(), status + " " + type, response.body());
        OpenApi.Answer answer = operation(example).answers().get(status);
        assertNotNull(answer, "the status isn't described");
        assertTrue(answer.content().containsKey(type) || answer.content().isEmpty() && type.isEmpty(), type);
        assertEquals(List.of(), faultsOfHeaders(answer, response));
        assertEquals(List.of(), faultsOfBody(answer, type, response), response.body());
    }

    @Test
    void describesNothingThatNoExampleShows() {
        Set<String> described = new TreeSet<>();
        for (OpenApi.Operation operation : API.operations()) {
            operation.answers().forEach((status, answer) -> {
                Set<String> types = answer.content().isEmpty()
                        ? Set.of("")
                        : answer.content().keySet();
                types.forEach(type -> described.add(operation + " " + status + " " + type));
            });
        }
        described.removeIf(answer -> NOT_SHOWN.containsKey(answer.split(" ")[2])
                // The one is on SQLite, the other on PostgreSQL.
                || answer.startsWith("GET /backup " + (Server.IS_ON_SQLITE ? "409" : "200")));
        Set<String> shown = EXAMPLES.stream()
                .map(example -> operation(example) + " " + example.status() + " " + example.type())
                .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(String.join("\n", described), String.join("\n", shown));
    }

    @Test
    void describesEachParameterThatIsTaken() {
        Set<String> described = new TreeSet<>();
        for (OpenApi.Operation operation : API.operations()) {
            for (JsonObject parameter : operation.parameters()) {
                if (!parameter.get("in").getAsString().equals("path")) {
                    described.add(operation + " " + parameter.get("name").getAsString());
                }
            }
        }
        Set<String> sent = new TreeSet<>();
        Set<String> refused = new TreeSet<>();
        for (OpenApiExample example : EXAMPLES) {
            Set<String> to = example.status().equals("400") ? refused : sent;
            example.parameters().forEach(name -> to.add(operation(example) + " " + name));
        }

        sent.addAll(refused.stream().filter(described::contains).toList());
        assertEquals(String.join("\n", described), String.join("\n", sent));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void letsInWhomItSays(OpenApi.Operation operation) {
        for (String user : OpenApiExample.USERS) {
            String role = user.equals("nobody") ? null : "fuota-" + user;

            int status = send(exampleOf(operation).by(user)).statusCode();

            assertEquals(operation.allows(role), status != 403, user + " gets " + status);
        }
    }

    @ParameterizedTest
    @MethodSource("paths")
    void hasNoOtherMethod(String path) {
        List<String> described = new ArrayList<>(
                ALSO_A_BOARD.containsKey(path)
                        ? List.of(ALSO_A_BOARD.get(path).split(", "))
                        : API.operations(path).stream()
                                .map(OpenApi.Operation::method)
                                .toList());
        if (HEAD_AS_WELL.contains(path)) {
            described.add(described.indexOf("GET") + 1, "HEAD");
        }
        OpenApiExample example = exampleOf(API.operations(path).get(0)).by("admin");
        for (String method : List.of("GET", "HEAD", "PUT", "DELETE", "POST", "PATCH", "OPTIONS", "TRACE", "FROB")) {
            if (!described.contains(method)) {
                HttpResponse<String> response = example.with(method).send();

                assertEquals(405, response.statusCode(), method);
                assertEquals(
                        List.of(String.join(", ", described)),
                        response.headers().allValues("Allow"),
                        method);
            }
        }
    }

    @Test
    void describesWhatTheReadmeTells() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        List<String> rows = readme.substring(readme.indexOf("| request | who |"))
                .lines()
                .dropWhile(line -> !line.startsWith("| ---"))
                .skip(1)
                .takeWhile(line -> line.startsWith("|"))
                .toList();

        assertTrue(rows.size() >= 11, rows.size() + " rows");
        for (String row : rows) {
            Matcher request =
                    Pattern.compile("`([A-Z]+) (/[^`?\\[]*)[^`]*`(, `HEAD`)?").matcher(row);
            assertTrue(request.find(), row);
            String path = request.group(2)
                    .replace("<id>", "{device_id}")
                    .replace("<path>", "{path}")
                    .replace("<name>", "{name}")
                    .replace("<number>", "{number}");
            Set<String> described = operation(request.group(1), path).answers().keySet();
            Matcher status = Pattern.compile("\\*\\*([0-9]{3})\\*\\*").matcher(row);
            status.results()
                    .forEach(told -> assertTrue(described.contains(told.group(1)), told.group() + " in " + row));
            if (request.group(3) != null) {
                operation("HEAD", path);
            }
        }
    }

    @Test
    void isServedToAnybody() throws IOException {
        HttpResponse<byte[]> response = Server.send(
                HttpRequest.newBuilder(URI.create(Server.ROOT + "/openapi.yaml"))
                        .build(),
                BodyHandlers.ofByteArray());

        assertEquals(200, response.statusCode());
        assertArrayEquals(Files.readAllBytes(Path.of("src/main/webapp/openapi.yaml")), response.body());
        assertEquals(List.of("" + response.body().length), response.headers().allValues("Content-Length"));
        assertEquals(List.of("nosniff"), response.headers().allValues("X-Content-Type-Options"));
        for (String other :
                List.of("/openapi.yaml/", "/openapi.yaml/x", "/openapi", "/OPENAPI.YAML", "/x/openapi.yaml")) {
            assertEquals(
                    404, Server.send("GET", other, Server.ADMIN, (String) null).statusCode(), other);
        }
    }

    @Test
    void isServedOverHttpsOnly() throws Exception {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + Server.HTTP_PORT + "/openapi.yaml"))
                                .build(),
                        BodyHandlers.ofString());

        assertEquals(403, response.statusCode());
        assertEquals("only HTTPS is served here\n", response.body());
    }

    @Test
    void isOfTheServersVersion() throws IOException {
        try (JarFile war = new JarFile(Server.WAR.toFile())) {
            String version = war.getManifest().getMainAttributes().getValue("Implementation-Version");

            assertEquals(
                    version.replace("-SNAPSHOT", ""),
                    API.root().getAsJsonObject("info").get("version").getAsString());
        }
    }

    private static List<String> faultsOfHeaders(OpenApi.Answer answer, HttpResponse<String> response) {
        List<String> faults = new ArrayList<>();
        answer.headers().forEach((name, header) -> {
            boolean isRequired =
                    header.has("required") && header.get("required").getAsBoolean();
            List<String> values = response.headers().allValues(name);
            if (values.size() > 1 || isRequired && values.isEmpty()) {
                faults.add(name + " is there " + values.size() + " times");
            }
            JsonElement schema = header.get("schema");
            boolean isNumber =
                    schema.getAsJsonObject().get("type").getAsString().equals("integer");
            values.forEach(value -> faults.addAll(
                    API.faults(schema, isNumber ? new JsonPrimitive(Long.valueOf(value)) : new JsonPrimitive(value))));
        });
        response.headers().map().forEach((name, values) -> {
            boolean isForNobody = name.equals("cache-control") && values.equals(List.of("no-store"));
            if (!answer.headers().containsKey(name) && !COMMON_HEADERS.contains(name) && !isForNobody) {
                faults.add(name + " isn't described: " + values);
            }
        });
        return faults;
    }

    private static List<String> faultsOfBody(OpenApi.Answer answer, String type, HttpResponse<String> response) {
        if (type.isEmpty() || response.request().method().equals("HEAD")) {
            return response.body().isEmpty() ? List.of() : List.of("there is a body");
        }
        JsonElement schema = answer.content().get(type).get("schema");
        if (schema == null) {
            return List.of();
        }
        return API.faults(
                schema,
                type.equals("application/json") ? OpenApi.json(response.body()) : new JsonPrimitive(response.body()));
    }

    private static OpenApi.Operation operation(OpenApiExample example) {
        return operation(example.method(), example.path());
    }

    private static OpenApi.Operation operation(String method, String path) {
        return API.operations().stream()
                .filter(operation -> operation.toString().equals(method + " " + path))
                .findFirst()
                .orElseThrow(() -> new AssertionError(method + " " + path + " isn't described"));
    }

    /** The first one, which is what all may ask who may use the operation. */
    private static OpenApiExample exampleOf(OpenApi.Operation operation) {
        return EXAMPLES.stream()
                .filter(example -> operation.toString().equals(example.method() + " " + example.path()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(operation + " has no example"));
    }

    /** With rollouts and groups of its own, where it is about these: what was done to one can't be undone. */
    private static HttpResponse<String> send(OpenApiExample example) {
        if (example.path().startsWith("/notes/")) {
            HttpResponse<String> noted = Server.send("POST", "/notes/api-1", Server.ADMIN, "to be deleted");
            return example.of(noted.body().replaceAll("\\D*(\\d+).*\n", "$1")).send();
        }
        if (!example.path().matches("/(rollouts|groups|stop).*")) {
            return example.send();
        }
        String mark = UUID.randomUUID().toString().substring(0, 8);
        String path = example.target().replaceFirst("\\?.*", "");
        boolean holds = path.contains("api-held");
        // Only what it is about: each of these is forced to the disk. What rolls back has one beside it already.
        List<String> rollouts = Stream.of("runs-N", "waits-N", "ended-N")
                .filter(name -> path.contains(name) || holds && name.equals("runs-N"))
                .flatMap(name ->
                        path.endsWith("waits-N/rollback") ? Stream.of(name, name + "-rollback") : Stream.of(name))
                .map(name -> name.replace("-N", "-" + mark))
                .toList();
        // Of many stages, each of which is passed in a second, because nobody reports the version.
        String definition = "{\"file\":\"api/app.bin\",\"replaces\":[\"%s\"],\"group\":\"api-held\",\"stages\":"
                + IntStream.rangeClosed(1, 50).boxed().toList() + "}";
        admin("PUT", "/groups/api-free", "api-1\napi-2");
        admin("PUT", "/groups/api-held", "api-1");
        rollouts.forEach(name -> admin("PUT", "/rollouts/" + name, definition.formatted(name)));
        if (path.contains("waits-N")) {
            admin("POST", "/rollouts/waits-" + mark + "/pause", "");
        }
        if (path.contains("ended-N")) {
            admin("POST", "/rollouts/ended-" + mark + "/stop", "");
        }
        try {
            return example.send(mark);
        } finally {
            rollouts.forEach(name -> admin("POST", "/rollouts/" + name + "/stop", ""));
            admin("POST", "/rollouts/new-" + mark + "/stop", "");
            admin("POST", "/rollouts/runs-" + mark + "-rollback/stop", "");
            admin("DELETE", "/stop", null);
            admin("DELETE", "/groups/api-free", null);
            admin("DELETE", "/groups/api-held", null);
        }
    }

    private static void admin(String method, String path, @Nullable String body) {
        Server.send(method, path, Server.ADMIN, body);
    }

    private static void poll(String deviceId, String version) {
        Server.send("GET", "/devices/" + deviceId + "?app_ver=" + version, Server.DEVICE, (String) null);
    }
}
