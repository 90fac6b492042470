package org.fuota.rollout;

/**
 * What has become of the boards that a rollout was offered to, each counted once.
 *
 * @param offered all of them, which is the sum of the others
 */
public record RolloutCount(String rollout, long offered, long updated, long failed, long pending) {}
