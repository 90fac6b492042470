package org.fuota.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.fuota.bench.client.BoardTls;
import org.fuota.bench.client.OpenLoop;
import org.fuota.bench.client.SlowReaders;
import org.fuota.bench.client.Target;
import org.fuota.bench.report.Figure;
import org.fuota.bench.report.Result;
import org.fuota.bench.report.Sample;
import org.fuota.bench.server.Fleet;
import org.fuota.bench.server.KeyKind;
import org.fuota.bench.server.ServerHeap;
import org.fuota.bench.server.Usage;

/** A million boards that poll hourly, a thousand of which always download. */
record MillionRun(int readers, double pollsPerSecond, double minutes) implements Workload {
    private static final int MEBIBYTES = 4;
    private static final double MB = 1e6;
    private static final long SETTLE_SECONDS = 5;

    @Override
    public String name() {
        return "million";
    }

    @Override
    public Result run(Rig rig) throws IOException, InterruptedException {
        rig.use(KeyKind.ECDSA);
        rig.restart();
        Target target = rig.product().target(KeyKind.ECDSA, BoardTls.TLS_1_2);
        Duration duration = Duration.ofMillis((long) (minutes * 60_000));
        try (ServerHeap heap = new ServerHeap(rig.product().tomcat().pid());
                SlowReaders slow = new SlowReaders(
                        target, "/files/" + Fleet.filePath(MEBIBYTES), (long) MEBIBYTES * Fleet.MIB, readers)) {
            // So that what a loaded server holds is there at the begin, too.
            OpenLoop.run(pollsPerSecond, Duration.ofSeconds(SETTLE_SECONDS), () -> rig.poll(target));
            long heapBefore = heap.live();
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            Usage before = rig.product().usage();
            slow.count();
            Rig.say("%s: %s polls a second for %s minutes"
                    .formatted(name(), Figure.number(pollsPerSecond), Figure.number(minutes)));
            long start = System.nanoTime();
            OpenLoop.Outcome polls = OpenLoop.run(pollsPerSecond, duration, () -> rig.poll(target));
            double seconds = (System.nanoTime() - start) / 1e9;
            Usage after = rig.product().usage();
            Sample shares = new Sample(slow.shares());
            long heapAfter = heap.live();
            List<String> errors = new ArrayList<>(polls.errors());
            errors.addAll(slow.errors());
            errors.stream().limit(3).forEach(error -> Rig.say(name() + ": " + error));
            return result(rig, polls.millis(), errors, shares, before, after, seconds, heapBefore, heapAfter);
        }
    }

    private Result result(
            Rig rig,
            Sample millis,
            List<String> errors,
            Sample shares,
            Usage before,
            Usage after,
            double seconds,
            long heapBefore,
            long heapAfter) {
        String title = "the million: %s polls/s, %,d rows, %,d slow readers, %s min"
                .formatted(Figure.number(pollsPerSecond), rig.fleet().rows(), readers, Figure.number(minutes));
        double cores = (after.cpuSeconds() - before.cpuSeconds()) / seconds;
        return new Result(
                List.of(
                        Figure.of(title, "failed polls and downloads", errors.size(), "")
                                .atMost(0)
                                .details(
                                        "of %,d polls".formatted(millis.values().size())),
                        Figure.of(title, "what the slowest lacks of 40 KiB/s", 100 - 100 * shares.min(), " %")
                                .atMost(5),
                        Figure.of(title, "poll p50", millis.median(), " ms"),
                        Figure.of(title, "poll p99", millis.percentile(99), " ms")
                                .atMost(50),
                        Figure.of(title, "slowest poll", millis.max(), " ms"),
                        Figure.of(title, "CPU", cores, " cores"),
                        Figure.of(title, "growth of the heap after GC", (heapAfter - heapBefore) / MB, " MB")
                                .atMost(5)
                                .details(Figure.number(heapBefore / MB) + " MB, then " + Figure.number(heapAfter / MB)
                                        + " MB"),
                        Figure.of(title, "RSS at the end", after.residentBytes() / MB, " MB")
                                .details(Figure.number(before.residentBytes() / MB) + " MB at the begin")),
                List.of(),
                List.of(SlowReadersRun.bar("the million", millis, 50.0)));
    }
}
