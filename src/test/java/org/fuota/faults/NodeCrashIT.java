package org.fuota.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.fuota.tomcat.TomcatProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes behind HAProxy, under load: one is killed, the others go on with its boards, and nothing that it has acknowledged is lost. */
@Tag(Faults.TAG)
@Timeout(3600)
class NodeCrashIT {
    private static final int CLIENTS = 4;
    private static final int MAX_ANSWERS = 60;

    @TempDir
    Path folder;

    private final Ledger ledger = new Ledger();
    private final Load load = new Load(ledger);
    private final AtomicLong unanswered = new AtomicLong();

    @Test
    void losesNothing() throws Exception {
        int rounds = Faults.rounds(3, 50);
        Random random = new Random(Faults.seed(NodeCrashIT.class));
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try (Nodes nodes = new Nodes(folder, 3)) {
            for (TomcatProcess node : nodes.all()) {
                node.restart();
            }
            try (Balancer balancer = new Balancer("haproxy-passthrough.cfg", folder, nodes.all())) {
                balancer.awaitReady(3);
                try (Boards boards =
                        new Boards(balancer.port, nodes.get(0).tls().getSocketFactory())) {
                    for (int round = 1; round <= rounds; round++) {
                        TomcatProcess victim = nodes.get(random.nextInt(3));
                        killUnderLoad(victim, new Client(victim, balancer.port), boards, threads, random);

                        Client other = new Client(nodes.get((nodes.all().indexOf(victim) + 1) % 3));
                        Map<String, String> found = load.look(other);
                        assertEquals(List.of(), ledger.lies(found));
                        assertEquals(List.of(), load.wrongs());
                        ledger.goOn(found);

                        victim.restart();
                        balancer.awaitReady(3);
                        assertEquals(found, load.look(new Client(victim)), "by the one that is back");
                    }
                    // What the victim had is lost with it, and nothing else.
                    assertTrue(
                            boards.failures().size() <= rounds,
                            () -> boards.failures().toString());
                    assertTrue(unanswered.get() <= rounds * CLIENTS, unanswered + " requests without an answer");
                    Faults.tell(
                            NodeCrashIT.class,
                            rounds + " nodes killed, " + load.acknowledged() + " acknowledged writes, none lost; "
                                    + unanswered + " requests without an answer; "
                                    + boards.failures().size() + " of "
                                    + boards.polls() + " polls failed");
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void killUnderLoad(
            TomcatProcess victim, Client client, Boards boards, ExecutorService threads, Random random)
            throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        List<Future<?>> clients =
                load.begin(client, CLIENTS, threads, random, isOver, noAnswer -> unanswered.incrementAndGet());
        long before = load.requests() + 1 + random.nextInt(MAX_ANSWERS);
        Faults.await("answers before", () -> load.requests() >= before);
        victim.kill();
        long after = load.requests() + MAX_ANSWERS;
        Faults.await("answers after", () -> load.requests() >= after);
        boards.awaitPolls(50);
        isOver.set(true);
        for (Future<?> one : clients) {
            one.get();
        }
    }
}
