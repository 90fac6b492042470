package org.fuota.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.fuota.bench.report.Figure;
import org.fuota.bench.report.Result;
import org.fuota.bench.server.Fleet;
import org.fuota.bench.server.KeyKind;
import org.fuota.bench.server.ServerHeap;
import org.jspecify.annotations.Nullable;

/** All boards at once, out and in. Each twice: for its time, and for what it keeps in the heap, while garbage is collected all the time. */
record ListsRun() implements Workload {
    private static final double MB = 1e6;

    @Override
    public String name() {
        return "lists";
    }

    @Override
    public Result run(Rig rig) throws IOException, InterruptedException {
        rig.use(KeyKind.ECDSA);
        Admin admin = new Admin(rig);
        Path csv = Settings.FOLDER.resolve("assignments.csv");
        List<Figure> figures = new ArrayList<>();
        int boards = rig.fleet().rows();
        try (ServerHeap heap = new ServerHeap(rig.product().tomcat().pid())) {
            measure(
                    figures,
                    "GET /devices, %,d assignments".formatted(boards),
                    heap,
                    null,
                    64.0,
                    () -> require(admin.countLines("/devices"), boards));
            measure(
                    figures,
                    "GET /fleet, %,d boards".formatted(boards),
                    heap,
                    6.0,
                    64.0,
                    () -> require(admin.countLines("/fleet"), boards));
            // Another version each time, none of which a board runs: an assignment that is there already would cost
            // less.
            int[] patch = {0};
            measure(figures, "PUT /devices, %,d assignments".formatted(boards), heap, null, null, () -> {
                Fleet.writeCsv(csv, boards, "2.0." + patch[0]++);
                Rig.say(name() + ": " + admin.assign(csv).lines().findFirst().orElse(""));
                return null;
            });
        } finally {
            Files.deleteIfExists(csv);
        }
        return Result.of(figures);
    }

    private void measure(
            List<Figure> figures,
            String title,
            ServerHeap heap,
            @Nullable Double mostSeconds,
            @Nullable Double mostGrowth,
            Callable<?> work)
            throws IOException, InterruptedException {
        long before = heap.live();
        ServerHeap.Peak<Double> used = heap.peak(false, () -> seconds(work));
        long between = heap.live();
        ServerHeap.Peak<Double> live = heap.peak(true, () -> seconds(work));
        Figure time = Figure.of(title, "time", used.result(), " s");
        figures.add(mostSeconds == null ? time : time.atMost(mostSeconds));
        Figure growth = Figure.of(title, "heap growth", (live.bytes() - between) / MB, " MB")
                .details(Figure.number((used.bytes() - before) / MB) + " MB with garbage");
        figures.add(mostGrowth == null ? growth : growth.atMost(mostGrowth));
    }

    private static double seconds(Callable<?> work) throws Exception {
        long start = System.nanoTime();
        work.call();
        return (System.nanoTime() - start) / 1e9;
    }

    private static long require(long lines, int boards) throws IOException {
        if (lines != boards) {
            throw new IOException("the list has " + lines + " lines, not " + boards);
        }
        return lines;
    }
}
