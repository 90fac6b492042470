package org.fuota.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.fuota.faults.Client.Answer;

/** Boards that poll, and admins who read and write, all the time, of a server whose database goes away and comes back. */
final class Traffic implements AutoCloseable {
    private static final int BOARDS = 4;

    private final Client client;
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<String> wrongs = new ConcurrentLinkedQueue<>();
    private final Set<String> acknowledged = Collections.synchronizedSet(new TreeSet<>());
    private final AtomicLong undecided = new AtomicLong();
    private final AtomicLong decided = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong slowest = new AtomicLong();
    private volatile boolean isOver;

    /** Uploads a file, and assigns it to the board {@code board}. */
    Traffic(Client client) throws IOException {
        this.client = client;
        admin(client.put("/files/a.bin", "firmware"));
        admin(client.assign("board", "1", "a.bin"));
        begin();
    }

    /** What nobody should have been told. */
    List<String> wrongs() {
        return List.copyOf(wrongs);
    }

    /** What was acknowledged and isn't there; to be asked when it is closed. */
    Set<String> lost() throws IOException {
        Set<String> lost = new TreeSet<>(acknowledged);
        client.get("/devices").text().lines().forEach(line -> lost.remove(line.split("\"")[1]));
        return lost;
    }

    /** Until boards and admins have been served again, some times. */
    void awaitService() throws Exception {
        await(decided, 50);
        await(written, 10);
    }

    /** Until boards and admins have noticed. */
    void awaitTrouble() throws Exception {
        await(undecided, 20);
        await(refused, 2);
    }

    long undecided() {
        return undecided.get();
    }

    @Override
    public String toString() {
        return acknowledged.size() + " writes acknowledged, " + refused + " refused; polls: " + decided + " decided, "
                + undecided + " answered 204, the slowest after " + slowest + " ms";
    }

    /** Ends it. */
    @Override
    public void close() {
        isOver = true;
        threads.forEach(Faults::join);
    }

    private void begin() {
        again(this::read);
        again(this::write);
        for (int board = 0; board < BOARDS; board++) {
            String id = board == 0 ? "unknown" : "board";
            again(() -> poll(id));
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private void again(Work work) {
        Thread thread = new Thread(() -> {
            while (!isOver) {
                try {
                    work.run();
                } catch (IOException | RuntimeException e) {
                    wrongs.add(e.toString());
                }
            }
        });
        threads.add(thread);
        thread.start();
    }

    private void poll(String id) throws IOException {
        long begun = System.nanoTime();
        Answer answer = client.poll(id, "1");
        slowest.accumulateAndGet((System.nanoTime() - begun) / 1_000_000, Math::max);
        if (answer.status() == 204) {
            undecided.incrementAndGet();
        } else if (answer.status() == (id.equals("board") ? 200 : 404)) {
            decided.incrementAndGet();
        } else {
            wrongs.add("a poll was answered " + answer.status() + " " + answer.text());
        }
    }

    private void read() throws IOException {
        admin(client.get("/fleet?limit=1"));
    }

    private void write() throws IOException {
        String id = "w" + written;
        if (admin(client.assign(id, "1", "a.bin"))) {
            acknowledged.add(id);
            written.incrementAndGet();
        }
    }

    private boolean admin(Answer answer) {
        if (answer.status() == 503) {
            refused.incrementAndGet();
            String retry = answer.response().headers().firstValue("Retry-After").orElse("");
            if (!retry.equals("5")
                    || !answer.text().equals("the database doesn't answer; the server's log tells why\n")) {
                wrongs.add("an admin was told " + answer.text() + " and to try again in " + retry);
            }
        } else if (answer.status() != 200) {
            wrongs.add("an admin was answered " + answer.status() + " " + answer.text());
        }
        return answer.status() == 200;
    }

    /** So many more. */
    private static void await(AtomicLong count, int more) throws Exception {
        long enough = count.get() + more;
        Faults.await(more + " more", () -> count.get() >= enough);
    }
}
