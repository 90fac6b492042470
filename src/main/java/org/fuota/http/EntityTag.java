package org.fuota.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of one state of a representation (RFC 9110 §8.8.3), such as {@code "xyzzy"} or {@code W/"xyzzy"}.
 *
 * @param isWeak whether it stands for what is equivalent, not for the same bytes
 * @param opaque what stands between the quotes; a byte above 0x7F is the char of that number, as containers decode it
 */
public record EntityTag(boolean isWeak, String opaque) {
    /** An entity tag; its groups are the sign of weakness, if there, and what is between the quotes. */
    static final String GRAMMAR = "(W/)?\"([\\x21\\x23-\\x7E\\x80-\\xFF]*+)\"";

    private static final Pattern TAG = Pattern.compile(GRAMMAR);

    /** @throws IllegalArgumentException when the tag can't be written: with a quote, space or control character */
    public EntityTag {
        if (!TAG.matcher("\"" + opaque + "\"").matches()) {
            throw new IllegalArgumentException("no entity tag can be " + opaque);
        }
    }

    /** A tag that changes whenever a byte does. */
    public static EntityTag strong(String opaque) {
        return new EntityTag(false, opaque);
    }

    /** The one tag that a header's value is; empty when it isn't one. */
    public static Optional<EntityTag> parse(String value) {
        Matcher tag = TAG.matcher(value);
        return tag.matches() ? Optional.of(of(tag)) : Optional.empty();
    }

    /** The tag that a pattern made of {@link #GRAMMAR} has found. */
    static EntityTag of(Matcher tag) {
        return new EntityTag(tag.group(1) != null, tag.group(2));
    }

    /** Strong comparison (§8.8.3.2): the same bytes. A weak tag equals nothing, not even itself. */
    public boolean equalsStrongly(EntityTag other) {
        // Not the record's own equals: JDK 17 never lets go of the last class that used a generated one (JDK-8078641).
        return !isWeak && !other.isWeak && opaque.equals(other.opaque);
    }

    /** Weak comparison (§8.8.3.2): the same but for being weak. */
    public boolean equalsWeakly(EntityTag other) {
        return opaque.equals(other.opaque);
    }

    /** As it stands in a header. */
    @Override
    public String toString() {
        return (isWeak ? "W/" : "") + '"' + opaque + '"';
    }
}
