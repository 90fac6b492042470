package org.fuota.rollout;

import java.time.Instant;

/** That all offers are stopped: since when, who did so and from where, and why; that may be empty. */
public record Stop(Instant since, String user, String remoteAddress, String why) {}
