package org.fuota.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.fuota.bench.client.Board;
import org.fuota.bench.client.BoardTls;
import org.fuota.bench.client.OpenLoop;
import org.fuota.bench.client.Target;
import org.fuota.bench.report.Figure;
import org.fuota.bench.report.Result;
import org.fuota.bench.report.Sample;
import org.fuota.bench.server.Fleet;
import org.fuota.bench.server.KeyKind;
import org.jspecify.annotations.Nullable;

/** Polls at a rate that keeps the writer busy, with a bulk of all of the boards and a backup in between. */
record WritesRun(int pollsPerSecond, int boards, double minutes) implements Workload {
    /** Below what Tomcat answers on one connection. */
    private static final int KEPT_FOR = 990;

    private static final long WATCH_MILLIS = 250;
    private static final String LAG = "fuota_poll_write_lag_seconds";

    @Override
    public String name() {
        return "writes";
    }

    @Override
    public Result run(Rig rig) throws IOException, InterruptedException {
        rig.use(KeyKind.ECDSA);
        Target target = rig.product().target(KeyKind.ECDSA, BoardTls.TLS_1_2);
        int polled = Math.min(boards, rig.fleet().rows());
        Duration duration = Duration.ofMillis((long) (minutes * 60_000));
        ThreadLocal<Kept> kept = ThreadLocal.withInitial(() -> new Kept(target));
        Watch watch = new Watch(rig);
        CompletableFuture<Void> watching = CompletableFuture.runAsync(watch);
        CompletableFuture<double[]> admin = CompletableFuture.supplyAsync(() -> administer(rig, polled, duration));
        OpenLoop.Outcome polls = OpenLoop.run(
                pollsPerSecond, duration, () -> kept.get().poll(rig.fleet().anyPoll(polled)));
        watch.isDone.set(true);
        watching.join();
        polls.errors().stream().limit(3).forEach(error -> Rig.say(name() + ": " + error));
        Sample millis = polls.millis();
        double[] seconds = admin.join();
        String title = "%,d polls/s of %,d boards, kept connections, %s min"
                .formatted(pollsPerSecond, polled, Figure.number(minutes));
        return Result.of(List.of(
                Figure.of(title, "failed polls", polls.errors().size(), "")
                        .atMost(0)
                        .details("of %,d".formatted(millis.values().size())),
                Figure.of(title, "longest lag of what is written", watch.lag, " s")
                        .atMost(3),
                Figure.of(title, "not ready", watch.unready, "")
                        .atMost(0)
                        .details("of %,d looks".formatted(watch.looks)),
                Figure.of(title, "poll p99", millis.percentile(99), " ms"),
                Figure.of(title, "slowest poll", millis.max(), " ms").atMost(250),
                Figure.of(title, "bulk of all of them meanwhile", seconds[0], " s"),
                Figure.of(title, "backup meanwhile", seconds[1], " s")));
    }

    /** A bulk after a fifth of the time, and a backup after three. */
    private static double[] administer(Rig rig, int polled, Duration duration) {
        Path csv = Settings.FOLDER.resolve("assignments.csv");
        try {
            Admin admin = new Admin(rig);
            Fleet.writeCsv(csv, polled, "3.0.0");
            TimeUnit.MILLISECONDS.sleep(duration.toMillis() / 5);
            long start = System.nanoTime();
            Rig.say("writes: " + admin.assign(csv).lines().findFirst().orElse(""));
            double bulk = (System.nanoTime() - start) / 1e9;
            TimeUnit.MILLISECONDS.sleep(duration.toMillis() / 5);
            start = System.nanoTime();
            if (rig.settings().nodes() == 0) {
                // PostgreSQL has its own.
                admin.countLines("/backup");
            }
            return new double[] {bulk, (System.nanoTime() - start) / 1e9};
        } catch (IOException | InterruptedException e) {
            throw new CompletionException(e);
        } finally {
            csv.toFile().delete();
        }
    }

    /** A board's connection, and the next when that has served its time. For one thread. */
    private static final class Kept {
        private final Target target;
        private @Nullable Board board;
        private int polls;

        Kept(Target target) {
            this.target = target;
        }

        void poll(String path) throws IOException {
            if (board == null || polls == KEPT_FOR) {
                close();
                board = new Board(target);
                polls = 0;
            }
            polls++;
            try {
                board.get(path, Rig.NO_UPDATE, 0);
            } catch (IOException e) {
                close();
                throw e;
            }
        }

        private void close() throws IOException {
            if (board != null) {
                board.close();
                board = null;
            }
        }
    }

    /** Looks at readiness and lag all the time. */
    private static final class Watch implements Runnable {
        private final Admin admin;
        private final AtomicBoolean isDone = new AtomicBoolean();
        private double lag;
        private int looks;
        private int unready;

        Watch(Rig rig) {
            admin = new Admin(rig);
        }

        @Override
        public void run() {
            try {
                while (!isDone.get()) {
                    looks++;
                    unready += admin.status("/health/ready") == 200 ? 0 : 1;
                    lag = Math.max(lag, lag(admin.get("/metrics")));
                    TimeUnit.MILLISECONDS.sleep(WATCH_MILLIS);
                }
            } catch (IOException | InterruptedException e) {
                throw new CompletionException(e);
            }
        }

        private static double lag(String metrics) {
            return metrics.lines()
                    .filter(line -> line.startsWith(LAG))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
