package org.fuota.bench.server;

import java.io.IOException;
import java.util.List;
import org.fuota.bench.client.BoardTls;
import org.fuota.bench.client.Target;

/** One of the two servers, while it runs. */
public interface Peer {
    String name();

    /** Where it serves with that key. */
    Target target(KeyKind key, BoardTls tls);

    List<Long> pids();

    default Usage usage() throws IOException {
        return Usage.of(pids());
    }
}
