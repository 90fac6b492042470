package org.fuota.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;
import org.fuota.faults.Peer.Stage;
import org.fuota.tomcat.TomcatProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Clients that stall, trickle and vanish: boards are served meanwhile, and nothing of them is left. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag(Faults.TAG)
class NetworkIT {
    private static final int TIMEOUT_MILLIS = 3000;
    private static final int LARGE_BYTES = 8 << 20;
    private static final int OPENED_AND_DROPPED = 10_000;
    private static final int MAX_DESCRIPTORS = 600;

    private static final int THREADS = 40;

    /** Bodies that are received at once: the only stages that hold a thread. */
    private static final int UPLOADS = THREADS / 2;

    /** At each stage: more than there are threads. */
    private static final int STALLED = THREADS + 5;

    private final TomcatProcess tomcat;
    private SSLSocketFactory tls;
    private Boards boards;
    private Resources before;

    NetworkIT(@TempDir Path folder) throws IOException {
        tomcat = new TomcatProcess(folder)
                .option("-Dfuota.threads=" + THREADS)
                .option("-Dfuota.uploads=" + UPLOADS)
                .option("-Dfuota.connection.timeout=" + TIMEOUT_MILLIS)
                .option("-Dfuota.keepalive.timeout=" + TIMEOUT_MILLIS);
    }

    @BeforeAll
    void start() throws Exception {
        tomcat.start();
        tls = tomcat.tls().getSocketFactory();
        Client client = new Client(tomcat);
        assertEquals(200, client.put("/files/large.bin", new byte[LARGE_BYTES]).status());
        assertEquals(200, client.assign("board", "1", "large.bin").status());
    }

    @BeforeEach
    void letBoardsPoll() throws Exception {
        boards = new Boards(tomcat);
        boards.awaitPolls(20);
        before = Resources.of(tomcat);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        boards.awaitPolls(20);
        boards.close();
        assertEquals(List.of(), List.copyOf(boards.failures()));
        Faults.await(
                "no more descriptors, threads and temporary files than " + before,
                () -> Resources.of(tomcat).isNoMoreThan(before));
    }

    @AfterAll
    void stop() {
        tomcat.close();
    }

    @Test
    void closesWhoStalls() throws Exception {
        Map<Stage, List<Peer>> peers = new EnumMap<>(Stage.class);
        for (Stage stage : Stage.values()) {
            peers.put(stage, peers(stage, STALLED));
        }
        boards.awaitPolls(20);
        for (Stage stage : Stage.values()) {
            for (Peer peer : peers.get(stage)) {
                peer.awaitClose();
                peer.close();
            }
        }
    }

    @Test
    void servesWhileOthersTrickle() throws Exception {
        List<Peer> peers = new ArrayList<>();
        for (Stage stage : List.of(Stage.IN_HEAD, Stage.IN_HEADERS, Stage.IN_UPLOAD, Stage.IN_ROWS, Stage.REFUSED)) {
            peers.addAll(peers(stage, STALLED));
        }
        long enough = boards.polls() + (Faults.IS_LONG ? 2000 : 60);
        while (boards.polls() < enough) {
            peers.forEach(Peer::trickle);
            boards.awaitPolls(20);
        }
        for (Peer peer : peers) {
            peer.reset();
        }
    }

    @Test
    void forgetsWhoIsGone() throws Exception {
        for (Stage stage : Stage.values()) {
            for (Peer peer : peers(stage, Faults.IS_LONG ? 200 : 10)) {
                peer.reset();
            }
        }
    }

    @Test
    void forgetsConnectionsThatAreOpenedAndDropped() throws Exception {
        for (int i = 0; i < OPENED_AND_DROPPED; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), tomcat.port())) {
                // Or this machine would run out of ports.
                socket.setSoLinger(true, 0);
            }
        }
    }

    @Test
    void servesWithHalfItsDescriptorsGoneAndAgainAfterAllWere(@TempDir Path folder) throws Exception {
        try (TomcatProcess poor = new TomcatProcess(folder)
                .option("-Dfuota.connection.timeout=" + 2 * TIMEOUT_MILLIS)
                .maxDescriptors(MAX_DESCRIPTORS)
                .start()) {
            Client client = new Client(poor);
            assertEquals(200, client.put("/files/a.bin", "a").status());
            assertEquals(200, client.assign("board", "1", "a.bin").status());
            SSLSocketFactory trust = poor.tls().getSocketFactory();

            List<Socket> silent = new ArrayList<>();
            while (Resources.descriptors(poor) < MAX_DESCRIPTORS / 2) {
                silent.add(new Socket(InetAddress.getLoopbackAddress(), poor.port()));
            }
            assertEquals(200, Boards.poll(poor.port(), trust));

            for (int i = 0; i < MAX_DESCRIPTORS; i++) {
                silent.add(new Socket(InetAddress.getLoopbackAddress(), poor.port()));
            }
            Faults.await("the log of descriptors that ran out", () -> poor.log().contains("Too many open files"));
            Faults.await("a poll that is answered again", () -> isAnswered(poor, trust));
            assertEquals(200, client.put("/files/b.bin", "b").status());
            assertTrue(poor.isAlive());
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    private static boolean isAnswered(TomcatProcess tomcat, SSLSocketFactory tls) {
        try {
            return Boards.poll(tomcat.port(), tls) == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private List<Peer> peers(Stage stage, int count) throws IOException {
        List<Peer> peers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            peers.add(new Peer(tomcat, tls, stage));
        }
        return peers;
    }
}
