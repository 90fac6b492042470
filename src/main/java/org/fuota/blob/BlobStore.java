package org.fuota.blob;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.fuota.db.Transaction;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.http.Sha256;

/**
 * Bytes in one folder, in a file named by their SHA-256, {@code <its first two digits>/<all of it>}: written into a temporary file,
 * forced to disk, moved to their name, and never changed after that.
 *
 * <p>Bytes that rot on the disk are noticed when they are read: by {@link #file} the first time in this process and whenever
 * the file's size or time is another, by {@link #copy} and {@link #check} each time. They count as missing from then on.
 */
public final class BlobStore implements Blobs {
    private static final Logger LOG = Logger.getLogger(BlobStore.class.getName());
    private static final String TEMPORARY = ".new-";
    private static final String MISSING = "missing";
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int SMALLEST_WRITE_BYTES = 64 * 1024;

    private final Path folder;
    private final long minFreeBytes;

    // What was seen to be as it should, or not to be: its size and time then, by its digest.
    private final Map<String, String> whole = new ConcurrentHashMap<>();
    private final Map<String, String> damaged = new ConcurrentHashMap<>();

    /**
     * @param folder absolute; {@link #prepare} makes it
     * @param minFreeBytes what must be left free on its disk
     */
    public BlobStore(Path folder, long minFreeBytes) {
        this.folder = folder;
        this.minFreeBytes = minFreeBytes;
    }

    @Override
    public void prepare() throws IOException {
        if (Files.isSymbolicLink(folder) && !Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder + " is a symbolic link that leads to no folder");
        }
        Files.createDirectories(folder);
    }

    @Override
    public BlobStore folder() {
        return this;
    }

    /** Can't be done: all is needed. */
    @Override
    public void makeRoom(long bytes) {}

    /** Deletes the temporary files that a crash left, before anybody writes. */
    public void clear() throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder, TEMPORARY + "*")) {
            for (Path leftover : leftovers) {
                Files.deleteIfExists(leftover);
                LOG.info(() -> "deleted what an interrupted upload left: " + leftover);
            }
        }
    }

    public boolean isUsable() {
        return Files.isDirectory(folder) && Files.isReadable(folder) && Files.isWritable(folder);
    }

    public long freeBytes() throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    boolean hasRoom(long bytes) throws IOException {
        return freeBytes() - bytes >= minFreeBytes;
    }

    /** @throws NoRoomException unless so many bytes can be written, and what must be left free is left */
    public void requireRoom(long bytes) throws IOException {
        if (!hasRoom(bytes)) {
            throw new NoRoomException("less than " + minFreeBytes + " bytes would be left free beside " + folder);
        }
    }

    /** For the client, when writing failed because of a full disk; otherwise throws what it failed of. */
    public FuotaException ifFull(IOException failure) throws IOException {
        // Java has no exception of its own for a full disk, but one for a file that is gone.
        if (failure instanceof NoRoomException
                || !(failure instanceof NoSuchFileException) && freeBytes() < SMALLEST_WRITE_BYTES) {
            return new FuotaException(ErrorCode.STORAGE_FULL, "the server's disk is full", failure);
        }
        throw failure;
    }

    /** A new temporary file in the folder, its owner's only. Whoever asks for it deletes it, unless {@link #put} moves it. */
    public Path newFile() throws IOException {
        return Files.createTempFile(folder, TEMPORARY, "");
    }

    /** The same with the bytes of a file: a link to it where that is possible, else a copy that is on disk. */
    public Path newFile(Path content, boolean mayLink) throws IOException {
        Path file = folder.resolve(TEMPORARY + UUID.randomUUID());
        if (mayLink) {
            try {
                return Files.createLink(file, content);
            } catch (UnsupportedOperationException | IOException e) {
                LOG.log(Level.FINE, e, () -> "is copied: " + content);
            }
        }
        requireRoom(Files.size(content));
        try {
            Files.copy(content, file);
            force(file);
            return file;
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw ifFull(e);
        }
    }

    /** Moves a temporary file, which is on disk and has the bytes of that digest, to its name. Durable after {@link #force}. */
    @Override
    public void put(Path temporary, Sha256 sha256) throws IOException {
        Files.createDirectories(folder(sha256));
        // In place of the same bytes, which may have rotted.
        Files.move(temporary, path(sha256), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        passed(sha256, state(sha256));
    }

    @Override
    public void force(Collection<Sha256> put) throws IOException {
        for (Path changed : put.stream().map(this::folder).distinct().toList()) {
            force(changed);
        }
        force(folder);
    }

    /** By a look at the disk; throws when the folder or the disk is in trouble. */
    @Override
    public boolean has(Sha256 sha256) {
        try {
            return isThere(sha256, state(sha256));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the bytes lie, until they are deleted; throws when they aren't what they should be. */
    @Override
    public Path file(Sha256 sha256) throws IOException {
        String state = state(sha256);
        if (!isThere(sha256, state) || !state.equals(whole.get(sha256.hex())) && !check(sha256)) {
            throw damaged(sha256);
        }
        return path(sha256);
    }

    @Override
    public void copy(Sha256 sha256, OutputStream out) throws IOException {
        if (!read(sha256, out)) {
            throw damaged(sha256);
        }
    }

    @Override
    public boolean check(Sha256 sha256) throws IOException {
        return read(sha256, OutputStream.nullOutputStream());
    }

    @Override
    public List<Sha256> damaged() {
        return damaged.keySet().stream()
                .map(Sha256::new)
                .filter(sha256 -> !has(sha256))
                .toList();
    }

    /** Nothing: {@link #has} looks each time. */
    @Override
    public void tend() {}

    @Override
    public void delete(Transaction transaction, Sha256 sha256) throws IOException {
        delete(sha256);
    }

    void delete(Sha256 sha256) throws IOException {
        Files.deleteIfExists(path(sha256));
        whole.remove(sha256.hex());
        damaged.remove(sha256.hex());
    }

    /** Where the bytes lie, if they are there and what they should be. Where they can be had anew, it is no damage if they aren't. */
    Optional<Path> find(Sha256 sha256) throws IOException {
        String state = state(sha256);
        return !state.equals(MISSING) && (state.equals(whole.get(sha256.hex())) || isWhole(sha256, state))
                ? Optional.of(path(sha256))
                : Optional.empty();
    }

    /** Reads all of the bytes, if they are there; whether they are something else. */
    boolean isWrong(Sha256 sha256) throws IOException {
        String state = state(sha256);
        return !state.equals(MISSING) && !isWhole(sha256, state);
    }

    private boolean isWhole(Sha256 sha256, String state) throws IOException {
        if (read(sha256, state, OutputStream.nullOutputStream())) {
            return true;
        }
        LOG.warning(() -> damaged(sha256).getMessage() + "; they are fetched anew");
        return false;
    }

    /** How many bytes there are of each, that which was stored first first. */
    Map<Sha256, Long> sizes() throws IOException {
        Map<Sha256, FileTime> times = new HashMap<>();
        Map<Sha256, Long> sizes = new HashMap<>();
        try (Stream<Path> files = Files.walk(folder, 2)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = file.getFileName().toString();
                if (name.matches("[0-9a-f]{64}") && Files.isRegularFile(file)) {
                    times.put(new Sha256(name), Files.getLastModifiedTime(file));
                    sizes.put(new Sha256(name), Files.size(file));
                }
            }
        }
        Map<Sha256, Long> ordered = new LinkedHashMap<>();
        times.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .forEach(file -> ordered.put(file.getKey(), sizes.get(file.getKey())));
        return ordered;
    }

    private boolean read(Sha256 sha256, OutputStream out) throws IOException {
        String state = state(sha256);
        if (read(sha256, state, out)) {
            return true;
        }
        whole.remove(sha256.hex());
        if (!state.equals(damaged.put(sha256.hex(), state))) {
            LOG.severe(
                    () -> damaged(sha256).getMessage() + "; /health/ready tells an admin which update files that are");
        }
        return false;
    }

    private boolean read(Sha256 sha256, String state, OutputStream out) throws IOException {
        MessageDigest digest = Sha256.newDigest();
        if (!state.equals(MISSING)) {
            try (InputStream in = Files.newInputStream(path(sha256))) {
                byte[] buffer = new byte[BUFFER_BYTES];
                for (int count = next(in, buffer); count >= 0; count = next(in, buffer)) {
                    digest.update(buffer, 0, count);
                    out.write(buffer, 0, count);
                }
            }
            if (sha256.equals(Sha256.of(digest.digest()))) {
                passed(sha256, state);
                return true;
            }
        }
        return false;
    }

    /** What the disk can't read is missing: not the whole then. */
    private int next(InputStream in, byte[] buffer) {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            LOG.log(Level.WARNING, e, () -> "bytes can't be read in " + folder);
            return -1;
        }
    }

    private boolean isThere(Sha256 sha256, String state) {
        return !state.equals(MISSING) && !state.equals(damaged.get(sha256.hex()));
    }

    private void passed(Sha256 sha256, String state) {
        whole.put(sha256.hex(), state);
        damaged.remove(sha256.hex());
    }

    private IOException damaged(Sha256 sha256) {
        return new IOException("bytes are missing or damaged on the disk: " + path(sha256));
    }

    /** Missing are bytes only while the folder is there; without it nothing can be told. */
    private String state(Sha256 sha256) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path(sha256), BasicFileAttributes.class);
            return attributes.size() + " " + attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
        } catch (NoSuchFileException e) {
            if (!Files.isDirectory(folder)) {
                throw new NoSuchFileException(folder.toString(), null, "the folder of the update files' bytes is gone");
            }
            return MISSING;
        }
    }

    private Path path(Sha256 sha256) {
        return folder(sha256).resolve(sha256.hex());
    }

    private Path folder(Sha256 sha256) {
        return folder.resolve(sha256.hex().substring(0, 2));
    }

    /** Makes what a file holds, or a folder names, durable. */
    public static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
