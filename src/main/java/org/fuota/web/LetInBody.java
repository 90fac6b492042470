package org.fuota.web;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/** A request whose body was let in by {@link BodyFilter}; it keeps its place until {@link #end}. */
final class LetInBody extends HttpServletRequestWrapper {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Semaphore places;
    private final long mostReadOn;
    private boolean isAsked;

    /** @param mostReadOn how much of the body is read on, in bytes */
    LetInBody(HttpServletRequest request, Semaphore places, long mostReadOn) {
        super(request);
        this.places = places;
        this.mostReadOn = mostReadOn;
        // Who expects nothing sends it unasked.
        this.isAsked = request.getHeader("Expect") == null;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        return new Asking(super.getInputStream());
    }

    /** Whether its sender is sending what nobody reads. */
    boolean isLeft() throws IOException {
        return isAsked && !super.getInputStream().isFinished();
    }

    /** Reads on first what is short, so that its answer is an ordinary one; whether there is nothing left then. */
    boolean endShort() throws IOException {
        if (isLeft() && getContentLengthLong() >= 0 && getContentLengthLong() <= BUFFER_BYTES) {
            readOn(super.getInputStream());
        }
        return !isLeft();
    }

    /**
     * Reads on, and gives the place back: many clients look for an answer only after all is sent, and take an early close for a broken connection.
     */
    void end() {
        try {
            if (isLeft()) {
                readOn(super.getInputStream());
            }
        } catch (IOException e) {
            // Nobody is left to be told.
            return;
        } finally {
            places.release();
        }
    }

    private void readOn(ServletInputStream body) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        int read = 0;
        for (long left = mostReadOn; left > 0 && read >= 0; left -= read) {
            read = body.read(buffer);
        }
    }

    /** A container asks for the body when somebody reads. */
    private final class Asking extends ServletInputStream {
        private final ServletInputStream body;

        Asking(ServletInputStream body) {
            this.body = body;
        }

        @Override
        public int read() throws IOException {
            isAsked = true;
            return body.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            isAsked = true;
            return body.read(buffer, offset, length);
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }
    }
}
