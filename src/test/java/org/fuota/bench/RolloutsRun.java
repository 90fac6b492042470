package org.fuota.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.fuota.bench.client.Board;
import org.fuota.bench.client.BoardTls;
import org.fuota.bench.client.ClosedLoop;
import org.fuota.bench.client.Target;
import org.fuota.bench.report.Figure;
import org.fuota.bench.report.Result;
import org.fuota.bench.report.Rounds;
import org.fuota.bench.server.Fleet;
import org.fuota.bench.server.KeyKind;

/**
 * What a poll on a kept connection costs while rollouts run, beside the same without any. The first of them is for each board that polls, and its
 * stage has come to one board alone; the others are for versions that nobody reports.
 */
record RolloutsRun(List<Integer> counts) implements Workload {
    private static final String TITLE = "keep-alive poll, with rollouts";
    private static final int KEPT_FOR = 990;
    private static final int PER_POLL = 10;
    private static final double GOAL = 1.05;

    /** Until each node knows them. */
    private static final long KNOWN_MILLIS = 2_000;

    @Override
    public String name() {
        return "rollouts";
    }

    @Override
    public Result run(Rig rig) throws IOException, InterruptedException {
        rig.use(KeyKind.ECDSA);
        Admin admin = new Admin(rig);
        Target target = rig.product().target(KeyKind.ECDSA, BoardTls.TLS_1_2);
        // Seen, so that the stage isn't passed at once; and none of those that poll.
        admin.put("/devices/canary", "canary,0," + Fleet.filePath(1));
        Board.getOnce(target, "/devices/canary?app_ver=1.0.1", Rig.NO_UPDATE, 0);
        admin.put("/groups/bench", "canary");
        long polls = (long) PER_POLL * rig.settings().polls();
        ClosedLoop.run(Rig.THREADS, 4 * polls, () -> rig.pollKept(target, KEPT_FOR));
        TreeMap<Integer, Rounds> rounds = new TreeMap<>();
        List<String> made = new ArrayList<>();
        for (int round = 0; round < rig.settings().rounds(); round++) {
            TreeMap<Integer, Double> costs = new TreeMap<>();
            for (int turn = 0; turn < counts.size(); turn++) {
                // Each comes first, now and then.
                int count = counts.get((round + turn) % counts.size());
                make(admin, count, round, made);
                costs.put(count, CostRounds.cost(rig.product(), polls, 1000, () -> rig.pollKept(target, KEPT_FOR)));
            }
            double without = costs.firstEntry().getValue();
            costs.forEach((count, cost) ->
                    rounds.computeIfAbsent(count, first -> new Rounds()).add(cost, without));
            Rig.say("rollouts, round " + (round + 1) + ": ms a poll by their number " + costs);
        }
        make(admin, 0, 0, made);
        List<Figure> figures = new ArrayList<>();
        rounds.forEach((count, costs) -> figures.add(Figure.of(
                        TITLE, count + " running, beside none", costs.ratios().median(), " ×")
                .details(Figure.number(costs.ratios().min()) + " to "
                        + Figure.number(costs.ratios().max()) + "; " + Figure.number(costs.product()) + " ms a poll")
                .atMost(GOAL)));
        return Result.of(figures);
    }

    /** Has so many running, and no others. */
    private static void make(Admin admin, int count, int round, List<String> made)
            throws IOException, InterruptedException {
        for (String name : made) {
            admin.post("/rollouts/" + name + "/stop");
        }
        made.clear();
        for (int number = 0; number < count; number++) {
            String name = "bench-" + round + "-" + count + "-" + number;
            String replaces =
                    number == 0 ? "\"1.0.1\",\"1.0.2\",\"1.0.3\",\"1.0.4\",\"1.0.5\"" : "\"9.0." + number + "\"";
            String stages = number == 0 ? "\"bench\",100" : "100";
            admin.put(
                    "/rollouts/" + name + "?force=true",
                    "{\"file\":\"" + Fleet.filePath(1) + "\",\"replaces\":[" + replaces + "],\"stages\":[" + stages
                            + "],\"soak\":\"P30D\"}");
            made.add(name);
        }
        TimeUnit.MILLISECONDS.sleep(KNOWN_MILLIS);
    }
}
