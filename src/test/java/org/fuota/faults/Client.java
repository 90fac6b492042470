package org.fuota.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.fuota.tomcat.TomcatProcess;

/** Sends requests to a Tomcat, and fails where it gets no answer. */
final class Client {
    static final String ADMIN = basic("admin", TomcatProcess.ADMIN_PASSWORD);
    static final String DEVICE = basic("device", TomcatProcess.DEVICE_PASSWORD);

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final URI root;
    private final HttpClient http;

    /** Trusts its certificate as it is now. */
    Client(TomcatProcess tomcat) throws IOException {
        this(tomcat, tomcat.port());
    }

    /** By another port that leads there. */
    Client(TomcatProcess tomcat, int port) throws IOException {
        root = URI.create("https://localhost:" + port);
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(tomcat.tls())
                .connectTimeout(PATIENCE)
                .build();
    }

    record Answer(int status, byte[] bytes, HttpResponse<byte[]> response) {
        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** A board's poll. */
    Answer poll(String deviceId, String appVersion) throws IOException {
        return send("GET", "/devices/" + deviceId + "?app_ver=" + appVersion, DEVICE, BodyPublishers.noBody());
    }

    /** A board's download. */
    Answer download(String path) throws IOException {
        return send("GET", "/files/" + path, DEVICE, BodyPublishers.noBody());
    }

    Answer get(String path) throws IOException {
        return send("GET", path, ADMIN, BodyPublishers.noBody());
    }

    Answer delete(String path) throws IOException {
        return send("DELETE", path, ADMIN, BodyPublishers.noBody());
    }

    Answer put(String path, String body) throws IOException {
        return send("PUT", path, ADMIN, BodyPublishers.ofString(body));
    }

    Answer put(String path, byte[] body) throws IOException {
        return send("PUT", path, ADMIN, BodyPublishers.ofByteArray(body));
    }

    Answer assign(String deviceId, String appVersion, String path) throws IOException {
        return put("/devices/" + deviceId, row(deviceId, appVersion, path));
    }

    static String row(String deviceId, String appVersion, String path) {
        return "\"" + deviceId + "\",\"" + appVersion + "\",\"" + path + "\"\n";
    }

    /** As {@link #get}, as JSON. */
    Answer json(String path) throws IOException {
        return send(request("GET", path, ADMIN, BodyPublishers.noBody()).header("Accept", "application/json"));
    }

    Answer send(String method, String path, String authorization, BodyPublisher body) throws IOException {
        return send(request(method, path, authorization, body));
    }

    private HttpRequest.Builder request(String method, String path, String authorization, BodyPublisher body) {
        return HttpRequest.newBuilder(URI.create(root + path))
                .method(method, body)
                .header("Authorization", authorization)
                .timeout(PATIENCE);
    }

    private Answer send(HttpRequest.Builder request) throws IOException {
        try {
            HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response.body(), response);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }
}
