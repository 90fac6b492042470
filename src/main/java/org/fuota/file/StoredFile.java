package org.fuota.file;

import java.time.Instant;
import org.fuota.http.EntityTag;
import org.fuota.http.Sha256;
import org.fuota.http.Validators;

/**
 * What a path of an update file stands for, since when.
 *
 * @param md5 of the same bytes, in lower-case hexadecimal
 * @param storedAt to the millisecond
 */
public record StoredFile(FilePath path, Sha256 sha256, String md5, long size, ImageFacts image, Instant storedAt) {
    /** The digest is the entity tag: the same bytes have the same one, on every server and after every restart. */
    public Validators validators() {
        return new Validators(EntityTag.strong(sha256.hex()), storedAt);
    }

    boolean hasBytesOf(StoredFile other) {
        return sha256.equals(other.sha256);
    }
}
