package org.fuota.bench.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** A TLS connection over a socket channel: blocking, or not. Closing it sends a bare FIN, as a board does. */
public final class TlsConnection implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;
    /** More than what a client says in one go during a handshake, so that it goes out in one go. */
    private static final int FLIGHT_BYTES = 2048;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel channel;
    private final SSLEngine engine;
    /** To be filled. */
    private final ByteBuffer encrypted;
    /** To be filled. */
    private final ByteBuffer plain;

    /**
     * Connects and shakes hands, which may take 10 seconds each.
     *
     * @param receiveBuffer of the socket, in bytes; 0 for the kernel's choice
     */
    public TlsConnection(InetSocketAddress server, BoardTls tls, int receiveBuffer) throws IOException {
        channel = SocketChannel.open();
        engine = tls.engine();
        encrypted = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        try {
            if (receiveBuffer > 0) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
            }
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().setSoTimeout(TIMEOUT_MILLIS);
            channel.socket().connect(server, TIMEOUT_MILLIS);
            shakeHands();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The first bytes that a client sends. */
    public static ByteBuffer clientHello(BoardTls tls) throws SSLException {
        SSLEngine engine = tls.engine();
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.beginHandshake();
        engine.wrap(NOTHING, hello);
        return hello.flip();
    }

    /** The server's, empty when it gave none. */
    public byte[] sessionId() {
        return engine.getSession().getId();
    }

    public void write(ByteBuffer content) throws IOException {
        ByteBuffer records = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        while (content.hasRemaining()) {
            engine.wrap(content, records);
            send(records);
        }
    }

    /** Waits for content, and returns all that there is then: to be read before the next call. */
    public ByteBuffer read() throws IOException {
        plain.clear();
        while (plain.position() == 0) {
            if (!decrypt()) {
                receive();
            }
        }
        return plain.flip();
    }

    /** From now on {@link #readNow} only. */
    public void dontBlock() throws IOException {
        channel.configureBlocking(false);
    }

    /**
     * Takes what has come, a record at most, and returns its content: to be read before the next call.
     *
     * @throws EOFException when the server has closed
     */
    public ByteBuffer readNow() throws IOException {
        plain.clear();
        if (!decrypt()) {
            if (channel.read(encrypted) < 0) {
                throw new EOFException("the server closed");
            }
            decrypt();
        }
        return plain.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void shakeHands() throws IOException {
        engine.beginHandshake();
        // An engine wants room for the largest record, however small its next one is.
        ByteBuffer records = ByteBuffer.allocate(engine.getSession().getPacketBufferSize() + FLIGHT_BYTES);
        while (true) {
            HandshakeStatus status = engine.getHandshakeStatus();
            if (status != HandshakeStatus.NEED_WRAP && records.position() > 0) {
                send(records);
            }
            switch (status) {
                case NEED_TASK -> engine.getDelegatedTask().run();
                case NEED_WRAP -> {
                    if (engine.wrap(NOTHING, records).getStatus() != SSLEngineResult.Status.OK) {
                        throw new SSLException("the client's flight is too long");
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (!decrypt()) {
                        receive();
                    }
                }
                default -> {
                    return;
                }
            }
        }
    }

    /** Takes one record, and tells whether there was a whole one. */
    private boolean decrypt() throws IOException {
        encrypted.flip();
        SSLEngineResult result = engine.unwrap(encrypted, plain);
        encrypted.compact();
        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            throw new EOFException("the server closed");
        }
        if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
            throw new SSLException("a record is too long");
        }
        return result.getStatus() == SSLEngineResult.Status.OK;
    }

    private void receive() throws IOException {
        // Only the socket's own stream knows time-outs.
        InputStream in = channel.socket().getInputStream();
        int length = in.read(encrypted.array(), encrypted.position(), encrypted.remaining());
        if (length < 0) {
            throw new EOFException("the server closed");
        }
        encrypted.position(encrypted.position() + length);
    }

    private void send(ByteBuffer records) throws IOException {
        records.flip();
        while (records.hasRemaining()) {
            channel.write(records);
        }
        records.clear();
    }
}
