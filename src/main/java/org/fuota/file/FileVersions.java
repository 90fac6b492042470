package org.fuota.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the files that are current, in memory: digest, image, and a snapshot under a name of its own, a hard
 * link where the file system has them. A file that changed by hand is looked at again: when its size, its time or its inode
 * are others.
 *
 * <p>Snapshots are what downloads read, because a container that sends a file by itself opens it by name, after the servlet
 * has returned, when another file may have come to its path. So they outlive their version by a minute, at least.
 */
final class FileVersions {
    private static final Logger LOG = Logger.getLogger(FileVersions.class.getName());
    private static final int BUFFER_BYTES = 64 * 1024;

    /** A file that was written less than this ago may be written again within the same tick of its time. */
    private static final Duration UNSETTLED = Duration.ofSeconds(2);

    private static final Duration KEPT = Duration.ofMinutes(1);

    private final Path folder;
    private final TemporaryFiles temporary;
    private final FileLimits limits;
    private final Clock clock;
    private final Map<String, Version> byPath = new ConcurrentHashMap<>();
    private final Queue<Retired> retired = new ConcurrentLinkedQueue<>();

    private record Version(StoredFile file, BasicFileAttributes attributes, boolean isSettled) {
        boolean isCurrent(BasicFileAttributes current) {
            return isSettled && isOf(current);
        }

        /** Whether this is still the file that was looked at; and whether nobody has cleared its snapshot away. */
        boolean isOf(BasicFileAttributes current) {
            return attributes.size() == current.size()
                    && attributes.lastModifiedTime().equals(current.lastModifiedTime())
                    && Objects.equals(attributes.fileKey(), current.fileKey())
                    && Files.exists(file.snapshot());
        }
    }

    private record Retired(Path snapshot, Instant since) {}

    FileVersions(Path folder, TemporaryFiles temporary, FileLimits limits, Clock clock) {
        this.folder = folder;
        this.temporary = temporary;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * The version that is at a path.
     *
     * @param attributes as they are now
     */
    StoredFile current(FilePath path, Path file, BasicFileAttributes attributes) throws IOException {
        Optional<StoredFile> known = known(path, attributes);
        return known.isPresent() ? known.get() : lookAt(path, file, attributes);
    }

    /** The same, if it has been looked at. */
    Optional<StoredFile> known(FilePath path, BasicFileAttributes attributes) {
        return Optional.ofNullable(byPath.get(path.value()))
                .filter(version -> version.isCurrent(attributes))
                .map(Version::file);
    }

    /** Takes in what has just been stored, of which all is known. */
    StoredFile stored(FilePath path, Path file, Path snapshot, FileFacts facts) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return put(path, snapshot, facts, attributes, true);
    }

    /** There is no file at the path any more. */
    void forget(FilePath path) {
        retire(byPath.remove(path.value()));
    }

    /** The same bytes under another name: a link, or a copy where that isn't possible, such as to a file of another user. */
    Path snapshot(Path file) throws IOException {
        Path snapshot = temporary.newVersion();
        // What a symbolic link leads to: the link itself may mean something else in another folder, and tomorrow.
        Path content = file.toRealPath();
        try {
            return Files.createLink(snapshot, content);
        } catch (UnsupportedOperationException | IOException notLinked) {
            return copy(content, snapshot);
        }
    }

    /** Forgets what was deleted by hand, and deletes what nobody can still be about to open. */
    void cleanUp() {
        byPath.values().stream()
                .map(version -> version.file().path())
                .filter(path -> !Files.exists(folder.resolve(path.value())))
                .forEach(this::forget);
        Instant oldest = clock.instant().minus(KEPT);
        for (Retired next = retired.peek(); next != null && next.since().isBefore(oldest); next = retired.peek()) {
            retired.remove(next);
            delete(next.snapshot());
        }
    }

    private Path copy(Path content, Path snapshot) throws IOException {
        if (Files.getFileStore(folder).getUsableSpace() - Files.size(content) < limits.minFreeBytes()) {
            throw new NoRoomException("no room for a snapshot of " + content);
        }
        try {
            return Files.copy(content, snapshot);
        } catch (IOException e) {
            Files.deleteIfExists(snapshot);
            throw e;
        }
    }

    private synchronized StoredFile lookAt(FilePath path, Path file, BasicFileAttributes attributes)
            throws IOException {
        Version known = byPath.get(path.value());
        if (known != null && known.isCurrent(attributes)) {
            return known.file();
        }
        Instant now = clock.instant();
        Instant modified = attributes.lastModifiedTime().toInstant();
        boolean isSettled = Duration.between(modified, now).abs().compareTo(UNSETTLED) > 0;
        Path snapshot =
                known != null && known.isOf(attributes) && isLink(known.file().snapshot(), attributes)
                        ? known.file().snapshot()
                        : snapshotIfPossible(file);
        try {
            return lookAt(path, snapshot, attributes, isSettled);
        } catch (IOException e) {
            if (isSnapshot(snapshot)) {
                delete(snapshot);
            }
            throw e;
        }
    }

    private StoredFile lookAt(FilePath path, Path snapshot, BasicFileAttributes attributes, boolean isSettled)
            throws IOException {
        FileFacts.Collector collector = new FileFacts.Collector(limits);
        try (InputStream in = Files.newInputStream(snapshot)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                collector.update(buffer, count);
            }
        }
        return put(path, snapshot, collector.finish(), attributes, isSettled);
    }

    /** The file itself where a snapshot isn't possible, on a disk that is full or read-only: downloads must go on. */
    private Path snapshotIfPossible(Path file) throws IOException {
        try {
            return snapshot(file);
        } catch (NoSuchFileException e) {
            if (!Files.exists(file)) {
                throw e;
            }
            return file;
        } catch (IOException e) {
            LOG.log(Level.WARNING, e, () -> file + " is served without a snapshot: don't replace it by hand");
            return file;
        }
    }

    /** Whether a snapshot is the very file, so that what is written to it later is in the snapshot, too. */
    private static boolean isLink(Path snapshot, BasicFileAttributes attributes) throws IOException {
        Object key = Files.readAttributes(snapshot, BasicFileAttributes.class).fileKey();
        return key != null && key.equals(attributes.fileKey());
    }

    private StoredFile put(
            FilePath path, Path snapshot, FileFacts facts, BasicFileAttributes attributes, boolean isSettled) {
        // A time in the future is no use to anybody who compares it with his own.
        Instant modified = earlier(attributes.lastModifiedTime().toInstant(), clock.instant());
        StoredFile file = new StoredFile(path, snapshot, facts.size(), modified, facts.sha256(), facts.image());
        Version replaced = byPath.put(path.value(), new Version(file, attributes, isSettled));
        if (replaced != null && !replaced.file().snapshot().equals(snapshot)) {
            retire(replaced);
        }
        return file;
    }

    private void retire(@Nullable Version version) {
        if (version != null && isSnapshot(version.file().snapshot())) {
            retired.add(new Retired(version.file().snapshot(), clock.instant()));
        }
    }

    private static boolean isSnapshot(Path file) {
        return file.getFileName().toString().startsWith(TemporaryFiles.VERSION);
    }

    private static void delete(Path snapshot) {
        try {
            Files.deleteIfExists(snapshot);
        } catch (IOException e) {
            LOG.log(Level.WARNING, e, () -> "a snapshot can't be deleted: " + snapshot);
        }
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
