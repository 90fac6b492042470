package org.fuota.http;

import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.jspecify.annotations.Nullable;

/**
 * The SHA-256 in {@code Content-Digest} and {@code Repr-Digest} (RFC 9530 §2, §3): a dictionary of byte sequences (RFC 8941 §3.2, §3.3.5), such as
 * {@code sha-256=:BASE64:, md5=:BASE64:}. Its grammar is strict, so that a digest that was meant to be verified never goes by unverified.
 */
public final class Digests {
    private static final String ALGORITHM = "sha-256";
    private static final String KEY = "[a-z*][a-z0-9_.*-]*+";
    private static final String BYTE_SEQUENCE = ":([A-Za-z0-9+/=]*+):";
    private static final String PARAMETER_VALUE = "(?:-?[0-9]++(?:\\.[0-9]++)?+" // integer, decimal
            + "|\"(?:[ !#-\\[\\]-~]|\\\\[\"\\\\])*+\"" // string
            + "|[A-Za-z*][0-9A-Za-z!#$%&'*+.^_`|~:/-]*+" // token
            + "|:[A-Za-z0-9+/=]*+:|\\?[01])"; // byte sequence, boolean
    private static final String PARAMETERS = "(?:; *+" + KEY + "(?:=" + PARAMETER_VALUE + ")?+)*+";
    // Unlike other lists, this one must not have empty elements, nor end with a comma (RFC 8941 §4.2.2).
    private static final String SEPARATOR = "[ \t]*+(?:,[ \t]*+(?!\\z)|\\z)";
    private static final Pattern MEMBER = Pattern.compile("(" + KEY + ")=" + BYTE_SEQUENCE + PARAMETERS + SEPARATOR);

    private Digests() {}

    /**
     * The SHA-256 that a header gives, the last of several (RFC 8941 §3.2); empty when it has none. Parameters don't count.
     *
     * @param lines all of its lines; none when it isn't there
     * @throws FuotaException when it is malformed, or the SHA-256 isn't of 32 bytes
     */
    public static Optional<Sha256> sha256(String header, List<String> lines) {
        String value = String.join(", ", lines);
        Optional<String> base64 = Optional.empty();
        Matcher member = MEMBER.matcher(value);
        while (member.regionStart() < value.length()) {
            if (!member.lookingAt()) {
                throw malformed(header, null);
            }
            if (member.group(1).equals(ALGORITHM)) {
                base64 = Optional.of(member.group(2));
            }
            member.region(member.end(), value.length());
        }
        return base64.map(digits -> decode(header, digits));
    }

    /** The digest as the value of such a header. */
    public static String format(Sha256 digest) {
        return ALGORITHM + "=:" + digest.base64() + ":";
    }

    private static Sha256 decode(String header, String base64) {
        try {
            return Sha256.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            throw malformed(header, e);
        }
    }

    private static FuotaException malformed(String header, @Nullable IllegalArgumentException cause) {
        return new FuotaException(
                ErrorCode.INVALID,
                "the header " + header + " must be like " + ALGORITHM + "=:BASE64: with the Base64 of 32 bytes",
                cause);
    }
}
