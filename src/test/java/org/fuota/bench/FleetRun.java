package org.fuota.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.fuota.bench.report.Figure;
import org.fuota.bench.report.Result;
import org.fuota.bench.report.Sample;
import org.fuota.bench.server.Fleet;
import org.fuota.bench.server.KeyKind;

/** What the console asks of the fleet: counts, pages and single boards. */
record FleetRun() implements Workload {
    private static final int TIMES = 5;
    private static final int PAGE = 50;

    /** Longer than counts are kept. */
    private static final long AFRESH_MILLIS = 2100;

    private static final List<String> ORDERS = List.of("device_id", "state", "since", "app_version", "last_seen");

    @Override
    public String name() {
        return "fleet";
    }

    @Override
    public Result run(Rig rig) throws IOException, InterruptedException {
        rig.use(KeyKind.ECDSA);
        Admin admin = new Admin(rig);
        int boards = rig.fleet().rows();
        String title = "/fleet, %,d boards".formatted(boards);
        List<Figure> figures = new ArrayList<>();
        for (String by : List.of("state", "version")) {
            List<Double> afresh = new ArrayList<>();
            List<Double> again = new ArrayList<>();
            for (int time = 0; time < TIMES; time++) {
                TimeUnit.MILLISECONDS.sleep(AFRESH_MILLIS);
                afresh.add(millis(admin, "/fleet?by=" + by));
                again.add(millis(admin, "/fleet?by=" + by));
            }
            figures.add(Figure.of(title, "counts by " + by + ", afresh", new Sample(afresh).max(), " ms")
                    .atMost(1000));
            figures.add(Figure.of(title, "counts by " + by + ", kept", new Sample(again).median(), " ms")
                    .atMost(20));
        }
        for (String order : ORDERS) {
            List<Double> pages = new ArrayList<>();
            for (String direction : List.of("", "-")) {
                for (int offset : new int[] {0, boards / 2, Math.min(boards, 1_000_000) - PAGE}) {
                    String path = "/fleet?sort=%s%s&limit=%d&offset=%d".formatted(direction, order, PAGE, offset);
                    pages.add(median(admin, path));
                }
            }
            figures.add(Figure.of(title, "dearest page by " + order, new Sample(pages).max(), " ms")
                    .atMost(50));
        }
        figures.add(Figure.of(title, "one board", median(admin, "/fleet/" + Fleet.id(boards / 3)), " ms")
                .atMost(20));
        return Result.of(figures);
    }

    private static double median(Admin admin, String path) throws IOException, InterruptedException {
        List<Double> times = new ArrayList<>();
        for (int time = 0; time < TIMES; time++) {
            times.add(millis(admin, path));
        }
        return new Sample(times).median();
    }

    private static double millis(Admin admin, String path) throws IOException, InterruptedException {
        long start = System.nanoTime();
        admin.get(path);
        return (System.nanoTime() - start) / 1e6;
    }
}
