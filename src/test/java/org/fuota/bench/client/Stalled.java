package org.fuota.bench.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Connections that say nothing, or only their ClientHello, and wait until the server closes them. */
public final class Stalled implements AutoCloseable {
    private static final long LOOK_MILLIS = 100;

    private final Selector selector;
    private final List<SocketChannel> channels = new ArrayList<>();
    private final List<Double> closedAfterSeconds = new ArrayList<>();
    private final Thread watcher = new Thread(this::watch, "stalled");

    /** Returns when all are connected. */
    public Stalled(Target target, int silent, int greeting) throws IOException {
        selector = Selector.open();
        try {
            for (int number = 0; number < silent + greeting; number++) {
                SocketChannel channel = SocketChannel.open();
                channels.add(channel);
                channel.socket().connect(target.address(), 10_000);
                if (number >= silent) {
                    channel.write(TlsConnection.clientHello(target.tls()));
                }
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ, System.nanoTime());
            }
        } catch (IOException e) {
            close();
            throw e;
        }
        watcher.start();
    }

    /** How long those took that the server has closed so far. */
    public List<Double> closedAfterSeconds() {
        synchronized (closedAfterSeconds) {
            return List.copyOf(closedAfterSeconds);
        }
    }

    private void watch() {
        ByteBuffer unread = ByteBuffer.allocate(1 << 16);
        try {
            while (selector.isOpen()) {
                selector.select(key -> look(key, unread), LOOK_MILLIS);
            }
        } catch (IOException | ClosedSelectorException e) {
            // close() was called.
        }
    }

    private void look(SelectionKey key, ByteBuffer unread) {
        try {
            unread.clear();
            if (((SocketChannel) key.channel()).read(unread) >= 0) {
                return;
            }
        } catch (IOException reset) {
            // Closed as well.
        }
        synchronized (closedAfterSeconds) {
            closedAfterSeconds.add((System.nanoTime() - (Long) key.attachment()) / 1e9);
        }
        key.cancel();
    }

    @Override
    public void close() throws IOException {
        selector.close();
        for (SocketChannel channel : channels) {
            channel.close();
        }
    }
}
