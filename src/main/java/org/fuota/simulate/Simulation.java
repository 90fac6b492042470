package org.fuota.simulate;

import java.io.PrintStream;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** All boards of a plan, until its time is over. The same plan makes the same boards with the same mishaps. */
public final class Simulation {
    private static final double GOLDEN_RATIO = 0.6180339887498949;
    private static final double JITTER = 0.2;
    private static final long TOLD_SECONDS = 5;

    private final FleetPlan plan;
    private final PrintStream out;
    private final BoardClient client;
    private final List<SimulatedBoard> boards = new ArrayList<>();
    private final Counts counts = new Counts();
    private final Random random = new Random(1);

    private Simulation(FleetPlan plan, PrintStream out) {
        this.plan = plan;
        this.out = out;
        client = new BoardClient(plan);
        for (int number = 1; number <= plan.boards(); number++) {
            // One after the other, but spread over all versions, and over all boards of each.
            double share = (number - 1) / (double) plan.boards();
            double spread = number * GOLDEN_RATIO % 1;
            boards.add(new SimulatedBoard(plan.id(number), plan.versionAt(share), plan.mishapAt(spread)));
        }
    }

    /**
     * Found by the set-up tool by its name.
     *
     * @param arguments as {@code --simulate --help} tells
     * @param password of the boards' user
     * @throws IllegalArgumentException with a sentence for whoever typed them
     */
    public static void run(String[] arguments, String password, PrintStream out) throws InterruptedException {
        if (List.of(arguments).contains("--help")) {
            out.print(FleetPlan.USAGE);
            return;
        }
        new Simulation(FleetPlan.parse(arguments, password), out).run();
    }

    private void run() throws InterruptedException {
        out.println(plan.boards() + " boards, " + plan.id(1) + " to " + plan.id(plan.boards()) + ", poll "
                + plan.server() + " every " + plan.gap().toMillis() / 1000.0 + " s. Ctrl-C ends them.");
        ScheduledExecutorService executor = Executors.newScheduledThreadPool(2);
        try {
            for (SimulatedBoard board : boards) {
                executor.schedule(() -> live(board, executor), within(1), TimeUnit.MILLISECONDS);
            }
            for (long second = 1; second <= plan.seconds(); second++) {
                TimeUnit.SECONDS.sleep(1);
                if (second % TOLD_SECONDS == 0 || second == plan.seconds()) {
                    tell();
                }
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private void live(SimulatedBoard board, ScheduledExecutorService executor) {
        board.poll(client, counts).thenRun(() -> {
            if (!board.isOff() && !executor.isShutdown()) {
                executor.schedule(() -> live(board, executor), within(JITTER), TimeUnit.MILLISECONDS);
            }
        });
    }

    /** The gap, give or take a share of it; of all of it, anywhen before its end. */
    private long within(double share) {
        double factor;
        synchronized (random) {
            factor = share == 1 ? random.nextDouble() : 1 - share + 2 * share * random.nextDouble();
        }
        return Math.round(plan.gap().toMillis() * factor);
    }

    private void tell() {
        String versions = boards.stream()
                .collect(Collectors.groupingBy(SimulatedBoard::version, TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .map(version -> version.getValue() + " run " + version.getKey())
                .collect(Collectors.joining(", "));
        out.println(LocalTime.now().truncatedTo(ChronoUnit.SECONDS) + " " + versions + "; " + counts);
    }
}
