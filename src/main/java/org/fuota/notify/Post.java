package org.fuota.notify;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.fuota.error.Printable;

/**
 * POST requests, each on the caller's thread and by a connection of its own, to the very address that was looked at: a client that
 * takes a name resolves it again, and may get another address then. Redirects aren't followed.
 */
final class Post implements Closeable {
    private static final int MAX_LINE = 8_192;
    private static final int MAX_LINES = 200;
    private static final int MAX_BODY = 16_384;
    private static final Duration BODY_WAIT = Duration.ofSeconds(1);
    private static final int MAX_REASON = 200;

    private final Resolver resolver;
    private final Supplier<SSLSocketFactory> tls;
    private final boolean isPrivateAllowed;
    private final Duration connectWait;
    private final Duration answerWait;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean isClosed;

    /** Names to addresses, as {@link InetAddress#getAllByName}. */
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    Post(boolean isPrivateAllowed) {
        this(
                InetAddress::getAllByName,
                () -> (SSLSocketFactory) SSLSocketFactory.getDefault(),
                isPrivateAllowed,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10));
    }

    /** @param answerWait how long a TLS handshake and an answer may take together, once it is connected */
    Post(
            Resolver resolver,
            Supplier<SSLSocketFactory> tls,
            boolean isPrivateAllowed,
            Duration connectWait,
            Duration answerWait) {
        this.resolver = resolver;
        this.tls = tls;
        this.isPrivateAllowed = isPrivateAllowed;
        this.connectWait = connectWait;
        this.answerWait = answerWait;
    }

    /**
     * The status that is answered.
     *
     * @throws IOException when there is none; {@link #reason} tells why
     */
    int send(Target target, Map<String, String> headers, byte[] body) throws IOException {
        try (TimedSocket plain = new TimedSocket()) {
            open.add(plain);
            try {
                connect(plain, addressOf(target), target.port());
                plain.endIn(answerWait);
                Socket socket = target.isTls() ? secure(plain, target) : plain;
                OutputStream out = socket.getOutputStream();
                out.write(head(target, headers, body.length).getBytes(StandardCharsets.US_ASCII));
                out.write(body);
                out.flush();
                InputStream in = new BufferedInputStream(socket.getInputStream());
                int status = status(in);
                plain.endIn(BODY_WAIT);
                drop(in);
                return status;
            } finally {
                open.remove(plain);
            }
        }
    }

    /** Breaks off what is being sent; nothing is sent after that. */
    @Override
    public void close() {
        isClosed = true;
        for (Socket socket : open) {
            try {
                socket.close();
            } catch (IOException e) {
                // It is broken anyway.
            }
        }
    }

    boolean isClosed() {
        return isClosed;
    }

    /** Resolved once: what is looked at is what is connected to. */
    InetAddress addressOf(Target target) throws IOException {
        List<InetAddress> addresses = Arrays.asList(resolver.resolve(target.host()));
        return addresses.stream()
                .filter(address -> isPrivateAllowed || Addresses.isPublic(address))
                .findFirst()
                .orElseThrow(
                        () -> new IOException("its address, " + addresses.get(0).getHostAddress()
                                + ", isn't public; fuota.webhook.private=true allows that"));
    }

    private void connect(Socket socket, InetAddress address, int port) throws IOException {
        // Closed after it was added, if it isn't seen here.
        if (isClosed) {
            throw new IOException("the server stops");
        }
        socket.connect(new InetSocketAddress(address, port), (int) connectWait.toMillis());
    }

    /** With the name of the URL, both asked for (SNI) and compared with the certificate's. */
    private SSLSocket secure(Socket plain, Target target) throws IOException {
        SSLSocket socket = (SSLSocket) tls.get().createSocket(plain, target.host(), target.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static String head(Target target, Map<String, String> headers, int bodyBytes) {
        String path = target.uri().getRawPath();
        String query = target.uri().getRawQuery();
        StringBuilder head = new StringBuilder("POST ")
                .append(path.isEmpty() ? "/" : path)
                .append(query == null ? "" : "?" + query)
                .append(" HTTP/1.1\r\nHost: ")
                .append(target.uri().getRawAuthority())
                .append(
                        "\r\nUser-Agent: Fuota\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ")
                .append(bodyBytes)
                .append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("\r\n").toString();
    }

    /** Of the first answer that is a final one. */
    private static int status(InputStream in) throws IOException {
        String first = line(in);
        for (int lines = 0; lines < MAX_LINES; lines++) {
            if (!first.matches("HTTP/1\\.[01] [1-5][0-9]{2}( .*)?")) {
                throw new IOException("it doesn't answer by HTTP/1.1");
            }
            int status = Integer.parseInt(first.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
            if (status >= 200) {
                return status;
            }
            while (lines < MAX_LINES && !line(in).isEmpty()) {
                lines++;
            }
            first = line(in);
        }
        throw new IOException("its answer is too long");
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new IOException("it closes the connection without an answer");
            }
            if (line.length() == MAX_LINE) {
                throw new IOException("its answer is too long");
            }
            line.append((char) octet);
        }
        return line.toString().stripTrailing();
    }

    /** What else it answers, as far as it is short and comes soon: to close the connection before would look like a failure to it. */
    private static void drop(InputStream in) {
        try {
            in.readNBytes(MAX_BODY);
        } catch (IOException e) {
            // It has answered.
        }
    }

    /** A clause for people on what failed. */
    static String reason(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return "it doesn't answer in time";
            }
        }
        String message = failure instanceof UnknownHostException
                ? "its name isn't known"
                : (failure instanceof SSLException ? "TLS fails: " : "") + message(failure);
        String printable = Printable.of(message).replace("%20", " ").replace("%27", "'");
        return printable.substring(0, Math.min(printable.length(), MAX_REASON));
    }

    private static String message(IOException failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    /** Whose reading ends at a time: a timeout of a socket begins anew with each byte, and bytes may come slowly for ever. */
    private static final class TimedSocket extends Socket {
        private volatile long endNanos;

        void endIn(Duration wait) {
            endNanos = System.nanoTime() + wait.toNanos();
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    limit();
                    return super.read();
                }

                @Override
                public int read(byte[] octets, int offset, int length) throws IOException {
                    limit();
                    return super.read(octets, offset, length);
                }
            };
        }

        private void limit() throws IOException {
            long millis = Duration.ofNanos(endNanos - System.nanoTime()).toMillis();
            if (millis <= 0) {
                throw new SocketTimeoutException();
            }
            setSoTimeout((int) millis);
        }
    }
}
