package org.fuota.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.fuota.tomcat.TomcatProcess;

/** A client that doesn't behave: it goes as far as its stage, and stays there. */
final class Peer implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 120_000;

    /** How far it goes. */
    enum Stage {
        CONNECTED(""),
        SHOOK_HANDS(""),
        IN_HEAD("GET /devices/board?app_ver=1 HTT"),
        IN_HEADERS("GET /devices/board?app_ver=1 HTTP/1.1\r\nHost: localhost\r\nAuthor"),
        IN_UPLOAD(head("PUT /files/stalled.bin", Client.ADMIN, 100_000) + "half of"),
        IN_ROW(head("PUT /devices/stalled", Client.ADMIN, 1000) + "\"stal"),
        IN_ROWS(head("PUT /devices", Client.ADMIN, 100_000) + "\"stalled\",\"1\",\"x\"\n"),
        BEFORE_POLL_BODY(head("GET /devices/board?app_ver=1", Client.DEVICE, 1000)),
        REFUSED(head("PUT /files/stalled.bin", "none", 100_000)),
        REFUSED_BY_ROLE(head("PUT /files/stalled.bin", Client.DEVICE, 100_000)),
        REFUSED_EXPECTING(head("PUT /files/stalled.bin", "none\r\nExpect: 100-continue", 100_000)),
        REFUSED_IN_CHUNKS(chunked("PUT /files/stalled.bin", "none")),
        REFUSED_BY_ROLE_IN_CHUNKS(chunked("PUT /files/stalled.bin", Client.DEVICE)),
        BEFORE_OPEN_CHUNKS(chunked("GET /health/live", "none")),
        BEFORE_OPEN_BODY(head("GET /health/live", "none", 1000)),
        BEFORE_NO_BODY(head("PUT /nowhere", "none", 1000)),
        UNREAD_PAGE("GET /openapi.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(10)),
        UNREAD_DOWNLOAD(head("GET /files/large.bin", Client.DEVICE, 0));

        private final String request;

        Stage(String request) {
            this.request = request;
        }

        private static String head(String line, String authorization, int length) {
            return line + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + authorization + "\r\nContent-Length: "
                    + length + "\r\n\r\n";
        }

        private static String chunked(String line, String authorization) {
            return line + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + authorization
                    + "\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n";
        }
    }

    private final Socket tcp;
    private final Socket socket;

    Peer(TomcatProcess tomcat, SSLSocketFactory tls, Stage stage) throws IOException {
        tcp = new Socket();
        // So that the kernel can't take in all of a download.
        tcp.setReceiveBufferSize(16 * 1024);
        tcp.setSoTimeout(PATIENCE_MILLIS);
        tcp.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), tomcat.port()), PATIENCE_MILLIS);
        if (stage == Stage.CONNECTED) {
            socket = tcp;
            return;
        }
        SSLSocket encrypted = (SSLSocket) tls.createSocket(tcp, "localhost", tomcat.port(), true);
        encrypted.startHandshake();
        socket = encrypted;
        send(stage.request);
    }

    /** Sends one byte more, if the server still takes it. */
    void trickle() {
        try {
            send("1");
        } catch (IOException closed) {
            // Too slow a trickle for its time-out, on a slow machine.
        }
    }

    private void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    /** Ends it without a word. */
    void reset() throws IOException {
        tcp.setSoLinger(true, 0);
        tcp.close();
    }

    /** Waits for the server to close, below TLS: what comes before is thrown away. */
    void awaitClose() {
        try {
            byte[] buffer = new byte[64 * 1024];
            while (tcp.getInputStream().read(buffer) >= 0) {}
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the server keeps a dead connection", e);
        } catch (IOException reset) {
            // Closed, too.
        }
    }

    @Override
    public void close() throws IOException {
        tcp.close();
    }
}
