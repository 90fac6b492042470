package org.fuota.bench.server;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Credentials as they go over the wire. */
final class Basic {
    private Basic() {}

    static String header(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }
}
