package org.fuota.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.fuota.bench.client.BoardTls;

/** What an administrator asks of the product, on kept connections. */
final class Admin {
    private final Rig rig;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(BoardTls.TLS_1_2.context())
            .build();

    Admin(Rig rig) {
        this.rig = rig;
    }

    /** Reads all of an answer that may be of any length, and returns how many lines it has. */
    long countLines(String path) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = client.send(request(path).GET().build(), BodyHandlers.ofInputStream());
        long lines = 0;
        byte[] part = new byte[1 << 16];
        try (InputStream in = answer.body()) {
            for (int length = in.read(part); length >= 0; length = in.read(part)) {
                for (int at = 0; at < length; at++) {
                    lines += part[at] == '\n' ? 1 : 0;
                }
            }
        }
        requireOk(answer);
        return lines;
    }

    String get(String path) throws IOException, InterruptedException {
        return requireOk(client.send(request(path).GET().build(), BodyHandlers.ofString()))
                .body();
    }

    int status(String path) throws IOException, InterruptedException {
        return client.send(request(path).GET().build(), BodyHandlers.discarding())
                .statusCode();
    }

    /** Assigns all that a CSV has. */
    String assign(Path csv) throws IOException, InterruptedException {
        return requireOk(client.send(
                        request("/devices").PUT(BodyPublishers.ofFile(csv)).build(), BodyHandlers.ofString()))
                .body();
    }

    void put(String path, String body) throws IOException, InterruptedException {
        requireOk(client.send(request(path).PUT(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString()));
    }

    void post(String path) throws IOException, InterruptedException {
        requireOk(client.send(request(path).POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString()));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(rig.product().tomcat().root() + path))
                .header("Authorization", rig.product().adminAuthorization());
    }

    private static <T> HttpResponse<T> requireOk(HttpResponse<T> answer) throws IOException {
        if (answer.statusCode() != 200) {
            throw new IOException(answer + ": " + answer.body());
        }
        return answer;
    }
}
