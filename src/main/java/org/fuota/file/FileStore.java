package org.fuota.file;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.logging.Logger;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.jspecify.annotations.Nullable;

/**
 * Update files as plain files in one folder, each at its own path. At any time a path holds all the bytes of one upload
 * or none: an upload goes to a temporary file in the same folder, whose name, starting with a dot, no path can have, and
 * takes its place in one atomic move once it is whole and on disk.
 */
public final class FileStore {
    private static final Logger LOG = Logger.getLogger(FileStore.class.getName());
    private static final String TEMPORARY_PREFIX = ".upload-";
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Path folder;

    /** @param folder where the files lie, absolute; {@link #prepare} makes it when it isn't there */
    public FileStore(Path folder) {
        this.folder = folder;
    }

    /** Makes the folder if it is missing, and clears it of what uploads left there that a crash cut short. */
    public void prepare() throws IOException {
        Files.createDirectories(folder);
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder, TEMPORARY_PREFIX + "*")) {
            for (Path leftover : leftovers) {
                Files.deleteIfExists(leftover);
                LOG.info(() -> "deleted what an interrupted upload left: " + leftover);
            }
        }
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

    /** The file at the path, open; empty when there is none. */
    public Optional<StoredFile> open(FilePath path) throws IOException {
        Optional<BasicFileAttributes> attributes = attributes(path);
        if (attributes.isEmpty()) {
            return Optional.empty();
        }
        FileChannel content;
        try {
            content = FileChannel.open(resolve(path), StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        try {
            // The size of what was opened: another file may have come to the path since its attributes were read.
            return Optional.of(new StoredFile(
                    content, content.size(), attributes.get().lastModifiedTime().toInstant()));
        } catch (IOException e) {
            content.close();
            throw e;
        }
    }

    /**
     * Stores all that the stream holds under the path, in place of what was there. Durable on return; after any failure
     * the path holds what it held before.
     *
     * @param declaredLength in bytes as the client announced it, or -1 when it didn't
     * @return how many bytes were stored
     * @throws FuotaException when the stream breaks off or is shorter than declared, or when the path clashes with a
     *     file or folder that is there
     */
    public long save(FilePath path, InputStream in, long declaredLength) throws IOException {
        refuseClash(path);
        Path temporary = Files.createTempFile(folder, TEMPORARY_PREFIX, "");
        try {
            long size = write(temporary, in, declaredLength);
            if (declaredLength >= 0 && size != declaredLength) {
                throw brokeOff(size, declaredLength, null);
            }
            moveIntoPlace(temporary, resolve(path));
            return size;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static long write(Path temporary, InputStream in, long declaredLength) throws IOException {
        try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            long size = 0;
            for (int count = read(in, buffer, size, declaredLength);
                    count >= 0;
                    count = read(in, buffer, size, declaredLength)) {
                ByteBuffer octets = ByteBuffer.wrap(buffer, 0, count);
                while (octets.hasRemaining()) {
                    out.write(octets);
                }
                size += count;
            }
            out.force(true);
            return size;
        }
    }

    /** Reads on; apart from writing, because a failure here is the client's and one there is ours. */
    private static int read(InputStream in, byte[] buffer, long size, long declaredLength) {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw brokeOff(size, declaredLength, e);
        }
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

    private void moveIntoPlace(Path temporary, Path target) throws IOException {
        Path parent = target.getParent();
        Files.createDirectories(parent);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        // The move is durable only when the folder is; and a new folder only when the one above it is.
        for (Path changed = parent; changed.startsWith(folder); changed = changed.getParent()) {
            force(changed);
        }
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private Optional<BasicFileAttributes> attributes(FilePath path) throws IOException {
        try {
            return Optional.of(Files.readAttributes(resolve(path), BasicFileAttributes.class))
                    .filter(BasicFileAttributes::isRegularFile);
        } catch (NoSuchFileException | FileNotFoundException e) {
            return requireFolder();
        } catch (FileSystemException e) {
            // A segment that is a file, where a folder is needed: "Not a directory" has no exception of its own.
            if (!Files.exists(resolve(path))) {
                return requireFolder();
            }
            throw e;
        }
    }

    /** Absent is the file only while the folder is there; without it nothing can be told. */
    private Optional<BasicFileAttributes> requireFolder() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString(), null, "the folder of the update files is gone");
        }
        return Optional.empty();
    }

    private Path resolve(FilePath path) {
        return folder.resolve(path.value());
    }

    private static FuotaException brokeOff(long size, long declaredLength, @Nullable IOException cause) {
        String declared = declaredLength < 0 ? "its end" : declaredLength + " declared";
        return new FuotaException(
                ErrorCode.INVALID, "the upload ended after " + size + " bytes, before " + declared, cause);
    }
}
