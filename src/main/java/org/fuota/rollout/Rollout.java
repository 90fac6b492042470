package org.fuota.rollout;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A rollout as it stands.
 *
 * @param number in the order in which they were made
 * @param sha256 of the bytes that it was made for, in hexadecimal
 * @param chip that these are for, like project null where they don't say
 * @param reason why it is in its state; empty where that goes without saying
 * @param stage the index of the one that it is in, from 0
 * @param since when it came into its state
 * @param stageBegan null as long as it is scheduled
 * @param resumed what failed before that is set aside; null when it never paused
 * @param pacedTo the second, since 1970, up to which first offers were handed out, where it has a pace
 */
record Rollout(
        long number,
        String name,
        Definition definition,
        String sha256,
        @Nullable String chip,
        @Nullable String project,
        RolloutState state,
        String reason,
        int stage,
        Instant since,
        @Nullable Instant stageBegan,
        @Nullable Instant resumed,
        long pacedTo) {
    Stage currentStage() {
        return definition.stages().get(stage);
    }

    boolean isInLastStage() {
        return stage == definition.stages().size() - 1;
    }
}
