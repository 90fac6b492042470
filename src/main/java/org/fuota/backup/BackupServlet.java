package org.fuota.backup;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.logging.Logger;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.fuota.blob.BlobStore;
import org.fuota.blob.Blobs;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.file.StoredFile;
import org.fuota.file.UpdateFiles;
import org.fuota.web.Requests;
import org.fuota.web.Responses;

/**
 * {@code /backup}: the database of one moment and all update files that it names, as a ZIP archive that streams. Nobody waits for
 * it: bytes never change, and stay for a day after they were named.
 */
@SuppressWarnings("serial") // servlets are never serialized
public final class BackupServlet extends HttpServlet {
    private static final Logger LOG = Logger.getLogger(BackupServlet.class.getName());

    private static final int BUFFER_BYTES = 64 << 10;

    private final Blobs blobs;
    private final LongSupplier databaseBytes;
    private final DatabaseCopy database;

    /** Each keeps a thread, and a copy of the database. */
    private final Semaphore one = new Semaphore(1);

    /** Copies the database. */
    @FunctionalInterface
    public interface DatabaseCopy {
        /** Writes the database, as it is at that moment, into an empty file; tells which update files it names. */
        List<StoredFile> into(Path file);
    }

    /** @param databaseBytes how much room a copy of the database takes, about */
    public BackupServlet(Blobs blobs, LongSupplier databaseBytes, DatabaseCopy database) {
        this.blobs = blobs;
        this.databaseBytes = databaseBytes;
        this.database = database;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (request.getMethod()) {
            case "GET" -> backUp(request, response);
            default -> Responses.methodNotAllowed(response, "GET");
        }
    }

    private void backUp(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!one.tryAcquire()) {
            throw new FuotaException(
                    ErrorCode.UNAVAILABLE, "another backup is being taken; ask again when it has ended");
        }
        try {
            Path copy = newFile();
            try {
                List<StoredFile> files = database.into(copy);
                for (StoredFile file : files) {
                    // What is left out would be lost.
                    if (!blobs.has(file.sha256())) {
                        throw UpdateFiles.lost(file, null);
                    }
                }
                // What goes wrong with few bytes is still an error of its own.
                response.setBufferSize(BUFFER_BYTES);
                response.setContentType("application/zip");
                response.setHeader("Content-Disposition", "attachment; filename=\"fuota-backup.zip\"");
                write(copy, files, response);
                LOG.info(() -> Requests.describe(request) + ": a backup with " + files.size() + " files");
            } finally {
                Files.deleteIfExists(copy);
            }
        } finally {
            one.release();
        }
    }

    private Path newFile() throws IOException {
        BlobStore folder = blobs.folder();
        try {
            folder.requireRoom(databaseBytes.getAsLong());
            return folder.newFile();
        } catch (IOException e) {
            throw folder.ifFull(e);
        }
    }

    private void write(Path database, List<StoredFile> files, HttpServletResponse response) throws IOException {
        // Never closed: after a failure that would end it as if it were whole.
        @SuppressWarnings("resource")
        ZipOutputStream zip = new ZipOutputStream(response.getOutputStream());
        zip.setLevel(Deflater.BEST_SPEED);
        begin(zip, "db/devices.db", Files.getLastModifiedTime(database));
        Files.copy(database, zip);
        for (StoredFile file : files) {
            begin(zip, "files/" + file.path().value(), FileTime.from(file.storedAt()));
            blobs.copy(file.sha256(), zip);
        }
        zip.closeEntry();
        zip.finish();
    }

    private static void begin(ZipOutputStream zip, String name, FileTime modified) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setLastModifiedTime(modified);
        // Ends the entry before it.
        zip.putNextEntry(entry);
    }
}
