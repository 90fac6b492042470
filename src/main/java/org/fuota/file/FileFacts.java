package org.fuota.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.fuota.http.Sha256;
import org.fuota.image.ImageInspector;
import org.fuota.image.ImageReport;

/**
 * What reading a file once tells of it.
 *
 * @param size in bytes
 * @param md5 in lower-case hexadecimal
 * @param image what it says of itself
 */
record FileFacts(long size, Sha256 sha256, String md5, ImageReport image) {
    private static final int BUFFER_BYTES = 64 * 1024;

    static FileFacts read(Path file, FileLimits limits) throws IOException {
        Collector collector = new Collector(limits);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                collector.update(buffer, count);
            }
        }
        return collector.finish();
    }

    /** The file with these bytes at a path. */
    StoredFile at(FilePath path, Instant storedAt) {
        return new StoredFile(path, sha256, md5, size, ImageFacts.of(path, image), storedAt);
    }

    /** Takes the facts of bytes as they go by, in constant memory. For one file. */
    static final class Collector {
        private final MessageDigest sha256 = Sha256.newDigest();
        private final MessageDigest md5 = newMd5();
        private final ImageInspector inspector;
        private long size;

        Collector(FileLimits limits) {
            this.inspector = new ImageInspector(limits.slotBytes());
        }

        /** Takes the file's next bytes, the first of the buffer. */
        void update(byte[] buffer, int count) {
            sha256.update(buffer, 0, count);
            md5.update(buffer, 0, count);
            inspector.update(buffer, 0, count);
            size += count;
        }

        /** So far. */
        long size() {
            return size;
        }

        /** Of all that was taken; to be asked once. */
        FileFacts finish() {
            return new FileFacts(
                    size, Sha256.of(sha256.digest()), HexFormat.of().formatHex(md5.digest()), inspector.finish());
        }

        private static MessageDigest newMd5() {
            try {
                return MessageDigest.getInstance("MD5");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JVM has MD5", e);
            }
        }
    }
}
