package org.fuota.evidence;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is concluded about a device.
 *
 * @param since when that began, as far as is known; null when it isn't
 * @param checkAt when it is to be concluded anew though nothing happens, because the device will be silent then, or later:
 *     milliseconds of served time; null when never
 */
public record Conclusion(
        State state, @Nullable Instant since, @Nullable Long checkAt) {}
