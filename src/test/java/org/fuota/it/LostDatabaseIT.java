package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fuota.tomcat.TomcatProcess;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A database that mustn't be used: polls are answered 204, no update, and the admin and the log are told what to do. */
@Timeout(180)
class LostDatabaseIT {
    private static final String ADMIN = Server.basic("admin", TomcatProcess.ADMIN_PASSWORD);

    @TempDir
    Path folder;

    private TomcatProcess first;
    private TomcatProcess second;

    @AfterEach
    void stop() {
        for (TomcatProcess tomcat : new TomcatProcess[] {first, second}) {
            if (tomcat != null) {
                tomcat.close();
            }
        }
    }

    @Test
    void isNeitherSharedNorMadeAnew() throws Exception {
        // Through a link, as on a server with a disk of its own for them.
        Path disk = Files.createDirectory(folder.resolve("disk"));
        Path data = Files.createSymbolicLink(folder.resolve("data"), disk);
        first = new TomcatProcess(Files.createDirectory(folder.resolve("first")))
                .data(data)
                .start();
        assertEquals(200, send(first, "PUT", "/files/a.bin", "firmware").statusCode());
        assertEquals(200, send(first, "PUT", "/devices/1", "1,1,a.bin").statusCode());
        assertEquals("a.bin", poll(first).body());

        second = new TomcatProcess(Files.createDirectory(folder.resolve("second")))
                .data(data)
                .start();
        String shared = "another server uses the database; the server's log tells which";
        assertRefused(second, shared);
        assertTrue(second.log().contains("/db/devices.db: process " + first.pid() + "@"), second.log());
        assertEquals(503, send(second, "GET", "/files/a.bin", null).statusCode());
        assertEquals("a.bin", poll(first).body());
        assertEquals(200, send(first, "GET", "/backup", null).statusCode());

        // Its lock goes with it.
        first.kill();
        while (poll(second).statusCode() != 200) {
            Thread.onSpinWait();
        }
        assertEquals("a.bin", poll(second).body());
        second.kill();

        Files.delete(data.resolve("db/devices.db"));
        Files.deleteIfExists(data.resolve("db/devices.db-wal"));
        first.restart();
        assertRefused(first, "the database that was in use is lost; the server's log tells what to do");
        assertTrue(
                first.log().contains("the database, " + data.resolve("db/devices.db") + ", is missing or empty"),
                first.log());
        assertFalse(Files.exists(data.resolve("db/devices.db")));

        // Deliberately anew, and without a restart.
        Files.delete(data.resolve("db/devices.db.in-use"));
        Files.delete(data.resolve("files/.database"));
        while (poll(first).statusCode() != 404) {
            Thread.onSpinWait();
        }
        assertEquals(200, send(first, "PUT", "/files/a.bin", "firmware").statusCode());
        assertEquals(200, send(first, "PUT", "/devices/1", "1,1,a.bin").statusCode());
        assertEquals("a.bin", poll(first).body());
    }

    private static void assertRefused(TomcatProcess tomcat, String sentence) throws Exception {
        assertEquals(204, poll(tomcat).statusCode());
        HttpResponse<String> ready = send(tomcat, "GET", "/health/ready", null);
        assertEquals(503, ready.statusCode());
        assertEquals(sentence, ready.body().lines().findFirst().orElse(""));
        HttpResponse<String> attention = send(tomcat, "GET", "/attention", null);
        assertEquals(200, attention.statusCode());
        assertEquals(sentence, attention.body().lines().findFirst().orElse(""));
        HttpResponse<String> fleet = send(tomcat, "GET", "/fleet", null);
        assertEquals(503, fleet.statusCode());
        assertEquals(sentence + "\n", fleet.body());
    }

    private static HttpResponse<String> poll(TomcatProcess tomcat) throws Exception {
        return send(tomcat, "GET", "/devices/1?app_ver=1", null);
    }

    private static HttpResponse<String> send(TomcatProcess tomcat, String method, String path, @Nullable String body)
            throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(tomcat.tls())
                .build();
        return client.send(
                HttpRequest.newBuilder(URI.create(tomcat.root() + path))
                        .header("Authorization", ADMIN)
                        .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
