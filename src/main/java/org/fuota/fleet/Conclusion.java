package org.fuota.fleet;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is concluded about a device.
 *
 * @param since when that began, as far as is known; null when it isn't
 * @param evidence why, as a lower-case sentence of printable ASCII
 */
public record Conclusion(State state, @Nullable Instant since, String evidence) {}
