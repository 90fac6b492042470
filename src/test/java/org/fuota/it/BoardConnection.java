package org.fuota.it;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A connection from a local address of one's choice, kept as long as the server keeps it. All of 127.0.0.0/8 are local
 * addresses, on Linux.
 */
final class BoardConnection implements AutoCloseable {
    private final SSLContext tls;
    private final int port;
    private final String localAddress;
    private @Nullable SSLSocket socket;
    private InputStream in = InputStream.nullInputStream();

    record Answer(int status, String body) {}

    BoardConnection(String localAddress) {
        this(Server.TLS, Server.PORT, localAddress);
    }

    BoardConnection(SSLContext tls, int port, String localAddress) {
        this.tls = tls;
        this.port = port;
        this.localAddress = localAddress;
    }

    boolean isOpen() {
        return socket != null;
    }

    /** One request, and its answer, which has a Content-Length or no body. */
    Answer send(String method, String target, @Nullable String authorization, byte[] body) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes((method + " " + target + " HTTP/1.1\r\n"
                        + "User-Agent: ESP32 HTTP Client/1.0\r\n"
                        + "Host: localhost:" + port + "\r\n"
                        + (authorization == null ? "" : "Authorization: " + authorization + "\r\n")
                        + "Content-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(body);
        SSLSocket connected = connected();
        connected.getOutputStream().write(request.toByteArray());
        return answer();
    }

    private SSLSocket connected() throws IOException {
        if (socket == null) {
            socket = (SSLSocket) tls.getSocketFactory()
                    .createSocket(InetAddress.getByName("127.0.0.1"), port, InetAddress.getByName(localAddress), 0);
            socket.setSoTimeout(30_000);
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
        }
        return socket;
    }

    private Answer answer() throws IOException {
        int status = Integer.parseInt(line().substring(9, 12));
        int length = 0;
        boolean isLast = false;
        for (String header = line().toLowerCase(Locale.ROOT);
                !header.isEmpty();
                header = line().toLowerCase(Locale.ROOT)) {
            if (header.startsWith("content-length:")) {
                length = Integer.parseInt(header.substring(15).trim());
            }
            isLast |= header.equals("connection: close");
        }
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        if (isLast) {
            close();
        }
        return new Answer(status, body);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new IOException("the server closed within the answer's head");
            }
            line.append((char) octet);
        }
        return line.toString().stripTrailing();
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
        }
        socket = null;
    }
}
