package org.fuota.setup;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Passwords, and the form {@code salt$1$SHA-256(salt + password)}, in hex, in which Tomcat's {@code MessageDigestCredentialHandler}
 * keeps them: of one round, because Tomcat checks one at every poll, and what is generated has 128 random bits.
 */
final class Passwords {
    private static final int BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Passwords() {}

    /** 22 characters that need no quoting in a shell. */
    static String generate() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random());
    }

    static String digest(String password) {
        return digest(password, random());
    }

    /** Whether the stored form, which may be anything, is this password's. */
    static boolean matches(String password, String stored) {
        int saltEnd = stored.indexOf('$');
        if (saltEnd < 0 || !stored.substring(0, saltEnd).matches("([0-9a-fA-F]{2})*")) {
            return false;
        }
        byte[] salt = HexFormat.of().parseHex(stored.substring(0, saltEnd));
        return digest(password, salt).equalsIgnoreCase(stored);
    }

    private static String digest(String password, byte[] salt) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(salt);
            HexFormat hex = HexFormat.of();
            return hex.formatHex(salt) + "$1$"
                    + hex.formatHex(sha256.digest(password.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    private static byte[] random() {
        byte[] bits = new byte[BITS / 8];
        RANDOM.nextBytes(bits);
        return bits;
    }
}
