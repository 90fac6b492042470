package org.fuota.file;

import java.security.MessageDigest;
import org.fuota.http.Sha256;
import org.fuota.image.ImageInspector;
import org.fuota.image.ImageReport;

/**
 * What reading a file once tells of it.
 *
 * @param size in bytes
 * @param image what it says of itself
 */
record FileFacts(long size, Sha256 sha256, ImageReport image) {
    /** Takes the facts of bytes as they go by, in constant memory. For one file. */
    static final class Collector {
        private final MessageDigest digest = Sha256.newDigest();
        private final ImageInspector inspector;
        private long size;

        Collector(FileLimits limits) {
            this.inspector = new ImageInspector(limits.slotBytes());
        }

        /** Takes the file's next bytes, the first of the buffer. */
        void update(byte[] buffer, int count) {
            digest.update(buffer, 0, count);
            inspector.update(buffer, 0, count);
            size += count;
        }

        /** So far. */
        long size() {
            return size;
        }

        /** Of all that was taken; to be asked once. */
        FileFacts finish() {
            return new FileFacts(size, Sha256.of(digest.digest()), inspector.finish());
        }
    }
}
