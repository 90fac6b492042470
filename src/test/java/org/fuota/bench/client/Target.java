package org.fuota.bench.client;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Where boards poll: a server, which may have several nodes, and the credentials it knows. */
public record Target(List<InetSocketAddress> addresses, BoardTls tls, String authorization) {
    /** Of any of the nodes. */
    InetSocketAddress address() {
        return addresses.get(ThreadLocalRandom.current().nextInt(addresses.size()));
    }

    /** The head that a board on ESP-IDF 4.4 sends. */
    String head(String path) {
        return "GET " + path + " HTTP/1.1\r\n"
                + "User-Agent: ESP32 HTTP Client/1.0\r\n"
                + "Host: localhost:" + addresses.get(0).getPort() + "\r\n"
                + "Authorization: " + authorization + "\r\n"
                + "Content-Length: 0\r\n\r\n";
    }
}
