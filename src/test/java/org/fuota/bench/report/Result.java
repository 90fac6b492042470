package org.fuota.bench.report;

import java.util.List;

/**
 * What a workload came to.
 *
 * @param ratios to nginx, to be plotted
 * @param latencies in milliseconds, to be plotted: p50, with a whisker from there to p99
 */
public record Result(List<Figure> figures, List<Bar> ratios, List<Bar> latencies) {
    public static Result of(List<Figure> figures) {
        return new Result(figures, List.of(), List.of());
    }

    /** A cost beside the floor's, whose goal is at most so many times that. */
    public static Result of(String workload, Rounds rounds, String unit, double goal) {
        Sample ratios = rounds.ratios();
        Figure figure = new Figure(
                workload,
                "CPU beside nginx",
                goal,
                ratios.median(),
                " ×",
                Figure.number(ratios.min()) + " to " + Figure.number(ratios.max()) + "; "
                        + Figure.number(rounds.product()) + " " + unit,
                Figure.number(rounds.floor()) + " " + unit);
        return new Result(
                List.of(figure),
                List.of(new Bar(workload, ratios.median(), ratios.min(), ratios.max(), goal)),
                List.of());
    }
}
