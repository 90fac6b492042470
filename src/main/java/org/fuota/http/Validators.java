package org.fuota.http;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What tells one state of a representation from another (RFC 9110 §8.8).
 *
 * @param entityTag its {@code ETag}, strong
 * @param lastModified its {@code Last-Modified}: cut to the second, which is all that the header can say
 */
public record Validators(EntityTag entityTag, Instant lastModified) {
    /** @throws IllegalArgumentException when the entity tag is weak */
    public Validators {
        if (entityTag.isWeak()) {
            throw new IllegalArgumentException(entityTag + " is weak");
        }
        lastModified = lastModified.truncatedTo(ChronoUnit.SECONDS);
    }

    /**
     * Whether the date alone tells this state from others (§8.8.2.2): the second that it names must be over. Only of
     * files that don't change twice in a second is that the whole truth; clients that care have the entity tag.
     */
    boolean isDateStrong(Instant now) {
        return !now.isBefore(lastModified.plusSeconds(1));
    }
}
