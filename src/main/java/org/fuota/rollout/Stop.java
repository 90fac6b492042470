package org.fuota.rollout;

import java.time.Instant;
import org.fuota.error.Printable;

/** That all offers are stopped: since when, who did so and from where, and why; that may be empty. */
public record Stop(Instant since, String user, String remoteAddress, String why) {
    /** For anybody who must know. */
    public String sentence() {
        return "all offers are stopped since " + since + ", by " + Printable.of(user) + " from " + remoteAddress
                + (why.isEmpty() ? "" : ": " + why);
    }
}
