package org.fuota.rollout;

import org.fuota.file.FilePath;
import org.fuota.file.ImageFacts;
import org.fuota.file.StoredFile;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that a path held when a rollout of it was made.
 *
 * @param sha256 in hexadecimal
 * @param chip that they are for, like project null where they don't say
 */
record Release(
        FilePath path,
        String sha256,
        @Nullable String chip,
        @Nullable String project) {
    static Release of(StoredFile file) {
        return new Release(
                file.path(),
                file.sha256().hex(),
                file.image().chip(),
                ImageFacts.ownProject(file.image().project()));
    }
}
