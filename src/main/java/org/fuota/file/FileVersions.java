package org.fuota.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.http.Sha256;
import org.fuota.image.ImageInspector;
import org.fuota.image.ImageReport;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the files that are current, in memory: digest, image, and a snapshot under a name of its own, a hard
 * link where the file system has them. A file that changed by hand is looked at again: when its size, its time or its inode
 * are others.
 *
 * <p>Snapshots are what downloads read, because a container that sends a file by itself opens it by name, after the servlet
 * has returned, when another file may have come to its path. So they outlive their version by a minute.
 */
final class FileVersions {
    static final String PREFIX = ".version-";

    private static final Logger LOG = Logger.getLogger(FileVersions.class.getName());
    private static final int BUFFER_BYTES = 64 * 1024;

    /** A file that was written less than this ago may be written again within the same tick of its time. */
    private static final Duration UNSETTLED = Duration.ofSeconds(2);

    private static final Duration KEPT = Duration.ofMinutes(1);

    private final Path folder;
    private final long slotBytes;
    private final Clock clock;
    private final Map<String, Version> byPath = new ConcurrentHashMap<>();
    private final Queue<Retired> retired = new ConcurrentLinkedQueue<>();

    private record Version(StoredFile file, BasicFileAttributes attributes, boolean isSettled) {
        boolean isOf(BasicFileAttributes current) {
            return isSettled
                    && attributes.size() == current.size()
                    && attributes.lastModifiedTime().equals(current.lastModifiedTime())
                    && Objects.equals(attributes.fileKey(), current.fileKey());
        }
    }

    private record Retired(Path snapshot, Instant since) {}

    FileVersions(Path folder, long slotBytes, Clock clock) {
        this.folder = folder;
        this.slotBytes = slotBytes;
        this.clock = clock;
    }

    /** Deletes the snapshots of an earlier run. */
    void prepare() throws IOException {
        byPath.clear();
        try (DirectoryStream<Path> snapshots = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path snapshot : snapshots) {
                Files.deleteIfExists(snapshot);
            }
        }
    }

    /**
     * The version that is at a path.
     *
     * @param attributes as they are now
     */
    StoredFile current(FilePath path, Path file, BasicFileAttributes attributes) throws IOException {
        Version known = byPath.get(path.value());
        return known != null && known.isOf(attributes) ? known.file() : lookAt(path, file, attributes);
    }

    /** Takes in what has just been stored, of which all is known. */
    StoredFile stored(FilePath path, Path file, Path snapshot, Sha256 sha256, ImageReport image) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return put(path, snapshot, sha256, image, attributes, true);
    }

    /** There is no file at the path any more. */
    void forget(FilePath path) {
        retire(byPath.remove(path.value()));
    }

    /**
     * The same bytes under another name: a copy where a link isn't possible, such as to a file of another user. And where a
     * copy isn't possible either, on a disk that is full or read-only, the file itself, because downloads must go on.
     */
    Path snapshot(Path file) throws IOException {
        Path snapshot = folder.resolve(PREFIX + UUID.randomUUID());
        try {
            return Files.createLink(snapshot, file);
        } catch (UnsupportedOperationException | IOException notLinked) {
            return copyIfPossible(file, snapshot);
        }
    }

    private static Path copyIfPossible(Path file, Path snapshot) throws IOException {
        try {
            return Files.copy(file, snapshot);
        } catch (IOException e) {
            LOG.log(Level.WARNING, e, () -> file + " is served without a snapshot; don't replace it by hand");
            Files.deleteIfExists(snapshot);
            return file;
        }
    }

    /** Deletes what nobody can still be about to open. */
    void deleteRetired() throws IOException {
        Instant oldest = clock.instant().minus(KEPT);
        for (Retired next = retired.peek(); next != null && next.since().isBefore(oldest); next = retired.peek()) {
            Files.deleteIfExists(next.snapshot());
            retired.remove(next);
        }
    }

    private synchronized StoredFile lookAt(FilePath path, Path file, BasicFileAttributes attributes)
            throws IOException {
        Version known = byPath.get(path.value());
        if (known != null && known.isOf(attributes)) {
            return known.file();
        }
        deleteRetired();
        boolean isSettled = attributes
                .lastModifiedTime()
                .toInstant()
                .isBefore(clock.instant().minus(UNSETTLED));
        Path snapshot = snapshot(file);
        MessageDigest digest = Upload.newDigest();
        ImageInspector inspector = new ImageInspector(slotBytes);
        try (InputStream in = Files.newInputStream(snapshot)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
                inspector.update(buffer, 0, count);
            }
        }
        return put(path, snapshot, Sha256.of(digest.digest()), inspector.finish(), attributes, isSettled);
    }

    private StoredFile put(
            FilePath path,
            Path snapshot,
            Sha256 sha256,
            ImageReport image,
            BasicFileAttributes attributes,
            boolean isSettled)
            throws IOException {
        StoredFile file = new StoredFile(
                path,
                snapshot,
                Files.size(snapshot),
                // A time in the future is no use to anybody who compares it with his own.
                earlier(attributes.lastModifiedTime().toInstant(), clock.instant()),
                sha256,
                image);
        retire(byPath.put(path.value(), new Version(file, attributes, isSettled)));
        return file;
    }

    private void retire(@Nullable Version version) {
        if (version != null
                && version.file().snapshot().getFileName().toString().startsWith(PREFIX)) {
            retired.add(new Retired(version.file().snapshot(), clock.instant()));
        }
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
