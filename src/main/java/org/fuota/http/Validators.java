package org.fuota.http;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What tells one state of a representation from another (RFC 9110 §8.8): a strong {@code ETag}, and {@code Last-Modified}, cut to the second. */
public record Validators(EntityTag entityTag, Instant lastModified) {
    /** @throws IllegalArgumentException when the entity tag is weak */
    public Validators {
        if (entityTag.isWeak()) {
            throw new IllegalArgumentException(entityTag + " is weak");
        }
        lastModified = lastModified.truncatedTo(ChronoUnit.SECONDS);
    }

    /** Whether the date alone tells this state from others (§8.8.2.2): its second must be over, as far as no file changes twice in a second. */
    boolean isDateStrong(Instant now) {
        return !now.isBefore(lastModified.plusSeconds(1));
    }
}
