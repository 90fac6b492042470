package org.fuota.faults;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocketFactory;
import org.fuota.tomcat.TomcatProcess;

/** Boards that behave: they poll all the time, each time on a new connection, as an ESP32 does. */
final class Boards implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final int port;
    private final SSLSocketFactory tls;
    private final AtomicLong polls = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::live, "boards");
    private volatile boolean isOver;

    Boards(TomcatProcess tomcat) throws IOException {
        this(tomcat.port(), tomcat.tls().getSocketFactory());
    }

    Boards(int port, SSLSocketFactory tls) {
        this.port = port;
        this.tls = tls;
        thread.start();
    }

    /** Polls that got no answer, or one that a board doesn't know. */
    Queue<String> failures() {
        return failures;
    }

    long polls() {
        return polls.get();
    }

    /** Returns after some more polls, good or bad. */
    void awaitPolls(int more) throws Exception {
        long enough = polls.get() + more;
        Faults.await("polls", () -> polls.get() >= enough);
    }

    /** The status of one poll on a connection of its own. */
    static int poll(int port, SSLSocketFactory tls) throws IOException {
        try (Socket socket = tls.createSocket("localhost", port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream()
                    .write(("GET /devices/board?app_ver=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                                    + Client.DEVICE + "\r\nContent-Length: 0\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            return line.startsWith("HTTP/1.1 ") ? Integer.parseInt(line.substring(9)) : -1;
        }
    }

    private void live() {
        while (!isOver) {
            try {
                int status = poll(port, tls);
                if (!Load.POLL_STATUSES.contains(status)) {
                    failures.add("status " + status);
                }
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (IOException | InterruptedException e) {
                failures.add(e.toString());
            }
            polls.incrementAndGet();
        }
    }

    @Override
    public void close() {
        isOver = true;
        Faults.join(thread);
    }
}
