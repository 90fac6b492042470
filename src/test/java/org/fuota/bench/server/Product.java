package org.fuota.bench.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fuota.bench.client.BoardTls;
import org.fuota.bench.client.Target;
import org.fuota.tomcat.TomcatProcess;

/** Fuota in Tomcat, as tomcat-conf configures it, with a database full of devices. */
public final class Product implements Peer, AutoCloseable {
    private final TomcatProcess tomcat;
    private final Map<KeyKind, KeyPair> keys = new LinkedHashMap<>();
    private KeyKind key = KeyKind.ECDSA;

    /** Sets it up, and starts it with the certificate that the set-up tool has made; the folder is an empty one. */
    public Product(Path folder, Path javaHome, Fleet fleet) throws IOException, InterruptedException {
        tomcat = new TomcatProcess(folder).java(javaHome);
        // For the schema.
        tomcat.start();
        tomcat.stop();
        fleet.fill(tomcat.data().resolve("db/devices.db"));
        Fleet.writeFiles(tomcat.data().resolve("files"));
        keys.put(KeyKind.ECDSA, new KeyPair(tomcat.certificate(), tomcat.data().resolve("tls/key.pem")));
        keys.put(KeyKind.RSA, KeyPair.rsa(folder, javaHome));
        tomcat.start();
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
        tomcat.stop();
        KeyPair pair = Optional.ofNullable(keys.get(key)).orElseThrow();
        tomcat.certificate(pair.certificate(), pair.key());
        tomcat.start();
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

    public TomcatProcess tomcat() {
        return tomcat;
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
                new InetSocketAddress(InetAddress.getLoopbackAddress(), tomcat.port()),
                tls,
                Basic.header("device", TomcatProcess.DEVICE_PASSWORD));
    }

    @Override
    public List<Long> pids() {
        return List.of(tomcat.pid());
    }

    @Override
    public void close() {
        tomcat.close();
    }
}
