package org.fuota.rollout;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * How far a rollout goes: up to a percentage of whom it is meant for, or to a group of them. It holds what the stages before it held.
 *
 * @param hundredths of a percent, 1 to 10,000; 0 of a group
 * @param group null of a percentage
 */
public record Stage(int hundredths, @Nullable String group) {
    static final int ALL = 10_000;

    static Stage percent(BigDecimal percent) {
        return new Stage(percent.movePointRight(2).intValueExact(), null);
    }

    /** As its definition says it: {@code canary}, {@code 1}, {@code 0.25}. */
    public Object label() {
        // Not 1E+1, as a number without its zeros would say.
        return group != null ? group : new BigDecimal(percent());
    }

    /** In words: {@code group canary}, {@code the first 10 %}. */
    String words() {
        return group != null ? "group " + group : hundredths == ALL ? "all" : "the first " + percent() + " %";
    }

    private String percent() {
        return BigDecimal.valueOf(hundredths, 2).stripTrailingZeros().toPlainString();
    }
}
