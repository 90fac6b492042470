package org.fuota.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.fuota.bench.client.BoardTls;
import org.fuota.bench.client.ClosedLoop;
import org.fuota.bench.client.Target;
import org.fuota.bench.report.Figure;
import org.fuota.bench.report.Result;
import org.fuota.bench.report.Rounds;
import org.fuota.bench.server.KeyKind;
import org.fuota.bench.server.Peer;

/**
 * What a request costs the product and nginx, in rounds by turns.
 *
 * @param title in the table
 * @param goal how many times nginx's CPU it may take at most
 * @param unit of the cost
 * @param perRound requests of a round, by {@code bench.polls}
 * @param perUnit requests that make one unit of the cost
 */
record CostRounds(
        String name,
        String title,
        KeyKind key,
        BoardTls tls,
        double goal,
        String unit,
        double perUnit,
        PerRound perRound,
        Work work)
        implements Workload {
    /** After a round, for what a server does a second later: the access log, what polls tell. It belongs to the round. */
    private static final long AFTER_MILLIS = 1500;

    /** The product's that aren't counted: the JIT compiler is still at work on what the warm-up by cold polls has met little. */
    private static final int WARM_ROUNDS = 4;

    /** How many requests a round has. */
    @FunctionalInterface
    interface PerRound {
        long of(int polls);
    }

    /** What a board does, in its loop; returns how many requests that were. */
    @FunctionalInterface
    interface Work {
        int run(Rig rig, Target target) throws IOException;
    }

    @Override
    public Result run(Rig rig) throws IOException, InterruptedException {
        rig.use(key);
        long requests = perRound.of(rig.settings().polls());
        for (Peer peer : rig.peers(0)) {
            Target target = peer.target(key, tls);
            long warmUp = peer == rig.product() ? WARM_ROUNDS * requests : requests;
            ClosedLoop.run(Rig.THREADS, warmUp, () -> work.run(rig, target));
        }
        Rounds rounds = new Rounds();
        for (int round = 0; round < rig.settings().rounds(); round++) {
            Map<Peer, Double> costs = new LinkedHashMap<>();
            for (Peer peer : rig.peers(round)) {
                Target target = peer.target(key, tls);
                costs.put(peer, cost(peer, requests, perUnit, () -> work.run(rig, target)));
            }
            double product = costs.getOrDefault(rig.product(), Double.NaN);
            double floor = costs.getOrDefault(rig.nginx(), Double.NaN);
            rounds.add(product, floor);
            Rig.say("%s, round %d of %d: Fuota %s, nginx %s %s, ratio %s"
                    .formatted(
                            name,
                            round + 1,
                            rig.settings().rounds(),
                            Figure.number(product),
                            Figure.number(floor),
                            unit,
                            Figure.number(product / floor)));
        }
        return Result.of(title, rounds, unit, goal);
    }

    /** CPU of a server, for a part of a unit's requests. */
    static double cost(Peer peer, long requests, double perUnit, ClosedLoop.Work work)
            throws IOException, InterruptedException {
        double before = peer.usage().cpuSeconds();
        long done = ClosedLoop.run(Rig.THREADS, requests, work);
        TimeUnit.MILLISECONDS.sleep(AFTER_MILLIS);
        return (peer.usage().cpuSeconds() - before) / done * perUnit;
    }
}
