package org.fuota.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fuota.db.PostgresCluster;
import org.fuota.faults.Client.Answer;
import org.fuota.tomcat.TomcatProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * PostgreSQL hangs or dies under the server, which has the Resource that README shows: boards are answered as ever, or 204; admins are told to
 * come again; all goes on by itself when it is back, and what was acknowledged is there.
 */
@Tag(Faults.TAG)
@Timeout(600)
class DatabaseAwayIT {
    private static final Pattern RESOURCE = Pattern.compile("(?s) *<Resource name=\"jdbc/fuota\".*?/>");
    private static final String HOSTS = "db-1.example.com,db-2.example.com";
    private static final int BOARDS = 4;

    @TempDir
    Path folder;

    private final Queue<String> wrongs = new ConcurrentLinkedQueue<>();
    private final Set<String> acknowledged = new TreeSet<>();
    private final AtomicLong undecided = new AtomicLong();
    private final AtomicLong decided = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong slowest = new AtomicLong();
    private volatile boolean isOver;

    @Test
    void goesOnByItself() throws Exception {
        try (PostgresCluster database = PostgresCluster.own();
                TomcatProcess tomcat = new TomcatProcess(folder).option("-Dfuota.node=node-1")) {
            use(database, tomcat);
            tomcat.start();
            Client client = new Client(tomcat);
            assertEquals(200, client.put("/files/a.bin", "firmware").status());
            assertEquals(200, client.assign("board", "1", "a.bin").status());
            List<Thread> threads = begin(client);
            try {
                for (int round = 0; round < Faults.rounds(1, 20); round++) {
                    await(decided, 50);
                    await(written, 10);

                    database.signal("STOP");
                    awaitTrouble();
                    database.signal("CONT");
                    await(decided, 50);
                    await(written, 10);

                    database.signal("KILL");
                    awaitTrouble();
                    database.start();
                    await(decided, 50);
                    await(written, 10);
                }
            } finally {
                database.signal("CONT");
                isOver = true;
                for (Thread thread : threads) {
                    thread.join();
                }
            }
            assertEquals(List.of(), List.copyOf(wrongs));
            Set<String> lost = new TreeSet<>(acknowledged);
            client.get("/devices").text().lines().forEach(line -> lost.remove(line.split("\"")[1]));
            assertEquals(Set.of(), lost, "acknowledged, and not there");
            Faults.await("ready", () -> client.get("/health/ready").status() == 200);
            tellsItsName(tomcat, client);
            Faults.tell(
                    DatabaseAwayIT.class,
                    acknowledged.size() + " writes acknowledged, " + lost.size() + " lost; " + refused
                            + " refused; polls: " + decided + " decided, " + undecided
                            + " answered 204, the slowest after " + slowest + " ms");
        }
    }

    private void use(PostgresCluster database, TomcatProcess tomcat) throws IOException {
        Matcher readme = Pattern.compile("//([^/]+)/fuota").matcher(database.url("fuota"));
        assertTrue(readme.find());
        Matcher resource = RESOURCE.matcher(Files.readString(Path.of("README.md")));
        assertTrue(resource.find());
        assertTrue(resource.group().contains(HOSTS), resource.group());
        Path context = tomcat.folder().resolve("conf/Catalina/localhost/ROOT.xml");
        Files.writeString(
                context,
                RESOURCE.matcher(Files.readString(context))
                        .replaceFirst(Matcher.quoteReplacement(resource.group().replace(HOSTS, readme.group(1)))));
    }

    private static void tellsItsName(TomcatProcess tomcat, Client client) throws IOException {
        assertTrue(client.get("/health/ready").text().contains("\nnode: node-1\n"));
        String metrics = client.get("/metrics").text();
        assertTrue(metrics.contains("\nfuota_polls_total{answer=\"offered\",node=\"node-1\"} "), metrics);
        assertTrue(metrics.contains("\nfuota_devices{state=\"waiting\"} "), metrics);
        assertTrue(tomcat.log().contains("node node-1 is on the database jdbc:postgresql://"), tomcat.log());
        assertTrue(
                tomcat.log().contains("PUT /devices/board by admin from 127.0.0.1 at node-1: assigned"), tomcat.log());
    }

    /** Boards, and two admins: one who reads, and one who writes. */
    private List<Thread> begin(Client client) {
        List<Work> works = new ArrayList<>(List.of(() -> read(client), () -> write(client)));
        for (int board = 0; board < BOARDS; board++) {
            String id = board == 0 ? "unknown" : "board";
            works.add(() -> poll(client, id));
        }
        return works.stream().map(this::again).toList();
    }

    private interface Work {
        void run() throws IOException;
    }

    private Thread again(Work work) {
        Thread thread = new Thread(() -> {
            while (!isOver) {
                try {
                    work.run();
                } catch (IOException | RuntimeException e) {
                    wrongs.add(e.toString());
                }
            }
        });
        thread.start();
        return thread;
    }

    private void poll(Client client, String id) throws IOException {
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

    private void read(Client client) throws IOException {
        admin(client.get("/fleet?limit=1"));
    }

    private void write(Client client) throws IOException {
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

    private void awaitTrouble() throws Exception {
        await(undecided, 20);
        await(refused, 2);
    }

    /** So many more. */
    private static void await(AtomicLong count, int more) throws Exception {
        long enough = count.get() + more;
        Faults.await(more + " more", () -> count.get() >= enough);
    }
}
