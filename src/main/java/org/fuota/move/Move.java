package org.fuota.move;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.fuota.blob.BlobStore;
import org.fuota.blob.ChunkStore;
import org.fuota.db.DatabaseException;
import org.fuota.db.DatabaseMove;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.file.FileStore;
import org.fuota.file.StoredFile;
import org.fuota.http.Sha256;

/**
 * Moves an installation on SQLite into an empty PostgreSQL database: first the update files' bytes, one by one, and then all else in one
 * transaction. May be cut off at any moment, and run again: bytes that are there already aren't written again.
 */
public final class Move {
    private static final String TABLE_OF_BYTES = "blob_chunk";
    private static final int TOLD_FILES = 100;
    private static final long TOLD_BYTES = 64L << 20;

    private final Path data;
    private final String url;
    private final PrintStream out;

    private Move(Path data, String url, PrintStream out) {
        this.data = data;
        this.url = url;
        this.out = out;
    }

    /**
     * Found by the set-up tool by its name.
     *
     * @param data the folder of {@code db/}, {@code files/} and {@code blobs/}
     * @param url without parameters, so that it may be shown
     * @param properties of the connection, such as user and password
     * @throws FuotaException with a sentence for the operator
     */
    public static void run(Path data, String url, Properties properties, PrintStream out) throws IOException {
        try {
            new Move(data, url, out).run(properties);
        } catch (DatabaseException e) {
            throw refused(e.advice()
                    .orElseGet(() -> "the move broke off: " + e.reason() + "; nothing has changed in " + data
                            + ": mend that, and run the same again"));
        }
    }

    private void run(Properties properties) throws IOException {
        Path sqlite = data.resolve("db/devices.db");
        if (Files.notExists(sqlite)) {
            throw refused(
                    "there is no " + sqlite + ": --data must name the data folder of the server that is to be moved");
        }
        if (!Files.isWritable(sqlite.toRealPath().resolveSibling("."))) {
            throw refused(
                    "the folder of " + sqlite
                            + " can't be written, so that nobody can tell whether a server uses it: run this as the user that Tomcat runs as");
        }
        requireTakenIn(data.resolve("files"));
        try (DatabaseMove move = new DatabaseMove(sqlite, data.resolve("files"), url, properties)) {
            out.println("Moving " + data + " to " + url);
            if (move.begin()) {
                moveFiles(move);
                out.println("Tables:");
                move.finish(TABLE_OF_BYTES, out::println);
                out.println(
                        "All is moved: PostgreSQL has as many rows of each table, and the bytes of each file are right.");
            } else {
                out.println("All was moved before; nothing is left to do.");
            }
        }
        tellHowToGoOn();
    }

    /** What lies there came from version 0.1, a backup or a hand, and the database doesn't know it. */
    private static void requireTakenIn(Path inbox) throws IOException {
        if (Files.notExists(inbox)) {
            return;
        }
        try (Stream<Path> all = Files.walk(inbox)) {
            List<Path> files = all.filter(Files::isRegularFile)
                    .filter(file -> !file.equals(inbox.resolve(".database")))
                    .toList();
            if (!files.isEmpty()) {
                throw refused(
                        files.size() + " files in " + inbox + " aren't taken in, such as " + files.get(0)
                                + ": start this version once, stop it when they are gone, and move it then; what it can't take, move elsewhere");
            }
        }
    }

    private void moveFiles(DatabaseMove move) throws IOException {
        Map<Sha256, StoredFile> files = new LinkedHashMap<>();
        move.source().connected(FileStore::all).forEach(file -> files.putIfAbsent(file.sha256(), file));
        ChunkStore chunks = new ChunkStore(move.target());
        // A file that was deleted after this was cut off.
        for (Sha256 stored : chunks.all()) {
            if (!files.containsKey(stored)) {
                move.target().transaction(transaction -> {
                    chunks.delete(transaction, stored);
                    return stored;
                });
            }
        }
        BlobStore folder = new BlobStore(data.resolve("blobs"), 0);
        long total = files.values().stream().mapToLong(StoredFile::size).sum();
        out.println("Update files: " + files.size() + ", " + total + " bytes");
        long count = 0;
        long bytes = 0;
        long told = 0;
        long damaged = 0;
        for (StoredFile file : files.values()) {
            try {
                move(file, folder, chunks);
            } catch (IOException e) {
                out.println("  " + file.path().value() + ": " + e.getMessage());
                damaged++;
            }
            count++;
            bytes += file.size();
            if (count % TOLD_FILES == 0 || bytes - told >= TOLD_BYTES) {
                out.println("  " + count + " of " + files.size() + ", " + bytes + " bytes");
                told = bytes;
            }
        }
        if (damaged > 0) {
            throw refused(
                    damaged + " update files can't be moved, which are named above: start the server, upload them again"
                            + " or delete them, stop it, and move it then");
        }
    }

    private static void move(StoredFile file, BlobStore folder, ChunkStore chunks) throws IOException {
        if (chunks.copy(file.sha256(), OutputStream.nullOutputStream())) {
            return;
        }
        chunks.save(file.sha256(), folder.file(file.sha256()));
        if (!chunks.copy(file.sha256(), OutputStream.nullOutputStream())) {
            throw new IOException("PostgreSQL has other bytes than were sent to it");
        }
    }

    private void tellHowToGoOn() {
        out.println();
        out.println("Before Tomcat starts again:");
        out.println(
                "  1. Put what is moved away, as a backup. A server that is started on it by mistake finds nothing, and says so:");
        out.println("       mv " + data.resolve("db") + " " + data.resolve("db-before-move"));
        out.println("       mv " + data.resolve("blobs") + " " + data.resolve("blobs-before-move"));
        out.println(
                "  2. In Tomcat's ROOT.xml replace the Resource by the one that README shows, \"Several Tomcats on one PostgreSQL\",");
        out.println("     with " + url + ", and its user and password.");
        out.println("  3. Start Tomcat. Its log says: is on the database " + url);
    }

    private static FuotaException refused(String sentence) {
        return new FuotaException(ErrorCode.CONFLICT, sentence);
    }
}
