package org.fuota.bench.server;

/** What a certificate is of. */
public enum KeyKind {
    ECDSA,
    RSA
}
