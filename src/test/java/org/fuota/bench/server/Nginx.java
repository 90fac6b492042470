package org.fuota.bench.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.fuota.bench.client.BoardTls;
import org.fuota.bench.client.Target;
import org.fuota.tomcat.TomcatProcess;

/** nginx that answers every poll by a constant: the floor. It does what any server must, TLS, password and log, and nothing else. */
public final class Nginx implements Peer, AutoCloseable {
    private static final String PASSWORD = "device-password-0123456789";
    private static final int MAX_WAIT_SECONDS = 10;

    private final Map<KeyKind, Integer> ports = new LinkedHashMap<>();
    private final Process process;

    /**
     * Starts it.
     *
     * @param folder an empty one
     * @param files what it serves below {@code /files/}
     */
    public Nginx(Path folder, Path files, Map<KeyKind, KeyPair> keys) throws IOException, InterruptedException {
        Path program = program().orElseThrow();
        Files.createDirectories(folder.resolve("logs"));
        for (KeyKind kind : keys.keySet()) {
            ports.put(kind, TomcatProcess.freePort());
        }
        Files.writeString(folder.resolve("users"), "device:{SHA}" + sha1(PASSWORD) + "\n");
        Path config = folder.resolve("nginx.conf");
        Files.writeString(config, config(folder, files.toAbsolutePath(), keys));
        process = new ProcessBuilder(program.toString(), "-c", config.toString(), "-p", folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("logs/start.log").toFile())
                .start();
        for (int tries = 0; !listens(); tries++) {
            if (!process.isAlive() || tries == 100) {
                close();
                throw new IOException("nginx doesn't start: " + Files.readString(folder.resolve("logs/start.log")));
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    /** Where it is installed. */
    public static Optional<Path> program() {
        String path = System.getenv("PATH") + ":/usr/sbin:/usr/local/sbin";
        return Stream.of(path.split(":"))
                .map(folder -> Path.of(folder, "nginx"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @Override
    public String name() {
        return "nginx";
    }

    @Override
    public Target target(KeyKind key, BoardTls tls) {
        int port = Optional.ofNullable(ports.get(key)).orElseThrow();
        return new Target(
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
                tls,
                Basic.header("device", PASSWORD));
    }

    /** The master, and its workers. */
    @Override
    public List<Long> pids() {
        List<Long> pids = new ArrayList<>(List.of(process.pid()));
        process.children().forEach(worker -> pids.add(worker.pid()));
        return pids;
    }

    /** SIGTERM: the master ends its workers. */
    @Override
    public void close() {
        List<ProcessHandle> workers = process.children().toList();
        process.destroy();
        try {
            if (process.waitFor(MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        workers.forEach(ProcessHandle::destroyForcibly);
    }

    private String config(Path folder, Path files, Map<KeyKind, KeyPair> keys) throws IOException {
        // Only root may become somebody else, and does unless told.
        String user = System.getProperty("user.name").equals("root") ? "user root;\n" : "";
        StringBuilder config = new StringBuilder(user).append("""
                daemon off;
                worker_processes auto;
                worker_rlimit_nofile %d;
                pid FOLDER/nginx.pid;
                error_log FOLDER/logs/error.log;
                events { worker_connections 16384; }
                http {
                  log_format fuota '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent $request_time';
                  access_log FOLDER/logs/access.log fuota buffer=8k flush=1s;
                  client_body_temp_path FOLDER/body; proxy_temp_path FOLDER/proxy; fastcgi_temp_path FOLDER/fastcgi;
                  uwsgi_temp_path FOLDER/uwsgi; scgi_temp_path FOLDER/scgi;
                  default_type application/octet-stream;
                  sendfile on;
                  keepalive_timeout 60s;
                  keepalive_requests 1000;
                  ssl_protocols TLSv1.2 TLSv1.3;
                  ssl_ecdh_curve prime256v1:X25519:secp384r1;
                  ssl_prefer_server_ciphers on;
                  ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384;
                """.formatted(Usage.maxOpenFiles()));
        keys.forEach((kind, key) -> config.append(
                """
                  server {
                    listen 127.0.0.1:PORT ssl sndbuf=64k backlog=1000;
                    ssl_certificate %s;
                    ssl_certificate_key %s;
                    auth_basic "Fuota";
                    auth_basic_user_file FOLDER/users;
                    location /devices/ { root FOLDER; try_files /nothing =204; }
                    location /files/ { alias %s/; }
                  }
                """.replace("PORT", String.valueOf(ports.get(kind))).formatted(key.certificate(), key.key(), files)));
        return config.append("}\n").toString().replace("FOLDER", folder.toString());
    }

    private boolean listens() {
        for (int port : ports.values()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(1);
            } catch (IOException notYet) {
                return false;
            }
        }
        return true;
    }

    private static String sha1(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
