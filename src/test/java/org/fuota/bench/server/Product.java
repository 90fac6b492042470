package org.fuota.bench.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.fuota.bench.client.BoardTls;
import org.fuota.bench.client.Target;
import org.fuota.db.PostgresCluster;
import org.fuota.tomcat.TomcatProcess;
import org.jspecify.annotations.Nullable;

/** Fuota in Tomcat, as tomcat-conf configures it, with a database full of devices: on SQLite, or some nodes on PostgreSQL, whose CPU is its own. */
public final class Product implements Peer, AutoCloseable {
    private final List<TomcatProcess> nodes = new ArrayList<>();
    private final @Nullable PostgresCluster database;
    private final Map<KeyKind, KeyPair> keys = new LinkedHashMap<>();
    private KeyKind key = KeyKind.ECDSA;

    /**
     * Sets it up, and starts it with the certificate that the set-up tool has made.
     *
     * @param folder an empty one
     * @param count of nodes on PostgreSQL; 0 is one on SQLite
     */
    public Product(Path folder, Path javaHome, Fleet fleet, int count) throws IOException, InterruptedException {
        database = count > 0 ? PostgresCluster.lasting() : null;
        for (int number = 0; number < Math.max(count, 1); number++) {
            TomcatProcess node = new TomcatProcess(Files.createDirectory(folder.resolve("node-" + number)));
            nodes.add(node.java(javaHome).option("-Dfuota.node=node-" + number));
            if (database != null) {
                node.postgresql(database.url("fuota"));
            }
        }
        // For the schema.
        tomcat().start();
        tomcat().stop();
        fleet.fill(
                database != null
                        ? database.url("fuota")
                        : "jdbc:sqlite:" + tomcat().data().resolve("db/devices.db"));
        Fleet.writeFiles(tomcat().data().resolve("files"));
        keys.put(
                KeyKind.ECDSA,
                new KeyPair(tomcat().certificate(), tomcat().data().resolve("tls/key.pem")));
        keys.put(KeyKind.RSA, KeyPair.rsa(folder, javaHome));
        restart();
    }

    /** Has it serve with that key: starts it anew when it doesn't. Tells whether it did, and so is cold again. */
    public boolean use(KeyKind wanted) throws IOException, InterruptedException {
        if (wanted == key) {
            return false;
        }
        key = wanted;
        restart();
        return true;
    }

    public void restart() throws IOException, InterruptedException {
        KeyPair pair = Optional.ofNullable(keys.get(key)).orElseThrow();
        for (TomcatProcess node : nodes) {
            node.stop();
            node.certificate(pair.certificate(), pair.key());
            node.start();
        }
    }

    public KeyKind key() {
        return key;
    }

    public Map<KeyKind, KeyPair> keys() {
        return keys;
    }

    /** As an administrator. */
    public String adminAuthorization() {
        return Basic.header("admin", TomcatProcess.ADMIN_PASSWORD);
    }

    /** The first of its nodes. */
    public TomcatProcess tomcat() {
        return nodes.get(0);
    }

    /** At once. */
    public void kill() throws InterruptedException {
        for (TomcatProcess node : nodes) {
            node.kill();
        }
        close();
    }

    @Override
    public String name() {
        return "Fuota";
    }

    @Override
    public Target target(KeyKind wanted, BoardTls tls) {
        if (wanted != key) {
            throw new IllegalStateException("it serves with " + key);
        }
        return new Target(
                nodes.stream()
                        .map(node -> new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()))
                        .toList(),
                tls,
                Basic.header("device", TomcatProcess.DEVICE_PASSWORD));
    }

    @Override
    public List<Long> pids() {
        return Stream.concat(
                        nodes.stream().map(TomcatProcess::pid),
                        database == null ? Stream.of() : database.processes().map(ProcessHandle::pid))
                .toList();
    }

    @Override
    public void close() {
        nodes.forEach(TomcatProcess::close);
        if (database != null) {
            database.close();
        }
    }
}
