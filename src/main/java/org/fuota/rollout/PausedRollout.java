package org.fuota.rollout;

import java.time.Instant;

/** A rollout that is paused: why, and since when. */
public record PausedRollout(String name, String reason, Instant since) {}
