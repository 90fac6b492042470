package org.fuota.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fuota.tomcat.TomcatProcess;
import org.junit.jupiter.api.Assumptions;

/** HAProxy with one of the files in {@code deploy}, whose addresses and paths are replaced by a test's. */
final class Balancer implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/haproxy");
    private static final Path DEPLOY = Path.of("deploy");
    private static final String PORT = ":50000";
    private static final String LAST_NODE = "  server node-2 node-2.example.com" + PORT + "\n";

    private final Path socket;
    private final Process process;
    final int port = TomcatProcess.freePort();

    /** @param nodes in the order in which the file has them */
    Balancer(String file, Path folder, List<TomcatProcess> nodes) throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.isExecutable(PROGRAM), "this needs HAProxy (haproxy)");
        // Not in the folder, whose name may be longer than that of a socket can be.
        socket = Files.createTempDirectory("fuota").resolve("s");
        String text = replace(Files.readString(DEPLOY.resolve(file)), "bind " + PORT, "bind 127.0.0.1:" + port);
        text = replace(text, "/run/haproxy/fuota.sock mode", socket + " mode");
        // The files have two.
        for (int node = 3; node <= nodes.size(); node++) {
            text += LAST_NODE.replace("node-2", "node-" + node);
        }
        for (int node = 0; node < nodes.size(); node++) {
            text = replace(
                    text,
                    "node-" + (node + 1) + ".example.com" + PORT,
                    "127.0.0.1:" + nodes.get(node).port());
        }
        text = text.replace("/etc/haproxy", folder.toString());
        Path configuration = Files.writeString(folder.resolve(file), text);
        process = new ProcessBuilder(PROGRAM.toString(), "-db", "-f", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("haproxy.log").toFile())
                .start();
        while (!Files.exists(socket)) {
            assertTrue(process.isAlive(), () -> read(folder.resolve("haproxy.log")));
            Thread.sleep(20);
        }
    }

    private static String replace(String text, String there, String here) {
        assertTrue(text.contains(there), there);
        return text.replace(there, here);
    }

    /** What an operator tells it, such as {@code set server nodes/node-1 state drain}; returns what it answers. */
    String tell(String command) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.US_ASCII)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /** Until its checks have found so many nodes ready. */
    void awaitReady(int nodes) throws Exception {
        Faults.await(
                nodes + " nodes are ready",
                () -> tell("show stat")
                                .lines()
                                .filter(line -> line.matches("nodes,node-\\d,.*,UP,.*"))
                                .count()
                        == nodes);
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
