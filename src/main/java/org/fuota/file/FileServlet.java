package org.fuota.file;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.logging.Logger;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.http.Requests;
import org.fuota.http.Responses;

/** {@code /files/<path>}: boards download update files, developers upload them. */
@SuppressWarnings("serial") // servlets are never serialized
public final class FileServlet extends HttpServlet {
    private static final Logger LOG = Logger.getLogger(FileServlet.class.getName());

    private final FileStore files;

    public FileServlet(FileStore files) {
        this.files = files;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (Requests.path(request).isEmpty()) {
            throw new FuotaException(ErrorCode.NOT_FOUND, "there is nothing at this URL: a file's is /files/<path>");
        }
        switch (request.getMethod()) {
            case "GET" -> download(request, response);
            case "PUT" -> upload(request, response);
            default -> Responses.methodNotAllowed(response, "GET, PUT");
        }
    }

    private void download(HttpServletRequest request, HttpServletResponse response) throws IOException {
        FilePath path = new FilePath(Requests.path(request));
        try (StoredFile file = files.open(path)
                .orElseThrow(
                        () -> new FuotaException(ErrorCode.NOT_FOUND, "there is no update file " + path.value()))) {
            response.setContentType("application/octet-stream");
            // Always: without it a board takes a download that was cut for a whole one.
            response.setContentLengthLong(file.size());
            response.setDateHeader("Last-Modified", file.modified().toEpochMilli());
            response.setHeader("Content-Disposition", "attachment; filename=\"" + path.lastSegment() + "\"");
            file.in().transferTo(response.getOutputStream());
        }
    }

    private void upload(HttpServletRequest request, HttpServletResponse response) throws IOException {
        FilePath path = new FilePath(Requests.path(request));
        long size = files.save(path, request.getInputStream(), request.getContentLengthLong());
        String stored = "stored " + size + " bytes as update file " + path.value();
        LOG.info(() -> Requests.describe(request) + ": " + stored);
        Responses.sentence(response, stored);
    }
}
