package org.fuota.attention;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** This server itself. */
public interface Node {
    /** Why it isn't ready; none when it is. */
    List<String> reasons();

    /** The paths of update files whose bytes are missing or damaged, in their order. */
    List<String> lostFiles();

    /** Of its certificate; empty where none is known, as behind a proxy. */
    Optional<Validity> certificate();

    /** From when and until when a certificate is valid. */
    record Validity(Instant from, Instant until) {}
}
