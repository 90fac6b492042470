package org.fuota.bench.report;

import org.jspecify.annotations.Nullable;

/**
 * One bar of the plot: a value, how far it strayed, and its goal.
 *
 * @param low where the whisker begins
 * @param high where it ends
 * @param goal null where there is none
 */
public record Bar(
        String label,
        double value,
        double low,
        double high,
        @Nullable Double goal) {}
