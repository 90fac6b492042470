package org.fuota.blob;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.http.Sha256;

/**
 * Bytes in the database, which several nodes share, and in a folder of this node those that were asked for lately: filled once however
 * many ask at the same moment, and only with what has the right digest. Losing the folder, or a file in it, costs nothing but filling it
 * again; while the database is away, what the folder has is served.
 *
 * <p>It may have more than its bytes, of files that were used within the last minute.
 */
public final class BlobCache implements Blobs {
    private static final Logger LOG = Logger.getLogger(BlobCache.class.getName());
    // Each has a chunk in memory, and a connection now and then, which polls need, too.
    private static final int FILLED_AT_ONCE = 4;
    private static final int MAX_WAIT_SECONDS = 10;

    private final BlobStore folder;
    private final ChunkStore chunks;
    private final long maxBytes;
    private final RecentUse recentUse;
    private final SharedWork filling = new SharedWork(this::fill);
    private final Semaphore fills = new Semaphore(FILLED_AT_ONCE, true);
    private final Set<Sha256> damaged = ConcurrentHashMap.newKeySet();

    /**
     * @param folder this node's own
     * @param maxBytes how many bytes it may have
     * @param nanoTime a running time in nanoseconds, such as {@link System#nanoTime}
     */
    public BlobCache(BlobStore folder, Database database, long maxBytes, LongSupplier nanoTime) {
        this.folder = folder;
        this.chunks = new ChunkStore(database);
        this.maxBytes = maxBytes;
        this.recentUse = new RecentUse(nanoTime, folder::delete);
    }

    @Override
    public void prepare() throws IOException {
        folder.prepare();
        folder.clear();
        folder.sizes().forEach(recentUse::found);
        recentUse.shrinkTo(maxBytes);
    }

    /** Made anew when somebody has deleted it. */
    @Override
    public BlobStore folder() {
        try {
            folder.prepare();
        } catch (IOException e) {
            LOG.log(Level.FINE, "the folder of the cache can't be made", e);
        }
        return folder;
    }

    /** Where the disk is full, the cache is what gives way. */
    @Override
    public void makeRoom(long bytes) throws IOException {
        while (!folder().hasRoom(bytes) && recentUse.deleteOldest()) {}
    }

    /** What is whole in the database isn't written again: what comes may have been spoilt on this node's disk. */
    @Override
    public void put(Path temporary, Sha256 sha256) throws IOException {
        if (!chunks.copy(sha256, OutputStream.nullOutputStream())) {
            chunks.save(sha256, temporary);
        }
        damaged.remove(sha256);
        store(temporary, sha256);
    }

    /** The database has done so. */
    @Override
    public void force(Collection<Sha256> put) {}

    /** What the database names was in it before; so nobody has to ask it, or look at the disk. */
    @Override
    public boolean has(Sha256 sha256) {
        return !damaged.contains(sha256);
    }

    @Override
    public Path file(Sha256 sha256) throws IOException {
        Optional<Path> cached = findCached(sha256);
        return cached.isPresent() ? cached.get() : filling.on(sha256);
    }

    @Override
    public void copy(Sha256 sha256, OutputStream out) throws IOException {
        if (!read(sha256, out)) {
            throw damaged(sha256);
        }
    }

    /** Whether the database's are; a file here that isn't is deleted. */
    @Override
    public boolean check(Sha256 sha256) throws IOException {
        try {
            if (folder.isWrong(sha256)) {
                recentUse.delete(sha256);
            }
        } catch (IOException e) {
            LOG.log(Level.FINE, e, () -> "a cached file can't be checked");
        }
        return read(sha256, OutputStream.nullOutputStream());
    }

    @Override
    public List<Sha256> damaged() {
        return List.copyOf(damaged);
    }

    /** Makes room; and looks again at what was damaged, which another node may have been given anew. */
    @Override
    public void tend() throws IOException {
        for (Sha256 sha256 : damaged) {
            read(sha256, OutputStream.nullOutputStream());
        }
        recentUse.shrinkTo(maxBytes);
    }

    /** Other nodes' folders may keep them for as long as there is room. */
    @Override
    public void delete(Transaction transaction, Sha256 sha256) {
        chunks.delete(transaction, sha256);
        damaged.remove(sha256);
        try {
            recentUse.delete(sha256);
        } catch (IOException e) {
            LOG.log(Level.FINE, e, () -> "a cached file stays");
        }
    }

    private Optional<Path> findCached(Sha256 sha256) {
        // First: from now on it isn't deleted.
        recentUse.used(sha256);
        try {
            return folder.find(sha256);
        } catch (IOException e) {
            LOG.log(Level.FINE, e, () -> "the folder of the cache can't be read");
            return Optional.empty();
        }
    }

    private Path fill(Sha256 sha256) throws IOException, InterruptedException {
        if (!fills.tryAcquire(MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
            throw new FuotaException(
                    ErrorCode.UNAVAILABLE,
                    "many update files are being fetched from the database; ask again in a while");
        }
        try {
            // Somebody may have done so since this one looked.
            Optional<Path> cached = findCached(sha256);
            return cached.isPresent() ? cached.get() : fetch(sha256);
        } finally {
            fills.release();
        }
    }

    private Path fetch(Sha256 sha256) throws IOException {
        boolean isWhole;
        try {
            Path temporary = folder().newFile();
            try {
                try (OutputStream out = Files.newOutputStream(temporary)) {
                    isWhole = read(sha256, new Roomy(out));
                }
                if (isWhole) {
                    store(temporary, sha256);
                    return folder.find(sha256).orElseThrow(() -> damaged(sha256));
                }
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new FuotaException(
                    ErrorCode.UNAVAILABLE, "the server's disk can't keep an update file that is in the database", e);
        }
        throw damaged(sha256);
    }

    private void store(Path temporary, Sha256 sha256) throws IOException {
        // First, as it could be deleted otherwise.
        recentUse.stored(sha256, Files.size(temporary));
        folder().put(temporary, sha256);
        recentUse.shrinkTo(maxBytes);
    }

    private boolean read(Sha256 sha256, OutputStream out) throws IOException {
        if (chunks.copy(sha256, out)) {
            damaged.remove(sha256);
            return true;
        }
        if (damaged.add(sha256)) {
            LOG.severe(
                    () -> damaged(sha256).getMessage() + "; /health/ready tells an admin which update files that are");
        }
        return false;
    }

    private static IOException damaged(Sha256 sha256) {
        return new IOException("bytes are missing or damaged in the database: " + sha256.hex());
    }

    /** Makes room for what is written. */
    private final class Roomy extends OutputStream {
        private final OutputStream out;

        Roomy(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(byte[] buffer, int offset, int count) throws IOException {
            makeRoom(count);
            out.write(buffer, offset, count);
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }
    }
}
