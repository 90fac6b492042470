package org.fuota.bench.report;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One line of the table.
 *
 * @param workload what was done
 * @param what was looked at
 * @param goal the most that it may be; null where there is none
 * @param value of the product
 * @param unit after each number; may be empty
 * @param details of the value; may be empty
 * @param floor what nginx had in its place; may be empty
 */
public record Figure(
        String workload, String what, @Nullable Double goal, double value, String unit, String details, String floor) {

    static final String HEAD = "| workload | | goal | Fuota | | nginx |\n|---|---|---|---|---|---|\n";

    public static Figure of(String workload, String what, double value, String unit) {
        return new Figure(workload, what, null, value, unit, "", "");
    }

    public Figure atMost(double most) {
        return new Figure(workload, what, most, value, unit, details, floor);
    }

    public Figure details(String text) {
        return new Figure(workload, what, goal, value, unit, text, floor);
    }

    public Figure beside(double value) {
        return beside(number(value) + unit);
    }

    public Figure beside(String text) {
        return new Figure(workload, what, goal, value, unit, details, text);
    }

    /** Whether the goal is reached; true where there is none. */
    public boolean isReached() {
        return goal == null || value <= goal;
    }

    String row() {
        String result = number(value) + unit + (details.isEmpty() ? "" : " (" + details + ")");
        String verdict = goal == null ? "" : isReached() ? "reached" : "**not reached**";
        String wanted = goal == null ? "" : goal == 0 ? "none" : "≤ " + number(goal) + unit;
        return "| %s | %s | %s | %s | %s | %s |%n".formatted(workload, what, wanted, result, verdict, floor);
    }

    /** For the progress of a run. */
    public String line() {
        return "%s: %s %s%s%s%s%s"
                .formatted(
                        workload,
                        what,
                        number(value),
                        unit,
                        details.isEmpty() ? "" : " (" + details + ")",
                        floor.isEmpty() ? "" : "; nginx " + floor,
                        goal == null
                                ? ""
                                : (isReached() ? "; goal reached: " : "; GOAL NOT REACHED: ") + number(goal) + unit);
    }

    /** Three digits that count, and no more. */
    public static String number(double value) {
        double size = Math.abs(value);
        if (value == Math.rint(value) && size < 1e15) {
            return String.format(Locale.ROOT, "%,d", (long) value);
        }
        return String.format(
                Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", value);
    }
}
