package org.fuota.web;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Sends bytes as fast as their reader takes them, without a thread that waits. It costs more than what the container sends by itself. */
final class NonBlockingBody implements WriteListener, AsyncListener {
    /** What a slow reader costs in memory, beside what the container and the kernel hold for him. */
    private static final int PIECE_BYTES = 8 * 1024;

    /** How many bytes make a TLS record, in which the head of the answer has one of its own; 0 leaves that to the container. */
    private final int recordBytes;

    private final AsyncContext async;
    private final ServletOutputStream out;
    private final ReadableByteChannel content;
    private final ByteBuffer buffer;
    private long left;
    private boolean isFlushDue;

    private NonBlockingBody(
            AsyncContext async, ServletOutputStream out, ReadableByteChannel content, long length, int recordBytes) {
        this.async = async;
        this.out = out;
        this.content = content;
        this.left = length;
        this.recordBytes = recordBytes;
        this.isFlushDue = recordBytes > 0;
        this.buffer = ByteBuffer.allocate((int) Math.min(recordBytes > 0 ? recordBytes : PIECE_BYTES, length));
    }

    /**
     * Begins to send, and returns. Whatever ends it, the content is closed then; when it ends early, so does the connection.
     *
     * @param request one that supports async
     * @param length how many bytes of the content; at least one
     * @param recordBytes how many bytes a TLS record may have; 0 leaves that to the container
     */
    static void send(
            HttpServletRequest request,
            HttpServletResponse response,
            ReadableByteChannel content,
            long length,
            int recordBytes)
            throws IOException {
        AsyncContext async = request.startAsync();
        // The connector's time-out ends a transfer that makes no progress.
        async.setTimeout(0);
        ServletOutputStream out = response.getOutputStream();
        NonBlockingBody body = new NonBlockingBody(async, out, content, length, recordBytes);
        async.addListener(body);
        out.setWriteListener(body);
    }

    @Override
    public void onWritePossible() throws IOException {
        while (out.isReady()) {
            if (isFlushDue) {
                isFlushDue = false;
                out.flush();
                continue;
            }
            if (left == 0) {
                async.complete();
                return;
            }
            fill();
            left -= buffer.remaining();
            out.write(buffer.array(), 0, buffer.remaining());
            isFlushDue = recordBytes > 0;
        }
    }

    private void fill() throws IOException {
        buffer.clear().limit((int) Math.min(buffer.capacity(), left));
        while (buffer.hasRemaining()) {
            if (content.read(buffer) < 0) {
                throw new EOFException("the content ended " + left + " bytes early");
            }
        }
        buffer.flip();
    }

    /** The container breaks the connection off after this: an answer is never padded, and never ends well when it hasn't. */
    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onComplete(AsyncEvent event) throws IOException {
        content.close();
    }

    @Override
    public void onError(AsyncEvent event) throws IOException {
        content.close();
    }

    @Override
    public void onTimeout(AsyncEvent event) throws IOException {
        content.close();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {}
}
