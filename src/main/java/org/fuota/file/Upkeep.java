package org.fuota.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.blob.Blobs;
import org.fuota.db.Transaction;
import org.fuota.error.FuotaException;
import org.fuota.http.Sha256;

/** What is done about the bytes while nobody asks: those that nobody needs go, and those that rot are found. */
public final class Upkeep {
    private static final Logger LOG = Logger.getLogger(Upkeep.class.getName());
    // Few: nobody else writes meanwhile, and in PostgreSQL one of 16 MiB takes some 35 ms.
    private static final int DELETED_AT_ONCE = 10;
    // In each scrub.
    private static final long SCRUBBED_BYTES = 64L << 20;

    private final UpdateFiles files;
    private final Blobs blobs;
    private String scrubbed = "";

    public Upkeep(UpdateFiles files, Blobs blobs) {
        this.files = files;
        this.blobs = blobs;
    }

    /** Deletes bytes that no path has named since before that, slice by slice. */
    public void sweep(Instant before) {
        while (files.store().release(before, DELETED_AT_ONCE, this::delete)) {
            Thread.yield();
        }
    }

    /** Reads some of the bytes that are named, the next ones each time; for one thread. {@link UpdateFiles#lost} tells what isn't whole. */
    public void scrub() throws IOException {
        try {
            // Before that, what a restored database names may still come.
            files.inbox().requireTakenIn();
            if (scrubbed.isEmpty()) {
                files.store().forEach(this::require);
            }
            scrubNext();
            blobs.tend();
        } catch (FuotaException e) {
            LOG.log(Level.FINE, e, () -> "bytes aren't scrubbed now");
        }
    }

    private void require(StoredFile file) throws IOException {
        if (!blobs.has(file.sha256())) {
            blobs.check(file.sha256());
        }
    }

    private void scrubNext() throws IOException {
        for (long left = SCRUBBED_BYTES; left > 0; ) {
            List<StoredFile> next = files.store().after(scrubbed, 1);
            if (next.isEmpty()) {
                scrubbed = "";
                return;
            }
            StoredFile file = next.get(0);
            scrubbed = file.path().value();
            left -= file.size();
            blobs.check(file.sha256());
        }
    }

    private void delete(Transaction transaction, Sha256 sha256) {
        try {
            blobs.delete(transaction, sha256);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
