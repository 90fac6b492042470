package org.fuota.rollout;

import java.time.Instant;
import java.util.List;
import org.fuota.file.FilePath;
import org.jspecify.annotations.Nullable;

/**
 * A rollout as it stands.
 *
 * @param number in the order in which they were made
 * @param undoes the number of the rollout that it takes back; null for others
 * @param releases what it offers: one; or what boards had taken before, by the path
 * @param reason why it is in its state; empty where that goes without saying
 * @param stage the index of the one that it is in, from 0
 * @param since when it came into its state
 * @param stageBegan null as long as it is scheduled
 * @param stageBeganServed the same in served time
 * @param resumed what failed before that is set aside; null when it never paused
 * @param pacedTo the second, since 1970, up to which first offers were handed out, where it has a pace
 */
record Rollout(
        long number,
        String name,
        Definition definition,
        @Nullable Long undoes,
        List<Release> releases,
        RolloutState state,
        String reason,
        int stage,
        Instant since,
        @Nullable Instant stageBegan,
        long stageBeganServed,
        @Nullable Instant resumed,
        long pacedTo) {
    /** What a board is offered; null where it isn't known what that took before. */
    @Nullable
    Release release(Board board) {
        if (undoes == null) {
            return releases.get(0);
        }
        Board.Trial undone = board.rollouts().get(undoes);
        if (undone == null) {
            return null;
        }
        FilePath otherwise = definition.file();
        return releases.stream()
                .filter(release -> release.sha256().equals(undone.takenBefore()))
                .findFirst()
                .or(() -> releases.stream()
                        .filter(release ->
                                otherwise != null && release.path().value().equals(otherwise.value()))
                        .findFirst())
                .orElse(null);
    }

    Stage currentStage() {
        return definition.stages().get(stage);
    }

    boolean isInLastStage() {
        return stage == definition.stages().size() - 1;
    }
}
