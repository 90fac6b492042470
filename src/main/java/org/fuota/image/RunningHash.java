package org.fuota.image;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A SHA-256 that can be asked before its end. */
final class RunningHash {
    static final int BYTES = 32;

    private final MessageDigest digest;

    RunningHash() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    void update(byte[] buffer, int offset, int length) {
        digest.update(buffer, offset, length);
    }

    /** Of all the bytes until now; more may follow. */
    byte[] soFar() {
        try {
            return ((MessageDigest) digest.clone()).digest();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the Java runtime's SHA-256 can't be copied", e);
        }
    }
}
