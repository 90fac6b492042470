package org.fuota.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.fuota.faults.Client.Answer;

/**
 * Boards that poll all the time, each now one node, now another, over connections that stay open. Whatever they are offered they download for some
 * seconds, in which they don't poll; then they report its version, which is the name of its file without {@code .bin}.
 */
final class RolloutBoards implements AutoCloseable {
    static final String FIRST_VERSION = "1";

    private static final int THREADS = 4;
    private static final int NONE = -1;
    private static final long GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);
    private static final long MIN_DOWNLOAD_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long MAX_DOWNLOAD_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final List<Client> nodes;
    private final List<Board> boards;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, Integer> offered = new ConcurrentHashMap<>();
    private final Queue<String> wrongs = new ConcurrentLinkedQueue<>();
    private final AtomicLongArray decided;
    private final AtomicLong undecided = new AtomicLong();
    private final AtomicLong unanswered = new AtomicLong();
    private volatile int victim = NONE;
    private volatile int away = NONE;
    private volatile boolean isOver;

    RolloutBoards(Collection<Client> nodes, int count) {
        this.nodes = List.copyOf(nodes);
        this.decided = new AtomicLongArray(nodes.size());
        this.boards = IntStream.range(0, count)
                .mapToObj(number -> new Board("board-" + number))
                .toList();
        for (int number = 0; number < THREADS; number++) {
            int mine = number;
            Thread thread = new Thread(
                    () -> live(IntStream.range(0, count)
                            .filter(board -> board % THREADS == mine)
                            .mapToObj(boards::get)
                            .toList()),
                    "boards " + number);
            threads.add(thread);
            thread.start();
        }
    }

    /** What no board should have been told; and polls without an answer, but for those of the victim. */
    List<String> wrongs() {
        return List.copyOf(wrongs);
    }

    /** How many polls were answered 204. */
    long undecided() {
        return undecided.get();
    }

    /** How many polls the victims didn't answer. */
    long unanswered() {
        return unanswered.get();
    }

    /** Until each node has answered some more polls with anything but 204. */
    void awaitDecisions() throws Exception {
        for (int node = 0; node < nodes.size(); node++) {
            int one = node;
            long enough = decided.get(node) + 10;
            Faults.await("polls that node " + node + " decides", () -> decided.get(one) >= enough);
        }
    }

    boolean allReport(String version) {
        return boards.stream().allMatch(board -> board.version.equals(version));
    }

    /** Forgets which node offered what. */
    void beginAnew() {
        offered.clear();
    }

    /** The ids of those that were offered something since. */
    Set<String> offered() {
        return new TreeSet<>(offered.keySet());
    }

    /** Those whose first offer came from that node. */
    Set<String> firstOfferedBy(int node) {
        Set<String> ids = offered();
        ids.removeIf(id -> offered.get(id) != node);
        return ids;
    }

    /** That node may fail from now on. */
    void mayFail(int node) {
        victim = node;
    }

    /** The victim isn't asked any more, as a balancer would have it. */
    void leaveVictim() {
        away = victim;
    }

    /** The victim is asked again, and mustn't fail any more. */
    void returnToVictim() {
        victim = NONE;
        away = NONE;
    }

    private static final class Board {
        private final String id;
        private volatile String version = FIRST_VERSION;
        private long nextNanos = System.nanoTime() + ThreadLocalRandom.current().nextLong(GAP_NANOS);

        private Board(String id) {
            this.id = id;
        }
    }

    private void live(List<Board> mine) {
        while (!isOver) {
            try {
                for (Board board : mine) {
                    if (System.nanoTime() - board.nextNanos >= 0) {
                        poll(board);
                    }
                }
                TimeUnit.MILLISECONDS.sleep(10);
            } catch (InterruptedException | RuntimeException e) {
                wrongs.add(e.toString());
            }
        }
    }

    private void poll(Board board) {
        int node = ThreadLocalRandom.current().nextInt(nodes.size());
        if (node == away) {
            return;
        }
        Answer answer;
        try {
            answer = nodes.get(node).poll(board.id, board.version);
        } catch (IOException e) {
            if (node == victim) {
                unanswered.incrementAndGet();
            } else {
                wrongs.add("node " + node + ": " + e);
            }
            return;
        }
        long waitNanos = GAP_NANOS;
        switch (answer.status()) {
            case 200 -> {
                offered.putIfAbsent(board.id, node);
                board.version = answer.text().replace(".bin", "");
                waitNanos = ThreadLocalRandom.current().nextLong(MIN_DOWNLOAD_NANOS, MAX_DOWNLOAD_NANOS);
            }
            case 204 -> undecided.incrementAndGet();
            case 404 -> {}
            default -> wrongs.add("node " + node + " answered a poll " + answer.status() + " " + answer.text());
        }
        if (answer.status() != 204) {
            decided.incrementAndGet(node);
        }
        board.nextNanos = System.nanoTime() + waitNanos;
    }

    @Override
    public void close() {
        isOver = true;
        threads.forEach(Faults::join);
    }
}
