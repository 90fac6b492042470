package org.fuota.tomcat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The product in a Tomcat process of its own, exactly as an operator sets it up: tomcat-conf's files, the set-up tool, bin/catalina.sh. It may
 * be killed and started again; its data stay in its folder.
 *
 * <p>Needs the system properties {@code tomcat.home}, an unpacked Tomcat, and {@code tomcat.war}.
 */
public final class TomcatProcess implements AutoCloseable {
    public static final String DEVICE_PASSWORD = "device-password-0123456789";
    public static final String ADMIN_PASSWORD = "admin-password-0123456789";

    private static final Path HOME = Path.of(System.getProperty("tomcat.home", "tomcat.home isn't set"));
    private static final Path WAR = Path.of(System.getProperty("tomcat.war", "tomcat.war isn't set"));
    private static final Duration MAX_START = Duration.ofMinutes(2);
    private static final Duration MAX_STOP = Duration.ofSeconds(30);

    private final Path folder;
    private final int port;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private Path java = Path.of(System.getProperty("java.home"));
    private Path certificate;
    private Path data;
    private int maxDescriptors;
    private @Nullable Process process;

    /** @param folder an empty one: becomes CATALINA_BASE, with the data in {@code fuota} */
    public TomcatProcess(Path folder) throws IOException {
        this.folder = folder;
        this.port = freePort();
        this.data = folder.resolve("fuota");
        this.certificate = data.resolve("tls/cert.pem");
        option("-Dfuota.https.port=" + port);
        option("-Dfuota.https.address=127.0.0.1");
        for (String name : List.of("bin", "crypto", "conf/Catalina/localhost", "logs", "temp", "webapps", "work")) {
            Files.createDirectories(folder.resolve(name));
        }
        for (String name : List.of("catalina.properties", "logging.properties", "web.xml", "context.xml")) {
            copy(HOME.resolve("conf").resolve(name), "conf/" + name);
        }
        copy(Path.of("tomcat-conf/server.xml"), "conf/server.xml");
        copy(Path.of("tomcat-conf/ROOT.xml"), "conf/Catalina/localhost/ROOT.xml");
        copy(Path.of("tomcat-conf/setenv.sh"), "bin/setenv.sh");
        copy(Path.of("tomcat-conf/accp.security"), "conf/accp.security");
        try (Stream<Path> jars = Files.list(WAR.resolveSibling("crypto"))) {
            for (Path jar : jars.toList()) {
                copy(jar, "crypto/" + jar.getFileName());
            }
        }
        copy(WAR, "webapps/ROOT.war");
    }

    /** Sets an environment variable, for its next start. */
    public TomcatProcess environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Adds an option of the JVM, for its next start. */
    public TomcatProcess option(String option) {
        environment.merge("CATALINA_OPTS", option, (options, one) -> options + " " + one);
        return this;
    }

    /** Runs it with the JDK in that folder, from its next start on; with this JVM's own otherwise. */
    public TomcatProcess java(Path home) {
        java = home;
        return this;
    }

    /** Runs it with at most so many open descriptors, from its next start on. */
    public TomcatProcess maxDescriptors(int most) {
        maxDescriptors = most;
        return this;
    }

    /** Serves with another certificate than the one that the set-up tool makes, from its next start on; PEM files. */
    public TomcatProcess certificate(Path certificate, Path key) {
        this.certificate = certificate;
        return environment("FUOTA_TLS_CERTIFICATE", certificate.toString())
                .environment("FUOTA_TLS_KEY", key.toString());
    }

    /** Runs the set-up tool, which keeps what is there, and then Tomcat; returns when it answers. */
    public TomcatProcess start() throws IOException, InterruptedException {
        setUp();
        return restart();
    }

    /** Runs Tomcat alone, which has been set up; returns when it answers. */
    public TomcatProcess restart() throws IOException, InterruptedException {
        launch();
        awaitLive();
        return this;
    }

    /** Runs Tomcat alone, which has been set up, and doesn't wait for it. */
    public void launch() throws IOException {
        List<String> command = new ArrayList<>();
        if (maxDescriptors > 0) {
            command.addAll(List.of("prlimit", "--nofile=" + maxDescriptors));
        }
        command.addAll(List.of("sh", HOME.resolve("bin/catalina.sh").toString(), "run"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("CATALINA_") || name.startsWith("JAVA_"));
        builder.environment().put("JAVA_HOME", java.toString());
        builder.environment().put("CATALINA_HOME", HOME.toString());
        builder.environment().put("CATALINA_BASE", folder.toString());
        builder.environment().putAll(environment);
        process = builder.start();
    }

    private void awaitLive() throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(MAX_START);
        while (!isLive()) {
            if (!isAlive() || Instant.now().isAfter(deadline)) {
                close();
                throw new IOException("Tomcat doesn't start; its log:\n" + log());
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** SIGKILL; returns when it is gone. */
    public void kill() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    /** As docs/reliability.md tells: Tomcat takes the folder of a WAR that it was cut off from unpacking for a whole one. */
    public void deleteHalfUnpacked() throws IOException {
        Path unpacked = folder.resolve("webapps/ROOT");
        if (Files.exists(unpacked) && !Files.exists(unpacked.resolve("META-INF/war-tracker"))) {
            try (Stream<Path> all = Files.walk(unpacked)) {
                for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(one);
                }
            }
        }
    }

    /** SIGTERM, as systemd and Docker do; returns when it is gone. */
    public void stop() throws IOException, InterruptedException {
        if (process != null) {
            process.destroy();
            if (!process.waitFor(MAX_STOP.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("Tomcat doesn't stop; its log:\n" + log());
            }
        }
    }

    /** Leaves no process behind. */
    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    public long pid() {
        if (process == null) {
            throw new IllegalStateException("it wasn't started");
        }
        return process.pid();
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    public int port() {
        return port;
    }

    /** The root of its URLs, without a slash at the end. */
    public URI root() {
        return URI.create("https://localhost:" + port);
    }

    /** CATALINA_BASE. */
    public Path folder() {
        return folder;
    }

    /** {@code db/}, {@code files/} and {@code tls/}. */
    public Path data() {
        return data;
    }

    /** Keeps its data elsewhere, from its next start on. */
    public TomcatProcess data(Path elsewhere) {
        data = elsewhere;
        certificate = data.resolve("tls/cert.pem");
        return environment("FUOTA_DATA", data.toString());
    }

    /** Uses a PostgreSQL database, from its next start on. */
    public TomcatProcess postgresql(String url) throws IOException {
        Path context = folder.resolve("conf/Catalina/localhost/ROOT.xml");
        Files.writeString(
                context,
                Files.readString(context)
                        .replaceFirst("org\\.sqlite\\.JDBC(\"\\s+url=\")[^\"]*", "org.postgresql.Driver$1" + url));
        return this;
    }

    public Path certificate() {
        return certificate;
    }

    /** All that it has logged since its first start. */
    public String log() throws IOException {
        return Files.readString(logFile());
    }

    /** Trusts its certificate, as it is now, and no other. */
    public SSLContext tls() throws IOException {
        return tls(certificate());
    }

    /** Trusts the certificates of a PEM file, and no other. */
    public SSLContext tls(Path certificates) throws IOException {
        try (InputStream in = Files.newInputStream(certificates)) {
            KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
            anchors.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                anchors.setCertificateEntry("fuota" + number++, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(anchors);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** Runs the set-up tool alone. */
    public void setUp() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java.resolve("bin/java").toString(), "-jar", WAR.toString()));
        command.addAll(List.of("--data", data().toString()));
        command.addAll(
                List.of("--users", folder.resolve("conf/tomcat-users.xml").toString()));
        File output = folder.resolve("logs/set-up.log").toFile();
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output);
        builder.environment().put("FUOTA_DEVICE_PASSWORD", DEVICE_PASSWORD);
        builder.environment().put("FUOTA_ADMIN_PASSWORD", ADMIN_PASSWORD);
        if (builder.start().waitFor() != 0) {
            throw new IOException("the set-up tool failed:\n" + Files.readString(output.toPath()));
        }
    }

    private boolean isLive() throws IOException {
        HttpsURLConnection connection =
                (HttpsURLConnection) URI.create(root() + "/health/live").toURL().openConnection();
        connection.setSSLSocketFactory(tls().getSocketFactory());
        connection.setConnectTimeout(5_000);
        connection.setReadTimeout(5_000);
        try {
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException notYet) {
            return false;
        } finally {
            connection.disconnect();
        }
    }

    private Path logFile() {
        return folder.resolve("logs/tomcat.log");
    }

    private void copy(Path source, String target) throws IOException {
        Files.copy(source, folder.resolve(target), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Below those that the kernel gives to outgoing connections, of which one could take it before Tomcat does. */
    public static int freePort() throws IOException {
        for (int tries = 0; tries < 100; tries++) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_768);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                // Another one, then.
            }
        }
        throw new IOException("no port from 20000 to 32767 is free");
    }
}
