package org.fuota.bench.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A board's connection. */
public final class Board implements AutoCloseable {
    private final Target target;
    private final TlsConnection connection;
    private ByteBuffer unread = ByteBuffer.allocate(0);

    /** The head of an answer. */
    record Head(int status, long length) {}

    public Board(Target target) throws IOException {
        this(target, 0);
    }

    Board(Target target, int receiveBuffer) throws IOException {
        this.target = target;
        connection = new TlsConnection(target.address(), target.tls(), receiveBuffer);
    }

    /** What it does all its life: connects, asks once, and goes. */
    public static void getOnce(Target target, String path, int expectedStatus, long expectedLength) throws IOException {
        try (Board board = new Board(target)) {
            board.get(path, expectedStatus, expectedLength);
        }
    }

    /** One request, and all of its answer. */
    public void get(String path, int expectedStatus, long expectedLength) throws IOException {
        Head head = ask(path);
        if (head.status() != expectedStatus || head.length() != expectedLength) {
            throw new IOException(path + " was answered by " + head);
        }
        long missing = expectedLength - unread.remaining();
        while (missing > 0) {
            missing -= connection.read().remaining();
        }
        unread.position(unread.limit());
    }

    /** One request, and the head of its answer. */
    Head ask(String path) throws IOException {
        connection.write(ByteBuffer.wrap(target.head(path).getBytes(StandardCharsets.US_ASCII)));
        StringBuilder head = new StringBuilder(512);
        int end;
        do {
            unread = connection.read();
            head.append(StandardCharsets.ISO_8859_1.decode(unread.duplicate()));
            end = head.indexOf("\r\n\r\n");
        } while (end < 0);
        int bodyStart = unread.limit() - (head.length() - end - 4);
        unread.position(bodyStart);
        return head(head.substring(0, end));
    }

    /** What has come of the body besides its first bytes is left to be read from there. */
    TlsConnection connection() {
        return connection;
    }

    int unread() {
        return unread.remaining();
    }

    public byte[] sessionId() {
        return connection.sessionId();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }

    private static Head head(String text) throws IOException {
        if (!text.startsWith("HTTP/1.1 ")) {
            throw new IOException("no answer of HTTP/1.1: " + text);
        }
        String lower = text.toLowerCase(Locale.ROOT) + "\r\n";
        int length = lower.indexOf("\r\ncontent-length:");
        return new Head(
                Integer.parseInt(text.substring(9, 12)),
                length < 0
                        ? 0
                        : Long.parseLong(lower.substring(length + 17, lower.indexOf("\r\n", length + 17))
                                .trim()));
    }
}
