package org.fuota.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.fuota.it.BoardConnection.Answer;

/** One connection from each local address. For one thread at a time. */
final class Wire implements AutoCloseable {
    private final Map<String, BoardConnection> connections = new HashMap<>();
    private final String context;

    Wire() {
        this(SimulatedServer.CONTEXT);
    }

    /** @param context where the server is that it goes to */
    Wire(String context) {
        this.context = context;
    }

    Answer send(String localAddress, String method, String path, String authorization, String body) throws IOException {
        return connections
                .computeIfAbsent(localAddress, BoardConnection::new)
                .send(method, context + path, authorization, body.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        for (BoardConnection connection : connections.values()) {
            connection.close();
        }
    }
}
