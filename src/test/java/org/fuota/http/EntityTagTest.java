package org.fuota.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # value         | weak  | opaque
            "xyzzy"         | false | xyzzy
            W/"xyzzy"       | true  | xyzzy
            ""              | false | ``
            W/""            | true  | ``
            "W/"            | false | W/
            "a,b"           | false | a,b
            "*"             | false | *
            "!#~\\'"        | false | !#~\\'
            "\u0080é\u00FF" | false | \u0080é\u00FF
            # no tag
            ``              |       |
            *               |       |
            xyzzy           |       |
            "xyzzy          |       |
            xyzzy"          |       |
            "               |       |
            'xyzzy'         |       |
            ""xyzzy""       |       |
            "a"b"           |       |
            "a\\"b"         |       |
            "a b"           |       |
            "a\tb"          |       |
            "a\u007Fb"      |       |
            "a\u0000b"      |       |
            "a\u0100b"      |       |
            "“"             |       |
            w/"xyzzy"       |       |
            W"xyzzy"        |       |
            W /"xyzzy"      |       |
            W/ "xyzzy"      |       |
            W/W/"xyzzy"     |       |
            W/xyzzy         |       |
            W/              |       |
            ` "xyzzy"`      |       |
            `"xyzzy" `      |       |
            "xyzzy"W/       |       |
            "a", "b"        |       |
            "a",            |       |
            """)
    void parse(String value, @Nullable Boolean isWeak, @Nullable String opaque) {
        EntityTag expected = isWeak == null || opaque == null ? null : new EntityTag(isWeak, opaque);

        assertEquals(Optional.ofNullable(expected), EntityTag.parse(value));
        if (expected != null) {
            assertEquals(value, expected.toString());
        }
    }

    /** The table of RFC 9110 §8.8.3.2, and its mirror image. */
    @ParameterizedTest(name = "{0} and {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # one  | other | strong | weak
            W/"1"  | W/"1" | false  | true
            W/"1"  | W/"2" | false  | false
            W/"1"  | "1"   | false  | true
            "1"    | W/"1" | false  | true
            "1"    | "1"   | true   | true
            "1"    | "2"   | false  | false
            "a"    | "A"   | false  | false
            """)
    void equalsStronglyAndWeakly(String one, String other, boolean strongly, boolean weakly) {
        EntityTag tag = EntityTag.parse(one).orElseThrow();
        EntityTag otherTag = EntityTag.parse(other).orElseThrow();

        assertEquals(strongly, tag.equalsStrongly(otherTag));
        assertEquals(weakly, tag.equalsWeakly(otherTag));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"", "a\"b", "a b", "a\nb", "\u007F", "\u0100"})
    void refusesWhatCannotBeWritten(String opaque) {
        assertThrows(IllegalArgumentException.class, () -> EntityTag.strong(opaque));
        assertThrows(IllegalArgumentException.class, () -> new EntityTag(true, opaque));
    }
}
