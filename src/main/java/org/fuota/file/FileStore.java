package org.fuota.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.logging.Logger;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.image.ImageReport;

/**
 * Update files as plain files in one folder, each at its own path. At any time a path holds all the bytes of one upload
 * or none: an upload goes to a temporary file in the same folder, whose name, starting with a dot, no path can have, and
 * takes its place in one atomic move once it is whole, checked and on disk.
 */
public final class FileStore implements Closeable {
    private static final Logger LOG = Logger.getLogger(FileStore.class.getName());

    /** Of the root of a file system, nobody's but root's. */
    private static final String LOST_AND_FOUND = "lost+found";

    private final Path folder;
    private final TemporaryFiles temporary;
    private final FileLimits limits;
    private final FileVersions versions;

    /** @param folder where the files lie, absolute; {@link #prepare} makes it when it isn't there */
    public FileStore(Path folder, FileLimits limits, Clock clock) {
        this.folder = folder;
        this.limits = limits;
        this.temporary = new TemporaryFiles(folder, clock);
        this.versions = new FileVersions(folder, temporary, limits, clock);
    }

    /** Makes the folder if it is missing, and clears it of what a crash left there; what another server uses stays. */
    public void prepare() throws IOException {
        if (Files.isSymbolicLink(folder) && !Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder + " is a symbolic link that leads to no folder");
        }
        Files.createDirectories(folder);
        List<String> others = temporary.others();
        walk(
                leftover -> {
                    if (temporary.isLeftover(leftover, others)) {
                        Files.deleteIfExists(leftover);
                        if (leftover.getFileName().toString().startsWith(TemporaryFiles.UPLOAD)) {
                            LOG.info(() -> "deleted what an interrupted upload left: " + leftover);
                        }
                    }
                },
                (unreadable, e) -> {});
    }

    @Override
    public void close() throws IOException {
        temporary.close();
    }

    /** Whether the folder is there, and can be read and written. */
    public boolean isUsable() {
        return Files.isDirectory(folder) && Files.isReadable(folder) && Files.isWritable(folder);
    }

    /** The largest upload that is taken, in bytes. */
    long maxFileBytes() {
        return limits.maxFileBytes();
    }

    /** How many bytes are left on the disk for this process. */
    public long freeBytes() throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    /**
     * Whether a file can be downloaded from the path.
     *
     * @throws UncheckedIOException when that can't be told, because the folder or the disk is in trouble
     */
    public boolean exists(FilePath path) {
        try {
            return attributes(path).isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file at the path; empty when there is none. */
    public Optional<StoredFile> find(FilePath path) throws IOException {
        Optional<BasicFileAttributes> attributes = attributes(path);
        if (attributes.isPresent()) {
            try {
                return Optional.of(versions.current(path, resolve(path), attributes.get()));
            } catch (NoSuchFileException deletedMeanwhile) {
                requireFolder();
            }
        }
        versions.forget(path);
        return Optional.empty();
    }

    /** The same, if it is known without a look at its bytes, for which a poll must not wait. */
    public Optional<StoredFile> findKnown(FilePath path) throws IOException {
        return attributes(path).flatMap(attributes -> versions.known(path, attributes));
    }

    /**
     * The paths of all files, in order. What lies in the folder under a name that no path can have isn't among them, nor
     * what can't be read.
     */
    public List<FilePath> paths() throws IOException {
        return paths((unreadable, e) -> {});
    }

    private List<FilePath> paths(Unreadable unreadable) throws IOException {
        requireFolder();
        versions.cleanUp();
        List<String> paths = new ArrayList<>();
        walk(file -> paths.add(pathOf(file)), unreadable);
        return paths.stream()
                .sorted()
                .map(FilePath::ifRequestable)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Every file in the folder and below it. A symbolic link counts as what it leads to; one that leads back isn't followed. */
    private void walk(Found found, Unreadable unreadable) throws IOException {
        Files.walkFileTree(folder, Set.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                boolean isWanted = directory.equals(folder)
                        || FilePath.ifRequestable(pathOf(directory)).isPresent();
                return isWanted ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    found.accept(file);
                } else if (attributes.isSymbolicLink()) {
                    unreadable(file, new NoSuchFileException(file.toString(), null, "this link leads nowhere"));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                // An upload that has ended isn't there any more.
                if (!(e instanceof NoSuchFileException)
                        && !(e instanceof FileSystemLoopException)
                        && !LOST_AND_FOUND.equals(pathOf(file))) {
                    unreadable(file, e);
                }
                return FileVisitResult.CONTINUE;
            }

            private void unreadable(Path file, IOException e) throws IOException {
                if (FilePath.ifRequestable(pathOf(file)).isPresent()) {
                    unreadable.accept(file, e);
                }
            }
        });
    }

    private interface Found {
        void accept(Path file) throws IOException;
    }

    private interface Unreadable {
        void accept(Path file, IOException e) throws IOException;
    }

    private String pathOf(Path file) {
        return folder.relativize(file).toString();
    }

    /**
     * Stores all that the stream holds under the path, in place of what was there, unless that is the same. Durable on
     * return; after any failure until it is in place the path holds what it held before.
     *
     * @throws FuotaException when a condition isn't met, or the path clashes with a file or folder that is there
     */
    SavedFile save(FilePath path, InputStream body, UploadConditions conditions) throws IOException {
        refuseClash(path);
        conditions.requireState(find(path));
        versions.cleanUp();
        try (Upload upload = Upload.receive(folder, temporary, body, conditions.declaredLength(), limits)) {
            FileFacts facts = upload.facts();
            conditions.requireDigests(facts.sha256());
            if (facts.image() instanceof ImageReport.Broken broken) {
                throw new FuotaException(ErrorCode.REFUSED_IMAGE, ImageText.summary(broken));
            }
            UploadEffect effect = conditions.effect().apply(facts);
            return commit(path, upload.file(), facts, conditions, effect);
        }
    }

    /**
     * Deletes the file at the path, durably; tells which it was, or nothing when there was none.
     *
     * @param state throws unless the file that is there may be deleted
     */
    public synchronized Optional<StoredFile> delete(FilePath path, Consumer<StoredFile> state) throws IOException {
        Optional<StoredFile> present = find(path);
        if (present.isEmpty()) {
            return present;
        }
        state.accept(present.get());
        Path file = resolve(path);
        Files.delete(file);
        versions.forget(path);
        force(file.getParent());
        deleteEmpty(file.getParent());
        return present;
    }

    /**
     * Keeps all files as they are, together with what else is so at that moment: nobody stores or deletes while the work
     * runs. Downloads and polls don't wait for it.
     *
     * @param workBytes what the work will take of the disk, about
     * @param work writes into a new file; must be quick, and never wait for a client
     */
    public synchronized FrozenFiles freeze(long workBytes, Consumer<Path> work) throws IOException {
        if (freeBytes() - workBytes < limits.minFreeBytes()) {
            throw NoRoomException.full(null);
        }
        FrozenFiles frozen = new FrozenFiles(temporary.newVersion());
        try {
            work.accept(frozen.beside());
            for (FilePath path : paths(this::refuseToFreeze)) {
                freeze(path, frozen);
            }
            return frozen;
        } catch (IOException e) {
            frozen.close();
            throw NoRoomException.ifFull(folder, e);
        } catch (RuntimeException | Error e) {
            frozen.close();
            throw e;
        }
    }

    /** What is left out would be lost. */
    private void refuseToFreeze(Path unreadable, IOException e) {
        throw new FuotaException(
                ErrorCode.UNAVAILABLE, Printable.of(pathOf(unreadable)) + ", among the update files, can't be read", e);
    }

    private void freeze(FilePath path, FrozenFiles frozen) throws IOException {
        try {
            frozen.add(path, versions.snapshot(resolve(path)));
        } catch (NoSuchFileException deletedByHand) {
            requireFolder();
        }
    }

    /** One at a time: of two uploads to one path, the second sees the first. */
    private synchronized SavedFile commit(
            FilePath path, Path uploaded, FileFacts facts, UploadConditions conditions, UploadEffect effect)
            throws IOException {
        Optional<StoredFile> present = find(path);
        conditions.requireState(present);
        refuseClash(path);
        Path target = resolve(path);
        if (present.isPresent()
                && present.get().sha256().hex().equals(facts.sha256().hex())) {
            // It may have been copied in by hand, and never been forced to disk.
            force(target);
            force(target.getParent());
            return new SavedFile(present.get(), present, effect);
        }
        Path snapshot = versions.snapshot(uploaded);
        try {
            moveIntoPlace(uploaded, target);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(snapshot);
            throw e;
        }
        return new SavedFile(versions.stored(path, target, snapshot, facts), present, effect);
    }

    private void refuseClash(FilePath path) {
        if (Files.isDirectory(resolve(path))) {
            throw new FuotaException(ErrorCode.CONFLICT, "there are update files below " + path.value() + "/");
        }
        for (Path above = resolve(path).getParent(); above.startsWith(folder); above = above.getParent()) {
            if (Files.isRegularFile(above)) {
                throw new FuotaException(ErrorCode.CONFLICT, "a part of " + path.value() + " is an update file itself");
            }
        }
    }

    private void moveIntoPlace(Path uploaded, Path target) throws IOException {
        Path parent = target.getParent();
        // The folder itself isn't made anew: without it nothing can be told, and something is wrong.
        requireFolder();
        Files.createDirectories(parent);
        try {
            replace(uploaded, target);
        } catch (AtomicMoveNotSupportedException e) {
            moveBetweenFileSystems(uploaded, target);
        }
        // The move is durable only when the folder is; and a new folder only when the one above it is.
        for (Path changed = parent; changed.startsWith(folder); changed = changed.getParent()) {
            force(changed);
        }
    }

    /** Into a folder that a symbolic link leads to: the move is atomic there. */
    private void moveBetweenFileSystems(Path uploaded, Path target) throws IOException {
        Path copy = temporary.newUpload(target.getParent());
        try {
            Files.copy(uploaded, copy, StandardCopyOption.REPLACE_EXISTING);
            force(copy);
            replace(copy, target);
        } catch (IOException e) {
            Files.deleteIfExists(copy);
            throw NoRoomException.ifFull(target.getParent(), e);
        }
    }

    private static void replace(Path file, Path target) throws IOException {
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void deleteEmpty(Path directory) throws IOException {
        try {
            Path empty = directory;
            // Not an operator's symbolic link to a folder, which can be deleted while that has files.
            while (!empty.equals(folder) && Files.isDirectory(empty, LinkOption.NOFOLLOW_LINKS)) {
                Files.delete(empty);
                empty = empty.getParent();
            }
        } catch (DirectoryNotEmptyException stillUsed) {
            // Then those above it are, too.
        }
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private Optional<BasicFileAttributes> attributes(FilePath path) throws IOException {
        try {
            return Optional.of(Files.readAttributes(resolve(path), BasicFileAttributes.class))
                    .filter(BasicFileAttributes::isRegularFile);
        } catch (NoSuchFileException e) {
            requireFolder();
            return Optional.empty();
        } catch (FileSystemException e) {
            // A segment that is a file, where a folder is needed: "Not a directory" has no exception of its own.
            if (Files.exists(resolve(path))) {
                throw e;
            }
            requireFolder();
            return Optional.empty();
        }
    }

    /** Absent is a file only while the folder is there; without it nothing can be told. */
    private void requireFolder() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString(), null, "the folder of the update files is gone");
        }
    }

    private Path resolve(FilePath path) {
        return folder.resolve(path.value());
    }
}
