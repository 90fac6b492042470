package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.fuota.db.PostgresCluster;
import org.fuota.tomcat.TomcatProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two Tomcats that share a PostgreSQL and nothing else: no folder, and neither knows the other. */
@Timeout(300)
class SharedBytesIT {
    private static final String ADMIN = Server.basic("admin", TomcatProcess.ADMIN_PASSWORD);
    private static final String DEVICE = Server.basic("device", TomcatProcess.DEVICE_PASSWORD);
    private static final int LARGE = 16_000_000;

    @TempDir
    Path folder;

    private final Map<TomcatProcess, HttpClient> clients = new HashMap<>();
    private PostgresCluster postgresql;
    private TomcatProcess one;
    private TomcatProcess two;

    @BeforeEach
    void start() throws Exception {
        postgresql = PostgresCluster.own();
        one = node("one");
        two = node("two");
    }

    @AfterEach
    void stop() {
        clients.keySet().forEach(TomcatProcess::close);
        if (postgresql != null) {
            postgresql.close();
        }
    }

    @Test
    void areOfferedAndSentByWhicheverIsAsked() throws Exception {
        byte[] firmware = bytes(1, 2_500_000);
        assertEquals(200, put(one, "/files/a.bin", firmware));
        assertEquals(200, put(one, "/devices/1", "1,1,a.bin".getBytes(StandardCharsets.US_ASCII)));

        assertEquals("a.bin", new String(get(two, "/devices/1?app_ver=1").body(), StandardCharsets.UTF_8));
        assertFalse(Files.exists(Server.blob(two.data().resolve("blobs"), firmware)), "a poll fetches nothing");
        HttpResponse<byte[]> part = get(two, "/files/a.bin", "Range", "bytes=1000000-2100000");
        assertEquals(206, part.statusCode());
        assertArrayEquals(Arrays.copyOfRange(firmware, 1_000_000, 2_100_001), part.body());
        assertArrayEquals(firmware, get(two, "/files/a.bin").body());
        assertArrayEquals(firmware, Files.readAllBytes(Server.blob(two.data().resolve("blobs"), firmware)));

        deleteBlobs(two);
        assertEquals(200, get(two, "/health/ready").statusCode());
        assertArrayEquals(firmware, get(two, "/files/a.bin").body());
        deleteBlobs(two);
        byte[] newer = bytes(2, 1_000_000);
        assertEquals(200, put(two, "/files/a.bin", newer));
        assertArrayEquals(newer, get(one, "/files/a.bin").body());

        assertEquals(
                409,
                send(two, "DELETE", "/files/a.bin", ADMIN, BodyPublishers.noBody())
                        .statusCode());
        assertEquals(
                200,
                send(one, "DELETE", "/devices/1", ADMIN, BodyPublishers.noBody())
                        .statusCode());
        assertEquals(
                200,
                send(one, "DELETE", "/files/a.bin", ADMIN, BodyPublishers.noBody())
                        .statusCode());
        assertEquals(404, get(two, "/files/a.bin").statusCode());
        assertEquals(409, get(two, "/backup").statusCode());
    }

    @Test
    void areSentOnWhileTheDatabaseIsAway() throws Exception {
        byte[] cached = bytes(3, LARGE);
        byte[] cold = bytes(4, 1000);
        assertEquals(200, put(one, "/files/cached.bin", cached));
        assertEquals(200, put(one, "/files/cold.bin", cold));
        assertArrayEquals(cold, get(two, "/files/cold.bin").body());
        deleteBlobs(two);
        HttpRequest download = request(two, "/files/cached.bin", DEVICE).build();
        try (InputStream body =
                client(two).send(download, BodyHandlers.ofInputStream()).body()) {
            byte[] first = body.readNBytes(100_000);

            postgresql.stop();

            assertArrayEquals(Arrays.copyOf(cached, 100_000), first);
            assertArrayEquals(Arrays.copyOfRange(cached, 100_000, LARGE), body.readAllBytes());
        }
        assertEquals(204, get(two, "/devices/1?app_ver=1").statusCode());
        assertArrayEquals(cached, get(two, "/files/cached.bin").body());
        assertEquals(503, get(two, "/files/cold.bin").statusCode());

        postgresql.start();
        while (get(two, "/files/cold.bin").statusCode() == 503) {
            Thread.onSpinWait();
        }
        assertArrayEquals(cold, get(two, "/files/cold.bin").body());
        assertEquals(200, put(two, "/files/new.bin", bytes(5, 1000)));
    }

    private TomcatProcess node(String name) throws Exception {
        TomcatProcess node = new TomcatProcess(Files.createDirectory(folder.resolve(name)))
                .postgresql(postgresql.url("fuota"))
                .option("-XX:TieredStopAtLevel=1");
        clients.put(node, HttpClient.newHttpClient());
        node.start();
        clients.put(
                node,
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(node.tls())
                        .build());
        return node;
    }

    private HttpClient client(TomcatProcess node) {
        return clients.get(node);
    }

    private HttpResponse<byte[]> get(TomcatProcess node, String path, String... headers) throws Exception {
        HttpRequest.Builder request = request(node, path, path.equals("/backup") ? ADMIN : DEVICE);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client(node).send(request.build(), BodyHandlers.ofByteArray());
    }

    private int put(TomcatProcess node, String path, byte[] body) throws Exception {
        return send(node, "PUT", path, ADMIN, BodyPublishers.ofByteArray(body)).statusCode();
    }

    private HttpResponse<byte[]> send(
            TomcatProcess node, String method, String path, String authorization, BodyPublisher body) throws Exception {
        return client(node)
                .send(request(node, path, authorization).method(method, body).build(), BodyHandlers.ofByteArray());
    }

    private static HttpRequest.Builder request(TomcatProcess node, String path, String authorization) {
        return HttpRequest.newBuilder(URI.create(node.root() + path)).header("Authorization", authorization);
    }

    private static void deleteBlobs(TomcatProcess node) throws IOException {
        try (Stream<Path> files = Files.walk(node.data().resolve("blobs"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        bytes[0] = 0;
        return bytes;
    }
}
