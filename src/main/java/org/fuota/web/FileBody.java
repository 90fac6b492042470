package org.fuota.web;

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
 * <p>Where the container offers it (Tomcat, TLS too), it sends the file by its name after the servlet has returned, and no slow reader holds a
 * thread: so the name must stand for the same bytes until then. Elsewhere, and where that can't be trusted to end where it should, the bytes are
 * copied as fast as the reader takes them; that holds a thread only in a container that can't do it otherwise.
 */
public final class FileBody {
    private static final String SENDFILE = "org.apache.tomcat.sendfile.";
    private static final int BUFFER_BYTES = 64 * 1024;

    private final int recordBytes;
    private final boolean overrunRanges;

    /**
     * @param recordBytes how many bytes a TLS record of a file has at most; 0 leaves that to the container, which costs least
     * @param overrunRanges whether the container may send more than it is told to
     */
    public FileBody(int recordBytes, boolean overrunRanges) {
        this.recordBytes = recordBytes;
        this.overrunRanges = overrunRanges;
    }

    /**
     * @param length how many bytes; all of them within the file
     * @throws IOException when the file ends early or can't be read, or the client is gone: a board must not take the answer for complete
     */
    public void send(HttpServletRequest request, HttpServletResponse response, Path file, long first, long length)
            throws IOException {
        response.setContentLengthLong(length);
        boolean mayOverrun = overrunRanges && first + length < Files.size(file);
        if (length > 0
                && !mayOverrun
                && recordBytes == 0
                && Boolean.TRUE.equals(request.getAttribute(SENDFILE + "support"))) {
            request.setAttribute(SENDFILE + "filename", file.toString());
            request.setAttribute(SENDFILE + "start", first);
            request.setAttribute(SENDFILE + "end", first + length);
            return;
        }
        FileChannel content = FileChannel.open(file, StandardOpenOption.READ).position(first);
        if (length > 0 && request.isAsyncSupported()) {
            try {
                NonBlockingBody.send(request, response, content, length, recordBytes);
            } catch (IOException | RuntimeException e) {
                content.close();
                throw e;
            }
            return;
        }
        try (content) {
            copy(content, response.getOutputStream(), length);
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
