package org.fuota.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.fuota.bench.client.Board;
import org.fuota.bench.client.BoardTls;
import org.fuota.bench.client.ClosedLoop;
import org.fuota.bench.client.Target;
import org.fuota.bench.server.Fleet;
import org.fuota.bench.server.KeyKind;
import org.fuota.bench.server.Nginx;
import org.fuota.bench.server.Peer;
import org.fuota.bench.server.Product;

/** Both servers, running. */
final class Rig implements AutoCloseable {
    static final int THREADS = 3;

    /** Of CPU in a second, at most, when nobody asks for anything. */
    private static final double IDLE_SECONDS = 0.05;

    static final int NO_UPDATE = 204;
    private static final int LOG_LINES = 20;

    private final Settings settings;
    private final Fleet fleet;
    private final Product product;
    private final Nginx nginx;

    Rig(Settings settings, Path javaHome) throws IOException, InterruptedException {
        this.settings = settings;
        fleet = new Fleet(settings.rows());
        clean();
        Files.createDirectories(Settings.FOLDER.resolve("tomcat"));
        Files.createDirectories(Settings.FOLDER.resolve("nginx"));
        say("setting up, with " + settings.rows() + " rows");
        product = new Product(Settings.FOLDER.resolve("tomcat"), javaHome, fleet, settings.nodes());
        // Also when the benchmark is told to stop.
        Runtime.getRuntime().addShutdownHook(new Thread(product::close));
        nginx = startNginx();
        warmUp();
    }

    private Nginx startNginx() throws IOException, InterruptedException {
        try {
            Path files = Files.createDirectories(Settings.FOLDER.resolve("nginx/files"));
            Fleet.writeFiles(files);
            Nginx started = new Nginx(Settings.FOLDER.resolve("nginx"), files, product.keys());
            Runtime.getRuntime().addShutdownHook(new Thread(started::close));
            return started;
        } catch (IOException | InterruptedException | RuntimeException e) {
            product.close();
            throw e;
        }
    }

    Settings settings() {
        return settings;
    }

    Fleet fleet() {
        return fleet;
    }

    Product product() {
        return product;
    }

    /** The product and nginx, the other way round in every other round. */
    List<Peer> peers(int round) {
        return round % 2 == 0 ? List.of(product, nginx) : List.of(nginx, product);
    }

    Nginx nginx() {
        return nginx;
    }

    /** Has the product serve with that key, warm. */
    void use(KeyKind key) throws IOException, InterruptedException {
        if (product.use(key)) {
            warmUp();
        }
    }

    /** Starts the product anew, and warms it up. */
    void restart() throws IOException, InterruptedException {
        product.restart();
        warmUp();
    }

    private void warmUp() throws IOException, InterruptedException {
        requireFullHandshakes(product);
        requireFullHandshakes(nginx);
        say("warming up with " + settings.warmUp() + " polls, " + product.key());
        for (BoardTls tls : BoardTls.values()) {
            Target target = product.target(product.key(), tls);
            ClosedLoop.run(
                    THREADS, tls == BoardTls.TLS_1_2 ? settings.warmUp() : settings.warmUp() / 4, () -> poll(target));
        }
        // The states of a fleet that was put into its database are concluded after the start.
        double before;
        do {
            before = product.usage().cpuSeconds();
            TimeUnit.SECONDS.sleep(1);
        } while (product.usage().cpuSeconds() - before > IDLE_SECONDS);
    }

    /** A session that is resumed has the id of its first connection; of a server that keeps none, it is empty. */
    private void requireFullHandshakes(Peer peer) throws IOException {
        Target target = peer.target(product.key(), BoardTls.TLS_1_2);
        try (Board one = new Board(target);
                Board other = new Board(target)) {
            if (one.sessionId().length > 0 && Arrays.equals(one.sessionId(), other.sessionId())) {
                throw new IOException("a board has resumed its session, which it must not");
            }
        }
    }

    /** One cold poll. */
    int poll(Target target) throws IOException {
        Board.getOnce(target, fleet.anyPoll(), NO_UPDATE, 0);
        return 1;
    }

    /** So many polls on one connection. */
    int pollKept(Target target, int polls) throws IOException {
        try (Board board = new Board(target)) {
            for (int poll = 0; poll < polls; poll++) {
                board.get(fleet.anyPoll(), NO_UPDATE, 0);
            }
        }
        return polls;
    }

    String logTail() throws IOException {
        List<String> lines = product.tomcat().log().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    }

    static void say(String text) {
        System.out.println(LocalTime.now().truncatedTo(ChronoUnit.SECONDS) + " " + text);
    }

    /** Leaves the results only. */
    private static void clean() throws IOException {
        for (String name : List.of("tomcat", "nginx")) {
            Path folder = Settings.FOLDER.resolve(name);
            if (Files.exists(folder)) {
                try (Stream<Path> all = Files.walk(folder)) {
                    for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(one);
                    }
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        nginx.close();
        try {
            // Gone, before its folder is.
            product.kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        clean();
    }
}
