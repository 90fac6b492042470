package org.fuota.bench.client;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A board that downloads a file as slowly as its radio and its flash let it; then once more, without end. */
final class SlowReader {
    static final int BYTES_PER_SECOND = 40 << 10;
    /** What it reads in one go. */
    static final int SLICE_BYTES = 16 << 10;

    /** The kernel doubles it. */
    private static final int RECEIVE_BUFFER = 16 << 10;
    /** What it may catch up in one go. */
    private static final int MAX_SLICES = 2;

    private final Target target;
    private final String path;
    private final long length;
    private @Nullable Board board;
    private long start;
    private long received;
    private boolean isClosed;
    private volatile long receivedBefore;
    private volatile long total;

    SlowReader(Target target, String path, long length) {
        this.target = target;
        this.path = path;
        this.length = length;
    }

    /** Reads what is due now, if it is there. */
    synchronized void read() throws IOException {
        if (isClosed) {
            return;
        }
        Board reading = board;
        if (reading == null) {
            connect();
            return;
        }
        long due = Math.min(length, (long) ((System.nanoTime() - start) / 1e9 * BYTES_PER_SECOND));
        for (int slices = 0; slices < MAX_SLICES && received < due; slices++) {
            received += reading.connection().readNow().remaining();
        }
        if (received >= length) {
            reading.close();
            board = null;
            receivedBefore += received;
            received = 0;
        }
        total = receivedBefore + received;
    }

    /** Connects and asks; the rest is read bit by bit. */
    synchronized void connect() throws IOException {
        if (isClosed) {
            return;
        }
        Board connecting = new Board(target, RECEIVE_BUFFER);
        board = connecting;
        Board.Head head = connecting.ask(path);
        if (head.status() != 200 || head.length() != length) {
            throw new IOException(path + " was answered by " + head);
        }
        start = System.nanoTime();
        received = connecting.unread();
        connecting.connection().dontBlock();
    }

    /** How many bytes it has read since it began first. */
    long total() {
        return total;
    }

    /** For good. */
    synchronized void close() throws IOException {
        isClosed = true;
        if (board != null) {
            board.close();
        }
    }
}
