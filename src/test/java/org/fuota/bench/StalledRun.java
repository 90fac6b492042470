package org.fuota.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.fuota.bench.client.BoardTls;
import org.fuota.bench.client.OpenLoop;
import org.fuota.bench.client.Stalled;
import org.fuota.bench.client.Target;
import org.fuota.bench.report.Figure;
import org.fuota.bench.report.Result;
import org.fuota.bench.report.Sample;
import org.fuota.bench.server.KeyKind;
import org.fuota.bench.server.Peer;

/** Connections that never become a request, while others poll. */
record StalledRun(int silent, int greeting) implements Workload {
    private static final double POLLS_PER_SECOND = 50;

    /** What one server did. */
    private record Load(OpenLoop.Outcome polls, int closed, String when) {}

    @Override
    public String name() {
        return "stalled";
    }

    @Override
    public Result run(Rig rig) throws IOException, InterruptedException {
        rig.use(KeyKind.ECDSA);
        Load product = load(rig, rig.product());
        Load floor = load(rig, rig.nginx());
        String title = "%,d silent connections, %,d stopped in the handshake".formatted(silent, greeting);
        product.polls().errors().stream().limit(3).forEach(error -> Rig.say(name() + ": " + error));
        Sample millis = product.polls().millis();
        Sample floorMillis = floor.polls().millis();
        return new Result(
                List.of(
                        Figure.of(
                                        title,
                                        "failed polls",
                                        product.polls().errors().size(),
                                        "")
                                .atMost(0)
                                .beside(floor.polls().errors().size()),
                        Figure.of(title, "poll p50", millis.median(), " ms").beside(floorMillis.median()),
                        Figure.of(title, "poll p99", millis.percentile(99), " ms")
                                .beside(floorMillis.percentile(99)),
                        Figure.of(
                                        title,
                                        "not closed after %d s"
                                                .formatted(rig.settings().seconds()),
                                        silent + greeting - product.closed(),
                                        "")
                                .details(product.when())
                                .beside(Figure.number(silent + greeting - floor.closed()) + " (" + floor.when() + ")")),
                List.of(),
                List.of(
                        SlowReadersRun.bar("silent connections", millis, null),
                        SlowReadersRun.bar("silent connections, nginx", floorMillis, null)));
    }

    private Load load(Rig rig, Peer peer) throws IOException, InterruptedException {
        Target target = peer.target(KeyKind.ECDSA, BoardTls.TLS_1_2);
        try (Stalled stalled = new Stalled(target, silent, greeting)) {
            Rig.say(name() + ": all are connected to " + peer.name() + "; polls go on for "
                    + rig.settings().seconds() + " s");
            OpenLoop.Outcome polls = OpenLoop.run(
                    POLLS_PER_SECOND, Duration.ofSeconds(rig.settings().seconds()), () -> rig.poll(target));
            List<Double> closed = new ArrayList<>(stalled.closedAfterSeconds());
            if (closed.isEmpty()) {
                return new Load(polls, 0, "none was closed");
            }
            Sample seconds = new Sample(closed);
            return new Load(
                    polls,
                    closed.size(),
                    "closed after " + Figure.number(seconds.min()) + " to " + Figure.number(seconds.max()) + " s");
        }
    }
}
