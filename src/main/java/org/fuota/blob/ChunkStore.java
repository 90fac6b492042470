package org.fuota.blob;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.fuota.http.Sha256;

/**
 * The table {@code blob_chunk}: bytes in rows of 1 MiB, read and written one by one, so that neither memory nor a connection is held by
 * a large file or a slow disk. Outside of transactions: nobody reads what nothing names yet, and whoever writes is in nobody's way.
 */
public final class ChunkStore {
    static final int CHUNK_BYTES = 1 << 20;

    private final Database database;

    public ChunkStore(Database database) {
        this.database = database;
    }

    /** Writes the bytes that are there; whether they are what they should be. */
    public boolean copy(Sha256 sha256, OutputStream out) throws IOException {
        MessageDigest digest = Sha256.newDigest();
        long number = 0;
        for (Optional<byte[]> chunk = find(sha256, number); chunk.isPresent(); chunk = find(sha256, ++number)) {
            digest.update(chunk.get());
            out.write(chunk.get());
        }
        return number > 0 && sha256.equals(Sha256.of(digest.digest()));
    }

    /** Stores the bytes of a file in place of any others. What a crash leaves of them, nothing names. */
    public void save(Sha256 sha256, Path file) throws IOException {
        MessageDigest digest = Sha256.newDigest();
        long number = 0;
        try (InputStream in = Files.newInputStream(file)) {
            byte[] chunk = in.readNBytes(CHUNK_BYTES);
            do {
                digest.update(chunk);
                save(sha256, number++, chunk);
                chunk = in.readNBytes(CHUNK_BYTES);
            } while (chunk.length > 0);
        }
        database.update("DELETE FROM blob_chunk WHERE sha256 = ? AND number >= ?", sha256.hex(), number);
        if (!sha256.equals(Sha256.of(digest.digest()))) {
            throw new IOException("a file changed on its way into the database: " + file);
        }
    }

    public void delete(Transaction transaction, Sha256 sha256) {
        transaction.update("DELETE FROM blob_chunk WHERE sha256 = ?", sha256.hex());
    }

    /** Of which there are bytes, if only some. */
    public List<Sha256> all() {
        return database.query(
                "SELECT DISTINCT sha256 FROM blob_chunk ORDER BY sha256", row -> new Sha256(row.getString(1)));
    }

    private Optional<byte[]> find(Sha256 sha256, long number) {
        return database.queryOne(
                "SELECT bytes FROM blob_chunk WHERE sha256 = ? AND number = ?",
                row -> row.getBytes(1),
                sha256.hex(),
                number);
    }

    private void save(Sha256 sha256, long number, byte[] chunk) {
        database.update("""
                INSERT INTO blob_chunk (sha256, number, bytes)
                VALUES (?, ?, ?)
                ON CONFLICT (sha256, number) DO UPDATE
                SET bytes = excluded.bytes
                """, sha256.hex(), number, chunk);
    }
}
