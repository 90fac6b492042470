package org.fuota.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import org.fuota.tomcat.TomcatProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes behind HAProxy, as the files in {@code deploy} have it. */
@Tag(Faults.TAG)
@Timeout(600)
class BalancerIT {
    private static final String CLIENT = "127.0.0.7";
    private static final String OTHER_CLIENT = "127.0.0.9";

    @TempDir
    Path folder;

    private Nodes nodes;

    @BeforeEach
    void start() throws Exception {
        nodes = new Nodes(folder, 2);
    }

    @AfterEach
    void stop() {
        if (nodes != null) {
            nodes.close();
        }
    }

    @Test
    void passesTlsThroughAndGoesOnWithoutANode() throws Exception {
        TomcatProcess one = nodes.get(0).restart();
        TomcatProcess two = nodes.get(1).restart();
        Client client = new Client(one);
        assertEquals(200, client.put("/files/a.bin", "firmware").status());
        assertEquals(200, client.assign("board", "1", "a.bin").status());
        SSLSocketFactory tls = one.tls().getSocketFactory();
        try (Balancer balancer = new Balancer("haproxy-passthrough.cfg", folder, nodes.all())) {
            balancer.awaitReady(2);
            try (Boards boards = new Boards(balancer.port, tls)) {
                boards.awaitPolls(50);

                // As for an update of the node: no poll fails.
                balancer.tell("set server nodes/node-1 state drain");
                boards.awaitPolls(20);
                one.stop();
                boards.awaitPolls(50);
                one.restart();
                balancer.tell("set server nodes/node-1 state ready");
                balancer.awaitReady(2);
                boards.awaitPolls(50);
                assertEquals(List.of(), List.copyOf(boards.failures()));
                assertEquals(200, Boards.poll(balancer.port, tls));

                // As when its machine is gone: those polls fail that it had, and no other.
                two.kill();
                boards.awaitPolls(100);
                assertTrue(
                        boards.failures().size() <= 1, () -> boards.failures().toString());
                assertEquals(200, Boards.poll(balancer.port, tls));
                two.restart();
                balancer.awaitReady(2);
            }
        }
    }

    @Test
    void endsTlsAndTellsTheBoardsAddressWhichNobodyForges() throws Exception {
        for (TomcatProcess node : nodes.all()) {
            believe(node);
            node.restart();
        }
        TomcatProcess one = nodes.get(0);
        Files.writeString(
                folder.resolve("fuota.pem"),
                Files.readString(one.certificate())
                        + Files.readString(one.data().resolve("tls/key.pem")));
        Files.copy(one.certificate(), folder.resolve("nodes.pem"));
        SSLSocketFactory tls = one.tls().getSocketFactory();
        try (Balancer balancer = new Balancer("haproxy-tls.cfg", folder, nodes.all())) {
            balancer.awaitReady(2);

            assertEquals(200, assign("forged", CLIENT, balancer.port, tls));
            assertEquals(200, assign("direct", OTHER_CLIENT, one.port(), tls));
        }
        String logs = one.log() + nodes.get(1).log();
        assertTrue(logs.contains("PUT /devices/forged by admin from " + CLIENT + " at node-"), logs);
        assertTrue(logs.contains("PUT /devices/direct by admin from " + OTHER_CLIENT + " at node-1"), logs);
    }

    /** By what haproxy-tls.cfg says of ROOT.xml. */
    private static void believe(TomcatProcess node) throws IOException {
        String valve = Files.readString(Path.of("deploy/haproxy-tls.cfg"))
                .lines()
                .filter(line -> line.contains("<Valve "))
                .findFirst()
                .orElseThrow()
                .substring(1)
                .replace("192\\.0\\.2\\.10", "127\\.0\\.0\\.1");
        Path context = node.folder().resolve("conf/Catalina/localhost/ROOT.xml");
        Files.writeString(
                context,
                Files.readString(context).replaceFirst("<Context>", "<Context>\n" + valve.replace("\\", "\\\\")));
    }

    /** From an address, with a header that says that it is from another. */
    private static int assign(String deviceId, String from, int port, SSLSocketFactory tls) throws IOException {
        String body = Client.row(deviceId, "1", "a.bin");
        Socket plain = new Socket();
        plain.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
        plain.connect(new InetSocketAddress("127.0.0.1", port));
        try (Socket socket = tls.createSocket(plain, "localhost", port, true)) {
            socket.getOutputStream()
                    .write(("PUT /devices/" + deviceId
                                    + " HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 192.0.2.66\r\nAuthorization: "
                                    + Client.ADMIN + "\r\nContent-Length: " + body.length()
                                    + "\r\nConnection: close\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return Integer.parseInt(answer.substring(9, 12));
        }
    }
}
