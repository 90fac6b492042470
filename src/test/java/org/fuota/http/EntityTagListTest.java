package org.fuota.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntityTagListTest {
    /** Lines of the header are parted by {@code //}, and tags that are expected by space, which no tag has. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # lines              | tags
            "a"                  | "a"
            W/"a"                | W/"a"
            "a", "b"             | "a" "b"
            "a","b"              | "a" "b"
            "a",W/"b","c"        | "a" W/"b" "c"
            `"a"\t,\t"b"`        | "a" "b"
            "a", "a"             | "a" "a"
            "a,b", "c"           | "a,b" "c"
            ",", ","             | "," ","
            "*"                  | "*"
            "*", "a"             | "*" "a"
            "W/", "a"            | "W/" "a"
            "é"                  | "é"
            # lines of one header
            "a"//"b"             | "a" "b"
            "a", "b"//W/"c"      | "a" "b" W/"c"
            # empty elements, and an empty list
            "a",                 | "a"
            , "a"                | "a"
            "a",,"b"             | "a" "b"
            `,,"a", ,"b" , `     | "a" "b"
            "a"////"b"           | "a" "b"
            ``                   | ``
            `,`                  | ``
            ` , ,`               | ``
            # malformed
            "a" "b"              |
            "a""b"               |
            "a";"b"              |
            a                    |
            a, "b"               |
            "b", a               |
            "a", b, "c"          |
            "a                   |
            "a, "b"              |
            "a", "b              |
            "a", "               |
            'a'                  |
            "a b"                |
            "a" b                |
            a "b"                |
            w/"a"                |
            W/ "a"               |
            W/a                  |
            "a", W/              |
            "\\""                |
            *, "a"               |
            "a", *               |
            *, *                 |
            *//*                 |
            *//"a"               |
            *,                   |
            ,*                   |
            **                   |
            ` *`                 |
            `"a"\n`              |
            `"a"\u00A0`          |
            """)
    void parse(String lines, @Nullable String tags) {
        Optional<EntityTagList> expected = Optional.ofNullable(tags)
                .map(list -> new EntityTagList(
                        false,
                        Stream.of(list.split(" "))
                                .filter(tag -> !tag.isEmpty())
                                .map(tag -> EntityTag.parse(tag).orElseThrow())
                                .toList()));

        assertEquals(expected, EntityTagList.parse(List.of(lines.split("//", -1))));
    }

    @Test
    void starIsEveryTag() {
        EntityTagList any = EntityTagList.parse(List.of("*")).orElseThrow();

        assertEquals(new EntityTagList(true, List.of()), any);
        assertTrue(any.matches(EntityTag.strong("a")::equalsStrongly));
        assertTrue(any.matches(EntityTag.strong("a")::equalsWeakly));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # list       | strongly | weakly
            "a"          | true     | true
            "b", "a"     | true     | true
            W/"a"        | false    | true
            W/"a", "a"   | true     | true
            W/"a", "b"   | false    | true
            "b", W/"c"   | false    | false
            "*"          | false    | false
            "A"          | false    | false
            ``           | false    | false
            """)
    void matches(String list, boolean strongly, boolean weakly) {
        EntityTagList tags = EntityTagList.parse(List.of(list)).orElseThrow();

        assertEquals(strongly, tags.matches(EntityTag.strong("a")::equalsStrongly));
        assertEquals(weakly, tags.matches(EntityTag.strong("a")::equalsWeakly));
    }

    @Test
    void takesHeadersOfAnyLength() {
        int length = 100_000;

        assertEquals(
                Optional.of(length),
                EntityTagList.parse(Collections.nCopies(length, "W/\"a\""))
                        .map(list -> list.tags().size()));
        assertEquals(Optional.empty(), EntityTagList.parse(List.of(" ".repeat(length) + "x")));
        assertEquals(Optional.empty(), EntityTagList.parse(List.of("\"" + "a".repeat(length))));
    }

    @Test
    void isEitherStarOrTags() {
        assertThrows(IllegalArgumentException.class, () -> new EntityTagList(true, List.of(EntityTag.strong("a"))));
        assertFalse(new EntityTagList(false, List.of()).matches(EntityTag.strong("a")::equalsWeakly));
    }
}
