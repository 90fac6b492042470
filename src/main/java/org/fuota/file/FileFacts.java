package org.fuota.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.fuota.http.Sha256;
import org.fuota.image.ImageInspector;
import org.fuota.image.ImageReport;

/** What reading a file once tells of it; its MD5 in lower-case hexadecimal. */
record FileFacts(long size, Sha256 sha256, String md5, ImageReport image) {
    static FileFacts read(Path file, FileLimits limits) throws IOException {
        Collector collector = new Collector(limits);
        Files.copy(file, collector);
        return collector.finish();
    }

    StoredFile at(FilePath path, Instant storedAt) {
        return new StoredFile(path, sha256, md5, size, ImageFacts.of(path, image), storedAt);
    }

    /** Takes the facts of bytes as they go by, in constant memory. For one file. */
    static final class Collector extends OutputStream {
        private final MessageDigest sha256 = Sha256.newDigest();
        private final MessageDigest md5 = newMd5();
        private final ImageInspector inspector;
        private long size;

        Collector(FileLimits limits) {
            this.inspector = new ImageInspector(limits.slotBytes());
        }

        @Override
        public void write(byte[] buffer, int offset, int count) {
            sha256.update(buffer, offset, count);
            md5.update(buffer, offset, count);
            inspector.update(buffer, offset, count);
            size += count;
        }

        @Override
        public void write(int octet) {
            write(new byte[] {(byte) octet}, 0, 1);
        }

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
