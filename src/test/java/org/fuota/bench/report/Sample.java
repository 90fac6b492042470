package org.fuota.bench.report;

import java.util.Arrays;
import java.util.List;

/** Some measurements of one thing, in ascending order; at least one. */
public record Sample(List<Double> values) {
    public Sample {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
        values = values.stream().sorted().toList();
    }

    /** Measurements from an array, of which the first {@code count} count. */
    public static Sample of(double[] values, int count) {
        return new Sample(Arrays.stream(values, 0, count).boxed().toList());
    }

    /** The one in the middle, or the mean of the two there. */
    public double median() {
        int middle = values.size() / 2;
        return values.size() % 2 == 1 ? values.get(middle) : (values.get(middle - 1) + values.get(middle)) / 2;
    }

    /**
     * The smallest that at least so many of a hundred don't exceed (nearest rank).
     *
     * @param percent above 0, at most 100
     */
    public double percentile(double percent) {
        return values.get((int) Math.ceil(percent / 100 * values.size()) - 1);
    }

    public double min() {
        return values.get(0);
    }

    public double max() {
        return values.get(values.size() - 1);
    }
}
