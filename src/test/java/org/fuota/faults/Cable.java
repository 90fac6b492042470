package org.fuota.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.fuota.tomcat.TomcatProcess;

/** The network between a node and its database, which can be cut: nothing gets through then, and nobody is told. */
final class Cable implements AutoCloseable {
    private final ServerSocket server;
    private volatile int target;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private volatile boolean isCut;

    Cable() throws IOException {
        server = new ServerSocket(TomcatProcess.freePort(), 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Leads to a port of this machine, for whoever connects from now on. */
    void to(int port) {
        target = port;
    }

    void cut() {
        isCut = true;
    }

    /** What was connected before is so no longer: both ends have given up, or are told now. */
    void mend() throws IOException {
        isCut = false;
        for (Socket socket = sockets.poll(); socket != null; socket = sockets.poll()) {
            socket.close();
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException over) {
                // One of both ends has gone.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            Socket near = server.accept();
            sockets.add(near);
            if (!isCut) {
                start(() -> connect(near));
            }
        }
    }

    private void connect(Socket near) throws IOException {
        try {
            Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(far);
            start(() -> pass(near, far));
            pass(far, near);
        } catch (IOException refused) {
            near.close();
            throw refused;
        }
    }

    private void pass(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] bytes = new byte[8192];
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                while (isCut) {
                    try {
                        Thread.sleep(10);
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    if (from.isClosed()) {
                        return;
                    }
                }
                out.write(bytes, 0, count);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        mend();
    }
}
