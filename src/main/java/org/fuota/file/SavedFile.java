package org.fuota.file;

import java.util.Optional;
import org.fuota.history.HistoryEvent;
import org.fuota.image.ImageReport;

/**
 * What an upload led to.
 *
 * @param file what is at the path now
 * @param image what it says of itself
 * @param change empty when the same bytes were there already
 * @param effect on the devices that are assigned the path
 */
public record SavedFile(StoredFile file, ImageReport image, Optional<HistoryEvent> change, UploadEffect effect) {
    /** False when the same bytes were there already. */
    public boolean isNew() {
        return change.isPresent();
    }
}
