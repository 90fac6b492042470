package org.fuota.it;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** A server that 5,000 boards have polled for 90 days, which end now: the same boards and the same story each time. */
final class PictureFleet implements AutoCloseable {
    private static final int THREADS = 4;
    /** From then on boards poll every few hours, and before that once a day. */
    private static final Duration LATELY = Duration.ofDays(5);
    /** All its hours are counted, and before that one of each day. */
    private static final Duration WEEK = Duration.ofHours(7 * 24 + 2);

    final SimulatedServer server;
    private final Instant end = Instant.now();
    private final PictureStory story;
    private final ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    private final List<Wire> wires = Stream.generate(Wire::new).limit(THREADS).toList();

    PictureFleet(Path folder) throws IOException {
        Instant begin = end.minus(Duration.ofDays(PictureStory.DAYS));
        server = new SimulatedServer(
                folder,
                begin,
                context -> context.replace("synchronous=FULL", "synchronous=OFF")
                        .replace("${fuota.write.delay:-1000}", "1000")
                        .replace("${fuota.node:-}", "fuota-1"));
        story = new PictureStory(end, server);
    }

    /** Until now. */
    void live() throws Exception {
        int polls = 0;
        for (Instant now = server.time(); now.isBefore(end); ) {
            boolean isOften = now.isAfter(end.minus(LATELY));
            Duration tick = isOften ? Duration.ofMinutes(10) : Duration.ofHours(1);
            server.setTime(now);
            while (!story.deeds.isEmpty() && !story.deeds.firstKey().isAfter(now)) {
                server.get("/rollouts/keep");
                story.deeds.pollFirstEntry().getValue().run();
            }
            server.get("/rollouts/read");
            polls += poll(now, tick, isOften);
            Instant next = now.plus(tick);
            if (isOften || hour(next) % 4 == 0) {
                server.get("/rollouts/keep");
                server.get("/rollouts/run");
            }
            if (hour(next) != hour(now) && (now.isAfter(end.minus(WEEK)) || hour(now) == 23)) {
                server.get("/rollouts/keep");
                server.get("/rollouts/count");
            }
            now = next;
        }
        catchUp();
        server.get("/rollouts/keep");
        server.get("/rollouts/run");
        System.out.println(polls + " polls");
    }

    private static int hour(Instant time) {
        return time.atZone(ZoneOffset.UTC).getHour();
    }

    /** Whoever looks at it does so by the time of the world. */
    void catchUp() {
        server.setTime(Instant.now());
        server.get("/rollouts/read");
    }

    String reverted() {
        return story.reverted();
    }

    void stop(String why) {
        story.stop(why);
    }

    private int poll(Instant now, Duration tick, boolean isOften) throws Exception {
        List<PictureBoard> due =
                story.boards.stream().filter(board -> board.isDue(now)).toList();
        List<Callable<Boolean>> works = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int worker = i;
            works.add(() -> {
                for (PictureBoard board : due) {
                    if (Math.floorMod(board.id.hashCode(), THREADS) == worker) {
                        board.poll(now, tick, isOften, wires.get(worker));
                    }
                }
                return true;
            });
        }
        for (Future<Boolean> work : pool.invokeAll(works)) {
            work.get();
        }
        return due.size();
    }

    @Override
    public void close() throws IOException {
        pool.shutdown();
        for (Wire wire : wires) {
            wire.close();
        }
        server.close();
    }
}
