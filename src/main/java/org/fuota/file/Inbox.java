package org.fuota.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.blob.BlobStore;
import org.fuota.blob.Blobs;
import org.fuota.blob.NoRoomException;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.history.Actor;
import org.jspecify.annotations.Nullable;

/**
 * A folder of files to be taken in, each under its path there: laid in by hand, restored from a backup, or left by version 0.1.
 * Those that nobody has changed for some seconds are read, linked among the bytes, named by a transaction, and only then
 * deleted: whatever cuts that off, they are in one place or in both. What can't be taken stays, and the log names it once.
 */
public final class Inbox implements Closeable {
    static final Actor ACTOR = new Actor("inbox", "-");

    private static final Logger LOG = Logger.getLogger(Inbox.class.getName());

    // How long nobody must have changed a file: when it is known from the scan before, and when it isn't.
    private static final Duration SETTLED = Duration.ofSeconds(2);
    private static final Duration LONG_SETTLED = Duration.ofSeconds(10);
    // Files that are named in one transaction.
    private static final int BATCH = 200;
    private static final Duration TELL = Duration.ofSeconds(5);
    // After so many scans, what isn't taken in yet is what somebody is writing now.
    private static final int SCANS = 3;
    // In place of the state of what is no file.
    private static final String NO_FILE = "";

    private final Path folder;
    private final Blobs blobs;
    private final UpdateFiles files;
    private final FileLimits limits;
    private final Clock clock;
    private final CountDownLatch tried = new CountDownLatch(1);
    private final Map<Path, String> left = new HashMap<>();
    private Map<Path, String> seen = Map.of();
    private int scans;
    private boolean isFailing;
    private volatile boolean isTakenIn;
    private volatile boolean isClosed;

    /**
     * A file that is linked among the bytes, and is to be named.
     *
     * @param bytes its temporary file there
     * @param mustStay whether it can't be deleted, or isn't the file itself: it replaces only what is older then
     */
    record Arrival(StoredFile stored, Path file, Path bytes, String state, boolean mustStay) {}

    private record Found(Path file, BasicFileAttributes attributes, boolean isLinked) {
        String state() {
            return attributes.size() + " " + attributes.lastModifiedTime() + " " + attributes.fileKey();
        }
    }

    Inbox(Path folder, Blobs blobs, UpdateFiles files, FileLimits limits, Clock clock) {
        this.folder = folder;
        this.blobs = blobs;
        this.files = files;
        this.limits = limits;
        this.clock = clock;
    }

    /** @throws FuotaException while files that were there at the start are still taken in */
    public void requireTakenIn() {
        if (!isTakenIn) {
            throw new FuotaException(
                    ErrorCode.UNAVAILABLE, "update files are still being taken in; ask again when that has ended");
        }
    }

    /** Returns when the files that were there at the start are taken in, or can't be, or after that time. */
    public void await(Duration patience) {
        try {
            tried.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends a scan soon; the next start goes on. */
    @Override
    public void close() {
        isClosed = true;
    }

    /** Takes in what is there. For one thread. */
    public void scan() {
        try {
            if (take(find())) {
                isTakenIn = true;
                tried.countDown();
            }
            isFailing = false;
        } catch (IOException | RuntimeException e) {
            if (!isFailing && !isClosed) {
                LOG.log(Level.WARNING, "update files can't be taken in from " + folder + "; it is tried again", e);
            }
            isFailing = true;
            tried.countDown();
        }
    }

    /** Whether it was all that was there. */
    private boolean take(List<Found> found) throws IOException {
        Map<Path, String> states = new HashMap<>();
        found.forEach(one -> states.put(one.file(), one.state()));
        left.entrySet()
                .removeIf(one ->
                        !one.getValue().equals(NO_FILE) && !one.getValue().equals(states.get(one.getKey())));
        found.removeIf(one -> left.containsKey(one.file()));
        List<Found> settled = found.stream()
                .filter(this::isSettled)
                // First what leads to others, while they are still there.
                .sorted(Comparator.comparing(one -> !one.isLinked()))
                .toList();
        boolean isAll = settled.size() == found.size();
        seen = states;
        Instant told = clock.instant();
        for (int from = 0; from < settled.size(); from += BATCH) {
            take(settled, from);
            if (isClosed) {
                return false;
            }
            if (Duration.between(told, clock.instant()).compareTo(TELL) > 0) {
                told = clock.instant();
                int done = Math.min(settled.size(), from + BATCH);
                LOG.info(() -> "taking in update files: " + done + " of " + settled.size());
            }
        }
        return isAll || ++scans >= SCANS;
    }

    private void take(List<Found> settled, int from) throws IOException {
        List<Arrival> arrivals = new ArrayList<>();
        try {
            for (Found one : settled.subList(from, Math.min(settled.size(), from + BATCH))) {
                receive(one).ifPresent(arrivals::add);
                if (isClosed) {
                    return;
                }
            }
            if (!arrivals.isEmpty()) {
                files.takeIn(arrivals);
            }
        } finally {
            for (Arrival arrival : arrivals) {
                Files.deleteIfExists(arrival.bytes());
            }
        }
    }

    private Optional<Arrival> receive(Found one) throws IOException {
        @Nullable Path bytes = null;
        try {
            Path real = one.file().toRealPath();
            boolean isInside = real.startsWith(folder.toRealPath());
            boolean isLink = Files.isSymbolicLink(one.file());
            BlobStore.force(real);
            blobs.makeRoom(one.attributes().size());
            // What a link leads to belongs to somebody who may go on writing it.
            bytes = blobs.folder().newFile(real, !isLink);
            // A time in the future is no use to anybody who compares it with his own.
            long modified = Math.min(one.attributes().lastModifiedTime().toMillis(), clock.millis());
            StoredFile stored =
                    FileFacts.read(bytes, limits).at(new FilePath(pathOf(one.file())), Instant.ofEpochMilli(modified));
            boolean mustStay = one.isLinked() && !isLink && isInside
                    || !Files.isWritable(one.file().getParent());
            return Optional.of(new Arrival(stored, one.file(), bytes, one.state(), mustStay));
        } catch (IOException e) {
            if (bytes != null) {
                Files.deleteIfExists(bytes);
            }
            if (e instanceof NoRoomException || !blobs.folder().isUsable()) {
                throw e;
            }
            if (Files.exists(one.file())) {
                leave(one.file(), one.state(), e.toString());
            }
            return Optional.empty();
        }
    }

    /** Whether nobody has changed the file since it was read. */
    boolean isAsItWas(Arrival arrival) {
        try {
            BasicFileAttributes now = Files.readAttributes(arrival.file(), BasicFileAttributes.class);
            return new Found(arrival.file(), now, false).state().equals(arrival.state());
        } catch (IOException e) {
            return false;
        }
    }

    /** Deletes what is named now, and of that what can be. */
    void remove(List<Arrival> arrivals) throws IOException {
        Set<Path> changed = new HashSet<>();
        for (Arrival arrival : arrivals) {
            if (arrival.mustStay()) {
                left.put(arrival.file(), arrival.state());
            } else if (!left.containsKey(arrival.file()) && isAsItWas(arrival)) {
                try {
                    Files.delete(arrival.file());
                    changed.add(arrival.file().getParent());
                } catch (IOException e) {
                    leave(arrival.file(), arrival.state(), "it is taken in, but can't be deleted: " + e);
                }
            }
        }
        // Or it would come back in a power cut, and replace what has been uploaded since.
        for (Path directory : changed) {
            BlobStore.force(directory);
        }
    }

    /** Deletes what is to be taken in to a path, because somebody has uploaded to it, or deleted it, since. */
    void discard(FilePath path) {
        Path file = folder.resolve(path.value());
        try {
            if (Files.isRegularFile(file) && Files.deleteIfExists(file)) {
                BlobStore.force(Objects.requireNonNull(file.getParent()));
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "an older update file stays, and will be taken in at the next start: " + file, e);
        }
    }

    void leave(Path file, String state, String why) {
        if (!state.equals(left.put(file, state))) {
            LOG.warning(() -> "stays in the folder of the update files: " + Printable.of(pathOf(file)) + ", " + why);
        }
    }

    /** A time in the future tells nothing, and it is as it was in the last scan then. */
    private boolean isSettled(Found found) {
        Duration age = Duration.between(found.attributes().lastModifiedTime().toInstant(), clock.instant())
                .abs();
        return age.compareTo(LONG_SETTLED) > 0
                || age.compareTo(SETTLED) > 0 && found.state().equals(seen.get(found.file()));
    }

    /** Every file in the folder and below it. A symbolic link counts as what it leads to; one that leads back isn't followed. */
    private List<Found> find() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        Path real = folder.toRealPath();
        List<Found> found = new ArrayList<>();
        Files.walkFileTree(folder, Set.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return directory.equals(folder) || isRequestable(directory)
                        ? FileVisitResult.CONTINUE
                        : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (file.getFileName().toString().matches("\\.(upload|version|node)-.*")) {
                    // Of version 0.1.
                    Files.deleteIfExists(file);
                } else if (attributes.isSymbolicLink()) {
                    leave(file, NO_FILE, "this link leads nowhere");
                } else if (isRequestable(file) && attributes.isRegularFile()) {
                    found.add(new Found(file, attributes, !file.toRealPath().equals(real.resolve(pathOf(file)))));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                if (!(e instanceof NoSuchFileException) && !(e instanceof FileSystemLoopException)) {
                    leave(file, NO_FILE, e.toString());
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    private boolean isRequestable(Path file) {
        boolean isRequestable = FilePath.ifRequestable(pathOf(file)).isPresent();
        if (!isRequestable && !file.getFileName().toString().startsWith(".")) {
            leave(file, NO_FILE, "no board can request it by this name");
        }
        return isRequestable;
    }

    private String pathOf(Path file) {
        return folder.relativize(file).toString();
    }
}
