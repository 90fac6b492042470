package org.fuota.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.fuota.tomcat.TomcatProcess;

/**
 * A way to the server on which each segment takes its time; and some are lost, so that they and all behind them come when TCP has sent
 * them again.
 */
final class SlowNetwork implements AutoCloseable {
    private static final int SEGMENT = 1400;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final byte[] END = new byte[0];

    private final ServerSocket listener;
    private final int port;
    private final long delayNanos;
    private final long againNanos;
    private final double loss;
    private final Random random = new Random(1);

    private record Segment(byte[] bytes, long dueNanos) {}

    /**
     * @param port of the server
     * @param roundTripMillis there and back
     * @param loss the share of segments that are lost, from 0 to 1
     */
    SlowNetwork(int port, int roundTripMillis, double loss) throws IOException {
        listener = new ServerSocket(TomcatProcess.freePort(), 50, InetAddress.getLoopbackAddress());
        this.port = port;
        delayNanos = roundTripMillis * NANOS_PER_MILLI / 2;
        // What a sender waits at first: the round trip, and as much again for how it varies.
        againNanos = 2 * roundTripMillis * NANOS_PER_MILLI;
        this.loss = loss;
        thread(this::accept);
    }

    /** Where the server seems to be. */
    int port() {
        return listener.getLocalPort();
    }

    private void accept() throws IOException {
        while (true) {
            Socket near = listener.accept();
            Socket far = new Socket(InetAddress.getLoopbackAddress(), port);
            carry(near, far);
            carry(far, near);
        }
    }

    private void carry(Socket from, Socket to) {
        BlockingQueue<Segment> way = new LinkedBlockingQueue<>();
        thread(() -> send(from, way));
        thread(() -> receive(way, to));
    }

    private void send(Socket from, BlockingQueue<Segment> way) throws IOException {
        long dueNanos = System.nanoTime();
        try (InputStream in = from.getInputStream()) {
            byte[] bytes;
            while ((bytes = in.readNBytes(Math.max(1, Math.min(SEGMENT, in.available())))).length > 0) {
                boolean isLost;
                synchronized (random) {
                    isLost = random.nextDouble() < loss;
                }
                // In their order: one that is late has all behind it wait.
                dueNanos = Math.max(dueNanos, System.nanoTime() + delayNanos + (isLost ? againNanos : 0));
                way.add(new Segment(bytes, dueNanos));
            }
        } finally {
            way.add(new Segment(END, dueNanos));
        }
    }

    private static void receive(BlockingQueue<Segment> way, Socket to) throws IOException, InterruptedException {
        try (to;
                OutputStream out = to.getOutputStream()) {
            Segment segment;
            while ((segment = way.take()).bytes() != END) {
                long aheadNanos;
                while ((aheadNanos = segment.dueNanos() - System.nanoTime()) > 0) {
                    Thread.sleep(aheadNanos / NANOS_PER_MILLI, (int) (aheadNanos % NANOS_PER_MILLI));
                }
                out.write(segment.bytes());
            }
        }
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void thread(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException | InterruptedException e) {
                // The connection has ended, or all of this.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
