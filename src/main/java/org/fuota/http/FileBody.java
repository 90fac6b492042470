package org.fuota.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Sends a part of a file as the body of an answer whose status and headers are set.
 *
 * <p>Where the container offers it (Tomcat, TLS too), the container sends the file itself after the servlet has returned,
 * and no thread is held by a slow reader. It opens the file by its name, so the name must stand for the same bytes until
 * then. Elsewhere, and where that can't be trusted to end where it should, the bytes are copied through a buffer, which
 * holds a thread.
 */
public final class FileBody {
    private static final String SENDFILE = "org.apache.tomcat.sendfile.";
    private static final int BUFFER_BYTES = 64 * 1024;

    private FileBody() {}

    /**
     * @param first the first byte to send, from 0
     * @param length how many bytes; all of them within the file
     * @throws IOException when the file ends early or can't be read, or the client is gone: the answer must then not be
     *     completed, because a board takes Content-Length bytes for a whole file
     */
    public static void send(
            HttpServletRequest request, HttpServletResponse response, Path file, long first, long length)
            throws IOException {
        response.setContentLengthLong(length);
        boolean mayOverrun = Connectors.OVERRUN_RANGES && first + length < Files.size(file);
        if (length > 0 && !mayOverrun && Boolean.TRUE.equals(request.getAttribute(SENDFILE + "support"))) {
            request.setAttribute(SENDFILE + "filename", file.toString());
            request.setAttribute(SENDFILE + "start", first);
            request.setAttribute(SENDFILE + "end", first + length);
            return;
        }
        try (FileChannel content = FileChannel.open(file, StandardOpenOption.READ)) {
            copy(content.position(first), response.getOutputStream(), length);
        }
    }

    static void copy(FileChannel content, OutputStream out, long length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, length));
        for (long left = length; left > 0; left -= buffer.limit()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), left));
            while (buffer.hasRemaining()) {
                if (content.read(buffer) < 0) {
                    throw new EOFException("the file ended " + left + " bytes early");
                }
            }
            out.write(buffer.array(), 0, buffer.limit());
        }
    }
}
