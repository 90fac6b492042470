package org.fuota.http;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a representation that a request asks for, always within it (RFC 9110 §14.1.2).
 *
 * @param first the offset of the first byte; of a range that can't be satisfied, the size of the representation
 * @param length how many bytes; 0 means that the range can't be satisfied: 416 (§15.5.17)
 */
public record ByteRange(long first, long length) {
    // Range units are case-insensitive (§14.1), for ASCII only.
    private static final Pattern BYTES = Pattern.compile("(?i)bytes=(.*)");
    private static final Pattern RANGE = Pattern.compile("([0-9]+)-([0-9]*)");
    private static final Pattern SUFFIX = Pattern.compile("-([0-9]+)");
    // Commas and the space around them; other space is an error (§5.6.1). Not tried in the midst of space, so that long
    // headers take linear time.
    private static final Pattern SEPARATOR = Pattern.compile("(?<![ \t])(?:[ \t]*+,)++[ \t]*+");

    /** @throws IllegalArgumentException when one is negative, or the end isn't a {@code long} */
    public ByteRange {
        if (first < 0 || length < 0 || first > Long.MAX_VALUE - length) {
            throw new IllegalArgumentException(length + " bytes from " + first);
        }
    }

    /**
     * The one range that a {@code Range} header asks for, cut to what is there. Numbers may be of any length.
     *
     * <p>Empty means the whole representation, as if there were no header: several ranges, another unit, or malformed, backwards included (§14.2
     * leaves all of them to the server). Empty list elements don't count (§5.6.1.2). Of an empty representation no range can be satisfied: it has no
     * first byte for a {@code Content-Range}.
     *
     * @param header without space around it, as the container gives it
     * @param size of the representation in bytes
     */
    public static Optional<ByteRange> parse(@Nullable String header, long size) {
        if (header == null) {
            return Optional.empty();
        }
        Matcher bytes = BYTES.matcher(header);
        if (!bytes.matches()) {
            return Optional.empty();
        }
        List<String> ranges = SEPARATOR
                .splitAsStream(bytes.group(1))
                .filter(element -> !element.isEmpty())
                .toList();
        return ranges.size() == 1 ? parseOne(ranges.get(0), size) : Optional.empty();
    }

    /** Whether there are bytes to send: 206, otherwise 416. */
    public boolean isSatisfiable() {
        return length > 0;
    }

    /**
     * The {@code Content-Range} of the answer (§14.4), such as {@code bytes 0-499/900}; a star for positions that can't be satisfied.
     *
     * @param size of the whole representation in bytes, within which the range must be
     */
    public String contentRange(long size) {
        if (first + length > size) {
            throw new IllegalArgumentException(this + " of " + size + " bytes");
        }
        String range = isSatisfiable() ? first + "-" + (first + length - 1) : "*";
        return "bytes " + range + "/" + size;
    }

    private static Optional<ByteRange> parseOne(String range, long size) {
        Matcher suffix = SUFFIX.matcher(range);
        if (suffix.matches()) {
            long length = clamp(new BigInteger(suffix.group(1)), size);
            return Optional.of(new ByteRange(size - length, length));
        }
        Matcher positions = RANGE.matcher(range);
        if (!positions.matches()) {
            return Optional.empty();
        }
        BigInteger firstPosition = new BigInteger(positions.group(1));
        boolean open = positions.group(2).isEmpty();
        BigInteger end = open ? BigInteger.valueOf(size) : new BigInteger(positions.group(2)).add(BigInteger.ONE);
        if (!open && end.compareTo(firstPosition) <= 0) {
            return Optional.empty();
        }
        long first = clamp(firstPosition, size);
        return Optional.of(new ByteRange(first, clamp(end, size) - first));
    }

    private static long clamp(BigInteger position, long size) {
        return position.min(BigInteger.valueOf(size)).longValueExact();
    }
}
