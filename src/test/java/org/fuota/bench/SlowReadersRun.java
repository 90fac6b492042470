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
import org.fuota.bench.report.Bar;
import org.fuota.bench.report.Figure;
import org.fuota.bench.report.Result;
import org.fuota.bench.report.Sample;
import org.fuota.bench.server.Fleet;
import org.fuota.bench.server.KeyKind;
import org.fuota.bench.server.Peer;
import org.fuota.bench.server.Usage;
import org.jspecify.annotations.Nullable;

/** Many boards that download slowly, while others poll. */
record SlowReadersRun(int readers) implements Workload {
    private static final int MEBIBYTES = 4;
    private static final double POLLS_PER_SECOND = 50;
    private static final double KIB = 1024;
    private static final long SETTLE_MILLIS = 4000;

    /** What one server bore. */
    private record Load(
            OpenLoop.Outcome polls, Sample shares, List<String> errors, Usage before, Usage after, long kernelBytes) {
        double residentKib(int readers) {
            return (after.residentBytes() - before.residentBytes()) / KIB / readers;
        }
    }

    @Override
    public String name() {
        return "readers-" + readers;
    }

    @Override
    public Result run(Rig rig) throws IOException, InterruptedException {
        long needed = 2L * readers + 1000;
        if (Usage.maxOpenFiles() < needed) {
            throw new IOException(readers + " slow readers need " + needed + " open files, and this process may have "
                    + Usage.maxOpenFiles() + ": raise it by ulimit -Hn " + needed + ", as root");
        }
        rig.use(KeyKind.ECDSA);
        rig.restart();
        Load product = load(rig, rig.product());
        Load floor = load(rig, rig.nginx());
        String title = "%,d slow readers".formatted(readers);
        product.errors().stream().limit(3).forEach(error -> Rig.say(name() + ": " + error));
        Sample millis = product.polls().millis();
        Sample floorMillis = floor.polls().millis();
        List<Figure> figures = List.of(
                Figure.of(title, "failed polls and downloads", product.errors().size(), "")
                        .atMost(0)
                        .beside(floor.errors().size()),
                Figure.of(
                                title,
                                "what the slowest lacks of 40 KiB/s",
                                100 - 100 * product.shares().min(),
                                " %")
                        .atMost(5)
                        .beside(100 - 100 * floor.shares().min()),
                Figure.of(title, "poll p50", millis.median(), " ms").beside(floorMillis.median()),
                Figure.of(title, "poll p99", millis.percentile(99), " ms")
                        .atMost(75)
                        .beside(floorMillis.percentile(99)),
                Figure.of(title, "threads", product.after().threads(), "")
                        .atMost(128)
                        .beside(floor.after().threads()),
                Figure.of(title, "kernel memory each, both ends", product.kernelBytes() / KIB / readers, " KiB")
                        .atMost(160)
                        .beside(floor.kernelBytes() / KIB / readers),
                Figure.of(title, "RSS growth each", product.residentKib(readers), " KiB")
                        .atMost(256)
                        .beside(floor.residentKib(readers)));
        return new Result(
                figures, List.of(), List.of(bar(title, millis, 75.0), bar(title + ", nginx", floorMillis, null)));
    }

    static Bar bar(String label, Sample millis, @Nullable Double goal) {
        return new Bar(label, millis.median(), millis.median(), millis.percentile(99), goal);
    }

    private Load load(Rig rig, Peer peer) throws IOException, InterruptedException {
        Target target = peer.target(KeyKind.ECDSA, BoardTls.TLS_1_2);
        TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
        Usage before = peer.usage();
        long kernelBytes = Usage.tcpBytes();
        Rig.say(name() + ": " + readers + " readers connect to " + peer.name());
        try (SlowReaders slow =
                new SlowReaders(target, "/files/" + Fleet.filePath(MEBIBYTES), (long) MEBIBYTES * Fleet.MIB, readers)) {
            TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
            Rig.say(name() + ": all read; polls go on for " + rig.settings().seconds() + " s");
            slow.count();
            OpenLoop.Outcome polls = OpenLoop.run(
                    POLLS_PER_SECOND, Duration.ofSeconds(rig.settings().seconds()), () -> rig.poll(target));
            Sample shares = new Sample(slow.shares());
            List<String> errors = new ArrayList<>(polls.errors());
            errors.addAll(slow.errors());
            return new Load(polls, shares, errors, before, peer.usage(), Usage.tcpBytes() - kernelBytes);
        }
    }
}
