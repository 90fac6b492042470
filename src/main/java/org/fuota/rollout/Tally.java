package org.fuota.rollout;

/**
 * What has become of the boards that a rollout was offered to, each counted once; those whose id two boards use aren't counted.
 *
 * @param offered all of them
 * @param due pending, and could have updated by now
 * @param stuck failed: offered too often
 * @param reverted failed: came back from it
 * @param silent failed: not heard of for longer than its own rhythm allows
 * @param failedSince those failed that nobody has set aside
 * @param stageUpdated of those that its stage is judged by
 * @param stageFailed of those that its stage is judged by
 * @param stageDue of those that its stage is judged by
 * @param unnoticed those failed of which that wasn't known yet
 */
record Tally(
        long offered,
        long updated,
        long due,
        long stuck,
        long reverted,
        long silent,
        long failedSince,
        long stageUpdated,
        long stageFailed,
        long stageDue,
        long unnoticed) {
    long failed() {
        return stuck + reverted + silent;
    }

    long pending() {
        return offered - updated - failed();
    }

    long judged() {
        return updated + failed() + due;
    }

    long stageJudged() {
        return stageUpdated + stageFailed + stageDue;
    }
}
