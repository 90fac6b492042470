package org.fuota.file;

import java.util.Optional;

/**
 * What an upload led to.
 *
 * @param file what is at the path now
 * @param replaced what was there before; the same file, when that has the same bytes
 * @param effect on the devices that are assigned the path
 */
public record SavedFile(StoredFile file, Optional<StoredFile> replaced, UploadEffect effect) {
    /** False when the same bytes were there already, and nothing was written. */
    public boolean isNew() {
        return replaced.filter(
                        before -> before.sha256().hex().equals(file.sha256().hex()))
                .isEmpty();
    }
}
