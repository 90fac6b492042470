package org.fuota.blob;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.fuota.db.Transaction;
import org.fuota.http.Sha256;

/**
 * Bytes by their SHA-256, which never change: in a folder ({@link BlobStore}), or in a database that several nodes share, with a
 * folder on each as a cache ({@link BlobCache}). Bytes that are missing or not what they should be are noticed when they are read.
 */
public interface Blobs {
    /** Before the first use. */
    void prepare() throws IOException;

    /** Where bytes lie on this machine, and temporary files are made. */
    BlobStore folder();

    /** Makes room for so many more bytes in the folder, as far as nothing is lost by that. */
    void makeRoom(long bytes) throws IOException;

    /** Stores a temporary file, which is on disk and has the bytes of that digest, and takes it away. Durable after {@link #force}. */
    void put(Path temporary, Sha256 sha256) throws IOException;

    /** Makes what was put durable. */
    void force(Collection<Sha256> put) throws IOException;

    /** Whether bytes that the database names are there, and not known to be damaged; throws when that can't be told. Costs next to nothing. */
    boolean has(Sha256 sha256);

    /** Where the bytes lie on this machine, for a minute at least; throws when they aren't what they should be. */
    Path file(Sha256 sha256) throws IOException;

    /** Writes the bytes; throws after that when they aren't what they should be. */
    void copy(Sha256 sha256, OutputStream out) throws IOException;

    /** Reads all of the bytes; whether they are what they should be. */
    boolean check(Sha256 sha256) throws IOException;

    /** Those that were noticed to be missing or damaged, and still are, as far as is known. */
    List<Sha256> damaged();

    /** What is to be done about them each minute. */
    void tend() throws IOException;

    /** Deletes bytes that nobody needs any more, in the transaction that makes sure of that. */
    void delete(Transaction transaction, Sha256 sha256) throws IOException;
}
