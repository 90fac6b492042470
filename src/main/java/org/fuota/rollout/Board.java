package org.fuota.rollout;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a rollout must know of a board before it offers it something.
 *
 * @param chip that the image is for which it took last, like project null where nobody knows
 * @param rollouts what came of those that it was offered, by their number
 */
public record Board(@Nullable String chip, @Nullable String project, Map<Long, Trial> rollouts) {
    /**
     * @param takenBefore the digest of what it had taken before that; null when nobody knows
     * @param offers how often it was offered the file, which it downloads each time
     * @param isUpdated whether it has reported another version since
     * @param failedAt when it was first noticed that it had failed; null when it hasn't
     * @param hasReverted whether it came back from that
     */
    public record Trial(
            @Nullable String takenBefore,
            long offers,
            boolean isUpdated,
            boolean hasReverted,
            @Nullable Instant failedAt) {}
}
