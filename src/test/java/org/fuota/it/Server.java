package org.fuota.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** The server under test, as pom.xml has set it up and started it. */
final class Server {
    static final int PORT = Integer.getInteger("it.https.port");
    static final int HTTP_PORT = Integer.getInteger("it.http.port");
    /** As behind a proxy that ends TLS; without sendfile. */
    static final int PROXIED_PORT = Integer.getInteger("it.proxied.port");

    static final int JMX_PORT = Integer.getInteger("it.jmx.port");
    static final URI ROOT = URI.create("https://localhost:" + PORT);
    static final Path FOLDER = Path.of(System.getProperty("it.folder"));
    static final Path WAR = Path.of(System.getProperty("it.war"));
    static final Path DATA = FOLDER.resolve("data");
    static final Path FILES = DATA.resolve("files");
    static final Path BLOBS = DATA.resolve("blobs");
    static final String DATABASE_URL = System.getProperty("it.database.url");
    static final boolean IS_ON_SQLITE = DATABASE_URL.startsWith("jdbc:sqlite:");
    static final Path CERTIFICATE = DATA.resolve("tls/cert.pem");

    static final String DEVICE_PASSWORD = System.getProperty("it.device.password");
    static final String DEVICE = basic("device", DEVICE_PASSWORD);
    static final String ADMIN_PASSWORD = System.getProperty("it.admin.password");
    static final String ADMIN = basic("admin", ADMIN_PASSWORD);
    /** A second admin. */
    static final String BOB = basic("bob", "it-bob-password");

    static final String MANAGER = basic("manager", "it-manager-password");
    static final String MONITOR = basic("monitor", "it-monitor-password");
    static final String VIEWER = basic("viewer", "it-viewer-password");
    /** With what a shell or curl's configuration might take for something else. */
    static final String PUBLISHER_PASSWORD = "it \"publisher\"\\password";

    static final String PUBLISHER = basic("publisher", PUBLISHER_PASSWORD);
    static final String STRANGER = basic("stranger", "it-stranger-password");

    static final SSLContext TLS = trusting();
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(TLS)
            .build();

    private Server() {}

    /** Only on SQLite there are backups. */
    static int status(String method, String path, int onSqlite) {
        return !IS_ON_SQLITE && onSqlite == 200 && (method + path).equals("GET/backup") ? 409 : onSqlite;
    }

    static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /** One request; {@code authorization} null for none, {@code body} null for none. */
    static HttpResponse<String> send(
            String method, String path, @Nullable String authorization, @Nullable String body) {
        return send(method, path, authorization, publisher(body));
    }

    static HttpResponse<String> send(String method, String path, @Nullable String authorization, BodyPublisher body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(ROOT + path)).method(method, body);
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return send(request.build(), BodyHandlers.ofString());
    }

    static <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return CLIENT.send(request, handler);
        } catch (IOException e) {
            throw new AssertionError(request.method() + " " + request.uri() + " got no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The status that a request of nobody gets. */
    static CompletableFuture<Integer> sendAsync(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(ROOT + path)).build();
        return CLIENT.sendAsync(request, BodyHandlers.discarding()).thenApply(HttpResponse::statusCode);
    }

    /** What {@code /metrics} has, without the name of the node, which they have on PostgreSQL. */
    static String metrics(String context) {
        return send("GET", context + "/metrics", MONITOR, (String) null)
                .body()
                .replaceAll(",node=\"[^\"]*\"|node=\"[^\"]*\",?", "")
                .replace("{}", "");
    }

    /** Until what polls have told is written, which the server does by itself, each second. */
    static void awaitPolls(String context) {
        while (!metrics(context).contains("\nfuota_poll_write_lag_seconds 0.0\n")) {
            Thread.onSpinWait();
        }
    }

    static byte[] download(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(ROOT + "/files/" + path))
                .header("Authorization", DEVICE)
                .build();
        return send(request, BodyHandlers.ofByteArray()).body();
    }

    static void upload(String path, byte[] content) {
        HttpResponse<String> answer = send("PUT", "/files/" + path, ADMIN, BodyPublishers.ofByteArray(content));
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
    }

    static void assign(String deviceId, String appVersion, String path) {
        String row = "\"" + deviceId + "\",\"" + appVersion + "\",\"" + path + "\"";
        HttpResponse<String> answer = send("PUT", "/devices/" + deviceId, ADMIN, row);
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
    }

    /** Sends bytes as they are over a TLS connection of its own, and returns all that comes until the server closes. */
    static String sendRaw(String request) throws IOException {
        return sendRaw(TLS, PORT, request);
    }

    /** The same to another server. */
    static String sendRaw(SSLContext tls, int port, String request) throws IOException {
        try (SSLSocket socket = connect(tls, port, "TLSv1.2", "TLSv1.3")) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return readAll(socket.getInputStream());
        }
    }

    static SSLSocket connect(String... protocols) throws IOException {
        return connect(TLS, PORT, protocols);
    }

    private static SSLSocket connect(SSLContext tls, int port, String... protocols) throws IOException {
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket("localhost", port);
        socket.setEnabledProtocols(protocols);
        socket.setSoTimeout(30_000);
        socket.startHandshake();
        return socket;
    }

    static String readAll(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Where the bytes of an update file lie. */
    static Path blob(Path folder, byte[] content) {
        try {
            String hex = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
            return folder.resolve(hex.substring(0, 2)).resolve(hex);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What lies among the bytes of the update files, temporary files included. */
    static List<String> storedFiles() throws IOException {
        while (true) {
            try (Stream<Path> files = Files.walk(BLOBS)) {
                return files.filter(Files::isRegularFile)
                        .map(file -> BLOBS.relativize(file).toString())
                        .sorted()
                        .toList();
            } catch (UncheckedIOException e) {
                // A temporary file went away during the walk: look again.
                if (!(e.getCause() instanceof NoSuchFileException)) {
                    throw e;
                }
            }
        }
    }

    static X509Certificate certificate() throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(CERTIFICATE)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    /** All that Tomcat has logged so far, without the name of the node, which requests have on PostgreSQL. */
    static String log() throws IOException {
        String log = Files.readString(FOLDER.resolve("tomcat.log"));
        return IS_ON_SQLITE ? log : log.replaceAll("( by \\S+ from [0-9a-f.:]+) at [A-Za-z0-9._-]+", "$1");
    }

    /**
     * The warnings of a log. That a thread of Tomcat's own happens to be at work for an application that is undeployed is none: Tomcat
     * takes it for the application's.
     */
    static List<String> warnings(String log) {
        return log.lines()
                .filter(line -> line.contains("WARNING") || line.contains("SEVERE"))
                .filter(line -> !line.contains("a thread named [Catalina-utility-"))
                .toList();
    }

    /**
     * Whether the class loader of an application that was undeployed is still there. The manager runs the garbage collector before it
     * looks; what has a finalizer or a cleaner takes it more than one run. Of others nothing is said: JDK 17 holds one,
     * whichever was the last to compare records ({@code MethodHandle.asTypeCache} of its ObjectMethods), until the next does so.
     */
    static boolean isLeaked(String context) {
        boolean isThere = true;
        for (int run = 0; run < 10 && isThere; run++) {
            isThere = send("GET", "/manager/text/findleaks?statusLine=false", MANAGER, (String) null)
                    .body()
                    .lines()
                    .anyMatch(context::equals);
        }
        return isThere;
    }

    /** A command of Tomcat's manager, such as {@code undeploy?path=/x}; fails unless the manager says OK. */
    static String manager(String command) {
        HttpResponse<String> answer = send("GET", "/manager/text/" + command, MANAGER, (String) null);
        if (!answer.body().startsWith("OK")) {
            throw new AssertionError(command + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    private static BodyPublisher publisher(@Nullable String body) {
        return body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
    }

    private static SSLContext trusting() {
        try {
            KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
            anchors.load(null, null);
            anchors.setCertificateEntry("fuota", certificate());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(anchors);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
