package org.fuota.poll;

import org.fuota.file.FilePath;
import org.jspecify.annotations.Nullable;

/**
 * An update file as it was when a device was offered it.
 *
 * @param sha256 of its bytes, in hexadecimal; null when it isn't known yet
 * @param chip that it is for; null when it is no application
 * @param project that it says it is of; null when it doesn't say
 * @param rollout the number of the rollout that offers it; null where the device's assignment does
 */
public record OfferedFile(
        FilePath path,
        @Nullable String sha256,
        @Nullable String chip,
        @Nullable String project,
        @Nullable Long rollout) {}
