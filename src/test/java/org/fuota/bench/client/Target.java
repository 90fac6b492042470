package org.fuota.bench.client;

import java.net.InetSocketAddress;

/** Where boards poll: a server, and the credentials it knows. */
public record Target(InetSocketAddress address, BoardTls tls, String authorization) {
    /** The head that a board on ESP-IDF 4.4 sends. */
    String head(String path) {
        return "GET " + path + " HTTP/1.1\r\n"
                + "User-Agent: ESP32 HTTP Client/1.0\r\n"
                + "Host: localhost:" + address.getPort() + "\r\n"
                + "Authorization: " + authorization + "\r\n"
                + "Content-Length: 0\r\n\r\n";
    }
}
