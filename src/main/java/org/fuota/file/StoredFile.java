package org.fuota.file;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.fuota.http.EntityTag;
import org.fuota.http.Sha256;
import org.fuota.http.Validators;
import org.fuota.image.ImageReport;

/**
 * One version of an update file.
 *
 * @param snapshot where these very bytes lie, whatever comes to the path meanwhile; for a minute longer than they are current
 * @param size in bytes
 * @param modified when it was stored
 * @param image what it says of itself
 */
public record StoredFile(FilePath path, Path snapshot, long size, Instant modified, Sha256 sha256, ImageReport image) {
    /** The name of the chip that it is for; empty when it doesn't say. */
    public Optional<String> chip() {
        return ImageText.chip(image);
    }

    /** The project that it says it is of; empty when it doesn't say. */
    public Optional<String> project() {
        return ImageText.ownProject(image);
    }

    /** The digest is the entity tag: the same bytes have the same one, on every server and after every restart. */
    public Validators validators() {
        return new Validators(EntityTag.strong(sha256.hex()), modified);
    }
}
