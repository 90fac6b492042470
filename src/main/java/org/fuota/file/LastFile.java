package org.fuota.file;

import org.jspecify.annotations.Nullable;

/**
 * The update file that a device took last, as its polls tell, whatever it was assigned or offered since; null is what isn't known.
 *
 * @param sha256 in hexadecimal
 * @param reported the version that it reported next; null when that has been rolled back since, too
 */
public record LastFile(
        @Nullable String sha256,
        @Nullable String reported,
        @Nullable String chip,
        @Nullable String project) {
    /** Of a device that nothing is known of. */
    public static final LastFile NONE = new LastFile(null, null, null, null);

    /** The same for two that are equal. */
    public String key() {
        return sha256 + "\n" + reported + "\n" + chip + "\n" + project;
    }
}
