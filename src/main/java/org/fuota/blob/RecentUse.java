package org.fuota.blob;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.fuota.http.Sha256;

/**
 * When each file of a cache was used last. What was used within the last minute is never deleted: who asks for a file by its name, as the
 * container does, opens it before that.
 */
final class RecentUse {
    private static final long GRACE_NANOS = 60_000_000_000L;

    private final LongSupplier nanoTime;
    private final Deletion deletion;

    // The least recently used first.
    private final Map<Sha256, Use> uses = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    private record Use(long bytes, long nanos) {}

    /** Deletes a file. */
    interface Deletion {
        void delete(Sha256 sha256) throws IOException;
    }

    /** @param nanoTime a running time in nanoseconds, such as {@link System#nanoTime} */
    RecentUse(LongSupplier nanoTime, Deletion deletion) {
        this.nanoTime = nanoTime;
        this.deletion = deletion;
    }

    /** A file that was there before; to be told of the oldest first. */
    synchronized void found(Sha256 sha256, long size) {
        put(sha256, new Use(size, nanoTime.getAsLong() - GRACE_NANOS));
    }

    synchronized void stored(Sha256 sha256, long size) {
        put(sha256, new Use(size, nanoTime.getAsLong()));
    }

    /** Before somebody looks whether it is there. */
    synchronized void used(Sha256 sha256) {
        Use use = uses.get(sha256);
        if (use != null) {
            put(sha256, new Use(use.bytes(), nanoTime.getAsLong()));
        }
    }

    synchronized void delete(Sha256 sha256) throws IOException {
        Use use = uses.remove(sha256);
        bytes -= use == null ? 0 : use.bytes();
        deletion.delete(sha256);
    }

    /** Deletes files until there are at most so many bytes, as far as that is possible. */
    synchronized void shrinkTo(long most) throws IOException {
        while (bytes > most && deleteOldest()) {}
    }

    /** Deletes the one that was used least recently; false when that was within the last minute. */
    synchronized boolean deleteOldest() throws IOException {
        for (Map.Entry<Sha256, Use> oldest : uses.entrySet()) {
            if (nanoTime.getAsLong() - oldest.getValue().nanos() < GRACE_NANOS) {
                return false;
            }
            delete(oldest.getKey());
            return true;
        }
        return false;
    }

    private void put(Sha256 sha256, Use use) {
        Use before = uses.put(sha256, use);
        bytes += use.bytes() - (before == null ? 0 : before.bytes());
    }
}
