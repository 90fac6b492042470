package org.fuota.backup;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.logging.Logger;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.file.FilePath;
import org.fuota.file.FileStore;
import org.fuota.file.FrozenFiles;
import org.fuota.web.Requests;
import org.fuota.web.Responses;

/** {@code /backup}: the database and all update files of one moment, as a ZIP archive that streams. */
@SuppressWarnings("serial") // servlets are never serialized
public final class BackupServlet extends HttpServlet {
    private static final Logger LOG = Logger.getLogger(BackupServlet.class.getName());

    private final FileStore files;
    private final LongSupplier databaseBytes;
    private final Consumer<Path> copyDatabase;

    /** Each keeps a thread, and the disk space of what is replaced meanwhile. */
    private final Semaphore one = new Semaphore(1);

    /**
     * @param databaseBytes how much room a copy of the database takes, about
     * @param copyDatabase writes the database, as it is at that moment, into a new file
     */
    public BackupServlet(FileStore files, LongSupplier databaseBytes, Consumer<Path> copyDatabase) {
        this.files = files;
        this.databaseBytes = databaseBytes;
        this.copyDatabase = copyDatabase;
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
        try (FrozenFiles frozen = files.freeze(databaseBytes.getAsLong(), copyDatabase)) {
            response.setContentType("application/zip");
            response.setHeader("Content-Disposition", "attachment; filename=\"fuota-backup.zip\"");
            write(frozen, response);
            LOG.info(() -> Requests.describe(request) + ": a backup with "
                    + frozen.files().size() + " files");
        } finally {
            one.release();
        }
    }

    private static void write(FrozenFiles frozen, HttpServletResponse response) throws IOException {
        // Never closed: after a failure that would end it as if it were whole.
        @SuppressWarnings("resource")
        ZipOutputStream zip = new ZipOutputStream(response.getOutputStream());
        zip.setLevel(Deflater.BEST_SPEED);
        add(zip, "db/devices.db", frozen.beside());
        for (Map.Entry<FilePath, Path> file : frozen.files().entrySet()) {
            add(zip, "files/" + file.getKey().value(), file.getValue());
        }
        zip.finish();
    }

    private static void add(ZipOutputStream zip, String name, Path content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setLastModifiedTime(Files.getLastModifiedTime(content));
        zip.putNextEntry(entry);
        Files.copy(content, zip);
        zip.closeEntry();
    }
}
