package org.fuota.notify;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.fuota.tomcat.TomcatProcess;

/** A server on 127.0.0.1 that does with each connection, once it has the request, what a test says. */
final class RawServer implements Closeable {
    private final ServerSocket listening;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /** What to do with a connection; it is closed afterwards. */
    interface Answer {
        void to(Socket socket) throws IOException, InterruptedException;
    }

    RawServer(Answer answer) throws IOException {
        this(listen(), answer);
    }

    /** @param listening such as one with TLS */
    RawServer(ServerSocket listening, Answer answer) {
        this.listening = listening;
        Thread thread = new Thread(() -> serve(answer), "raw server");
        thread.setDaemon(true);
        thread.start();
    }

    static ServerSocket listen() throws IOException {
        return new ServerSocket(TomcatProcess.freePort(), 50, InetAddress.getByName("127.0.0.1"));
    }

    static Answer text(String answer) {
        return socket -> socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
    }

    int port() {
        return listening.getLocalPort();
    }

    /** With their bodies. */
    List<String> requests() {
        return requests;
    }

    private void serve(Answer answer) {
        while (!listening.isClosed()) {
            try (Socket socket = listening.accept()) {
                requests.add(request(socket.getInputStream()));
                answer.to(socket);
            } catch (IOException e) {
                // The client has gone, or this server is closed.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String request(InputStream in) throws IOException {
        StringBuilder request = new StringBuilder();
        while (request.indexOf("\r\n\r\n") < 0) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("no request");
            }
            request.append((char) octet);
        }
        String length = request.toString().replaceAll("(?s).*\r\nContent-Length: ([0-9]+)\r\n.*", "$1");
        return request + new String(in.readNBytes(Integer.parseInt(length)), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
