package org.fuota.simulate;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.fuota.image.ImageInspector;
import org.fuota.image.ImageReport;

/** What a board with docker-fuota-server's client asks a server. Connections are kept, which such boards don't. */
final class BoardClient {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long SLOT_BYTES = 1 << 30;
    private static final int OK = 200;

    private final HttpClient client;
    private final URI server;
    private final String authorization;

    /** @throws IllegalArgumentException with a sentence, when what it is to trust isn't there */
    BoardClient(FleetPlan plan) {
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE);
        plan.authority().ifPresent(file -> builder.sslContext(trusting(file)));
        client = builder.build();
        server = plan.server();
        authorization = "Basic "
                + Base64.getEncoder()
                        .encodeToString((plan.user() + ":" + plan.password()).getBytes(StandardCharsets.UTF_8));
    }

    private static SSLContext trusting(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int number = 0;
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("ca" + ++number, one);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("--ca " + file + " isn't a PEM file of certificates: " + e, e);
        }
    }

    /** What a poll is answered; the body of a 200 is the path of a file. */
    CompletableFuture<HttpResponse<String>> poll(String id, String version) {
        return send("/devices/" + encode(id) + "?app_ver=" + encode(version), BodyHandlers.ofString());
    }

    /** What was downloaded, looked at as a board does before it starts it; broken where it isn't whole, or not there. */
    CompletableFuture<ImageReport> download(String path) {
        ImageInspector inspector = new ImageInspector(SLOT_BYTES);
        BodyHandler<ImageReport> look = answer -> BodySubscribers.mapping(
                BodySubscribers.ofByteArrayConsumer(piece -> piece.filter(bytes -> answer.statusCode() == OK)
                        .ifPresent(bytes -> inspector.update(bytes, 0, bytes.length))),
                whole -> inspector.finish());
        return send("/files/" + path, look).thenApply(HttpResponse::body);
    }

    private <T> CompletableFuture<HttpResponse<T>> send(String target, BodyHandler<T> handler) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server + target))
                .header("Authorization", authorization)
                .timeout(PATIENCE)
                .build();
        return client.sendAsync(request, handler);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
