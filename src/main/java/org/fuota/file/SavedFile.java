package org.fuota.file;

import java.util.Optional;

/**
 * What an upload led to.
 *
 * @param file what is at the path now
 * @param replaced what was there before; the same file, when that has the same bytes
 */
public record SavedFile(StoredFile file, Optional<StoredFile> replaced) {
    /** False when the same bytes were there already, and nothing was written. */
    public boolean isNew() {
        return replaced.filter(
                        before -> before.sha256().hex().equals(file.sha256().hex()))
                .isEmpty();
    }
}
