package org.fuota.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.lock.ProcessLock;
import org.jspecify.annotations.Nullable;

/**
 * Names for what lies in the folder of the update files only for a while. No path of an update file starts with a dot. Each
 * name has that of this node, which keeps a file locked: so whoever starts beside it knows what is in use, and what is left
 * of a node that is gone.
 */
final class TemporaryFiles implements Closeable {
    static final String UPLOAD = ".upload-";
    static final String VERSION = ".version-";

    private static final Logger LOG = Logger.getLogger(TemporaryFiles.class.getName());
    private static final String NODE = ".node-";

    private final Path folder;
    private final Clock clock;
    private final String node = UUID.randomUUID().toString();
    private @Nullable ProcessLock lock;
    private boolean canLock = true;

    TemporaryFiles(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** A new file for an upload, its owner's only; in the folder itself, or in one below it. */
    Path newUpload(Path directory) throws IOException {
        lock();
        return Files.createTempFile(directory, UPLOAD + node + "-", "");
    }

    /** A name for a version of an update file, or for what is as short-lived. */
    Path newVersion() throws IOException {
        lock();
        return folder.resolve(VERSION + node + "-" + UUID.randomUUID());
    }

    /** Whether the name is of a temporary file whose node is gone. */
    boolean isLeftover(Path file, List<String> living) {
        String name = file.getFileName().toString();
        return (name.startsWith(UPLOAD) || name.startsWith(VERSION))
                && living.stream().noneMatch(other -> name.startsWith(other + "-", name.indexOf('-') + 1));
    }

    /** The nodes that use the folder, this one apart; what others left to tell so is deleted. */
    synchronized List<String> others() throws IOException {
        List<String> living = new ArrayList<>();
        try (DirectoryStream<Path> nodes = Files.newDirectoryStream(folder, NODE + "*")) {
            for (Path other : nodes) {
                String name = other.getFileName().toString().substring(NODE.length());
                if (name.equals(node)) {
                    continue;
                }
                Optional<ProcessLock> gone = ProcessLock.tryLock(other, clock.instant());
                if (gone.isPresent()) {
                    Files.deleteIfExists(other);
                    gone.get().close();
                } else {
                    LOG.warning(() -> "somebody else uses this folder of update files, too: " + other);
                    living.add(name);
                }
            }
        }
        return living;
    }

    /** Whatever is left is deleted by the next start. */
    @Override
    public synchronized void close() throws IOException {
        if (lock != null) {
            Files.deleteIfExists(folder.resolve(NODE + node));
            lock.close();
            lock = null;
        }
    }

    /** Not before something is written: the folder may come later, or be read-only. */
    private synchronized void lock() {
        if (lock != null || !canLock) {
            return;
        }
        try {
            lock = ProcessLock.tryLock(folder.resolve(NODE + node), clock.instant())
                    .orElse(null);
        } catch (IOException e) {
            // Not every disk that is mounted from elsewhere has locks.
            canLock = false;
            LOG.log(
                    Level.WARNING,
                    e,
                    () -> "this folder of update files has no locks: let no other server use it, " + folder);
        }
    }
}
