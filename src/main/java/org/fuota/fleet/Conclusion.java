package org.fuota.fleet;

import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is concluded about a device.
 *
 * @param since when that began, as far as is known; null when it isn't
 * @param sentence makes the evidence, which takes longer than the conclusion, and isn't always wanted
 */
record Conclusion(State state, @Nullable Instant since, Supplier<String> sentence) {
    /** Why, as a lower-case sentence of printable ASCII. */
    String evidence() {
        return sentence.get();
    }
}
