package org.fuota.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fuota.http.Preconditions.Outcome;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In rows, header lines are parted by {@code //}, and {@code @37} is {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
class PreconditionsTest {
    private static final Validators CURRENT =
            new Validators(EntityTag.strong("a"), Instant.parse("1994-11-06T08:49:37.999Z"));
    private static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # method | header lines                                        | outcome
            GET      | ``                                                  | PROCEED
            PUT      | ``                                                  | PROCEED
            GET      | Range: bytes=0-1                                    | PROCEED
            GET      | If-Range: "b"                                       | PROCEED
            GET      | Range: bytes=0-1//If-Range: "b"                     | PROCEED
            # If-Match: strong comparison
            GET      | If-Match: "a"                                       | PROCEED
            PUT      | If-Match: "a"                                       | PROCEED
            DELETE   | If-Match: "a"                                       | PROCEED
            PUT      | If-Match: *                                         | PROCEED
            PUT      | If-Match: "b", "a"                                  | PROCEED
            PUT      | If-Match: "b"//If-Match: "a"                        | PROCEED
            PUT      | If-Match: , "a",                                    | PROCEED
            GET      | If-Match: "b"                                       | PRECONDITION_FAILED
            HEAD     | If-Match: "b"                                       | PRECONDITION_FAILED
            PUT      | If-Match: "b"                                       | PRECONDITION_FAILED
            DELETE   | If-Match: "b", "c"                                  | PRECONDITION_FAILED
            PUT      | If-Match: W/"a"                                     | PRECONDITION_FAILED
            PUT      | If-Match: "*"                                       | PRECONDITION_FAILED
            # If-Match, empty or malformed: nothing matches
            PUT      | If-Match:                                           | PRECONDITION_FAILED
            PUT      | If-Match: ,                                         | PRECONDITION_FAILED
            PUT      | If-Match: a                                         | PRECONDITION_FAILED
            PUT      | If-Match: "a                                        | PRECONDITION_FAILED
            PUT      | If-Match: "a" x                                     | PRECONDITION_FAILED
            PUT      | If-Match: "a", x                                    | PRECONDITION_FAILED
            PUT      | If-Match: "a"//If-Match: x                          | PRECONDITION_FAILED
            PUT      | If-Match: *//If-Match: *                            | PRECONDITION_FAILED
            GET      | If-Match: "a" "b"                                   | PRECONDITION_FAILED
            # If-Unmodified-Since
            GET      | If-Unmodified-Since: @37                            | PROCEED
            PUT      | If-Unmodified-Since: @37                            | PROCEED
            PUT      | If-Unmodified-Since: @38                            | PROCEED
            PUT      | If-Unmodified-Since: @36                            | PRECONDITION_FAILED
            GET      | If-Unmodified-Since: @36                            | PRECONDITION_FAILED
            HEAD     | If-Unmodified-Since: @36                            | PRECONDITION_FAILED
            DELETE   | If-Unmodified-Since: Sunday, 06-Nov-94 08:49:36 GMT | PRECONDITION_FAILED
            DELETE   | If-Unmodified-Since: Sun Nov  6 08:49:36 1994       | PRECONDITION_FAILED
            # If-Unmodified-Since, ignored: malformed, twice, beside If-Match
            PUT      | If-Unmodified-Since:                                | PROCEED
            PUT      | If-Unmodified-Since: 0                              | PROCEED
            PUT      | If-Unmodified-Since: "b"                            | PROCEED
            PUT      | If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36      | PROCEED
            PUT      | If-Unmodified-Since: Mon, 06 Nov 1994 08:49:36 GMT  | PROCEED
            PUT      | If-Unmodified-Since: @36//If-Unmodified-Since: @36  | PROCEED
            PUT      | If-Unmodified-Since: @36, @36                       | PROCEED
            PUT      | If-Unmodified-Since: @36//If-Match: "a"             | PROCEED
            PUT      | If-Unmodified-Since: @38//If-Match: "b"             | PRECONDITION_FAILED
            PUT      | If-Unmodified-Since: @38//If-Match: x               | PRECONDITION_FAILED
            # If-None-Match: weak comparison
            GET      | If-None-Match: "b"                                  | PROCEED
            HEAD     | If-None-Match: "b", W/"c"                           | PROCEED
            PUT      | If-None-Match: "b"                                  | PROCEED
            GET      | If-None-Match: "A"                                  | PROCEED
            GET      | If-None-Match: "*"                                  | PROCEED
            GET      | If-None-Match: "b,", "a,"                           | PROCEED
            GET      | If-None-Match: "a"                                  | NOT_MODIFIED
            HEAD     | If-None-Match: "a"                                  | NOT_MODIFIED
            GET      | If-None-Match: W/"a"                                | NOT_MODIFIED
            GET      | If-None-Match: "b", "a"                             | NOT_MODIFIED
            GET      | If-None-Match: "b"//If-None-Match: W/"a"            | NOT_MODIFIED
            GET      | If-None-Match: *                                    | NOT_MODIFIED
            PUT      | If-None-Match: "a"                                  | PRECONDITION_FAILED
            PUT      | If-None-Match: W/"a"                                | PRECONDITION_FAILED
            PUT      | If-None-Match: *                                    | PRECONDITION_FAILED
            DELETE   | If-None-Match: *                                    | PRECONDITION_FAILED
            get      | If-None-Match: "a"                                  | PRECONDITION_FAILED
            # If-None-Match, empty: nothing matches
            GET      | If-None-Match:                                      | PROCEED
            PUT      | If-None-Match:                                      | PROCEED
            # If-None-Match, malformed: the whole to those who read, nothing changed by others
            GET      | If-None-Match: a                                    | PROCEED
            HEAD     | If-None-Match: "a" "b"                              | PROCEED
            GET      | If-None-Match: "a", x                               | PROCEED
            GET      | If-None-Match: *, "a"                               | PROCEED
            PUT      | If-None-Match: **                                   | PRECONDITION_FAILED
            PUT      | If-None-Match: *, "b"                               | PRECONDITION_FAILED
            PUT      | If-None-Match: *//If-None-Match: *                  | PRECONDITION_FAILED
            DELETE   | If-None-Match: b                                    | PRECONDITION_FAILED
            # If-Modified-Since
            GET      | If-Modified-Since: @36                              | PROCEED
            GET      | If-Modified-Since: @37                              | NOT_MODIFIED
            HEAD     | If-Modified-Since: @37                              | NOT_MODIFIED
            GET      | If-Modified-Since: @38                              | NOT_MODIFIED
            GET      | If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT    | NOT_MODIFIED
            GET      | If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT   | NOT_MODIFIED
            GET      | If-Modified-Since: Sun Nov  6 08:49:37 1994         | NOT_MODIFIED
            # If-Modified-Since, ignored: another method, malformed, twice, beside If-None-Match
            PUT      | If-Modified-Since: @37                              | PROCEED
            DELETE   | If-Modified-Since: @37                              | PROCEED
            GET      | If-Modified-Since:                                  | PROCEED
            GET      | If-Modified-Since: "a"                              | PROCEED
            GET      | If-Modified-Since: *                                | PROCEED
            GET      | If-Modified-Since: Sun, 06 Nov 1994 08:49:37 CET    | PROCEED
            GET      | If-Modified-Since: @37//If-Modified-Since: @37      | PROCEED
            GET      | If-Modified-Since: @37//If-None-Match: "b"          | PROCEED
            GET      | If-Modified-Since: @37//If-None-Match: b            | PROCEED
            GET      | If-Modified-Since: @37//If-None-Match:              | PROCEED
            GET      | If-Modified-Since: @36//If-None-Match: "a"          | NOT_MODIFIED
            # both steps: what fails first counts
            GET      | If-Match: "a"//If-None-Match: "b"                   | PROCEED
            GET      | If-Match: "a"//If-None-Match: "a"                   | NOT_MODIFIED
            GET      | If-Match: "b"//If-None-Match: "a"                   | PRECONDITION_FAILED
            PUT      | If-Match: "a"//If-None-Match: *                     | PRECONDITION_FAILED
            GET      | If-Match: "a"//If-Modified-Since: @37               | NOT_MODIFIED
            GET      | If-Match: "b"//If-Modified-Since: @37               | PRECONDITION_FAILED
            GET      | If-Unmodified-Since: @37//If-Modified-Since: @37    | NOT_MODIFIED
            GET      | If-Unmodified-Since: @36//If-Modified-Since: @37    | PRECONDITION_FAILED
            GET      | If-Unmodified-Since: @36//If-None-Match: "a"        | PRECONDITION_FAILED
            """)
    void check(String method, String headers, Outcome outcome) {
        assertEquals(outcome, request(method, headers, NOW).check(CURRENT));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # method | header lines                                       | outcome
            PUT      | ``                                                 | PROCEED
            PUT      | If-None-Match: *                                   | PROCEED
            PUT      | If-None-Match: "a"                                 | PROCEED
            PUT      | If-None-Match:                                     | PROCEED
            PUT      | If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT | PROCEED
            PUT      | If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT   | PROCEED
            GET      | If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT   | PROCEED
            PUT      | If-None-Match: **                                  | PRECONDITION_FAILED
            PUT      | If-Match: *                                        | PRECONDITION_FAILED
            PUT      | If-Match: "a"                                      | PRECONDITION_FAILED
            DELETE   | If-Match: *                                        | PRECONDITION_FAILED
            PUT      | If-Match: x                                        | PRECONDITION_FAILED
            PUT      | If-Match: *//If-None-Match: *                      | PRECONDITION_FAILED
            """)
    void checkOfWhatIsNotThere(String method, String headers, Outcome outcome) {
        assertEquals(outcome, request(method, headers, NOW).check(null));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # method | header lines                                                | range
            GET      | Range: bytes=0-1                                            | bytes=0-1
            GET      | Range: x                                                    | x
            GET      | Range: bytes=0-1//If-Range: "a"                             | bytes=0-1
            GET      | Range: bytes=0-1//If-Range: @37                             | bytes=0-1
            GET      | Range: bytes=0-1//If-Range: Sunday, 06-Nov-94 08:49:37 GMT  | bytes=0-1
            GET      | Range: bytes=0-1//If-Range: Sun Nov  6 08:49:37 1994        | bytes=0-1
            # another state
            GET      | Range: bytes=0-1//If-Range: "b"                             |
            GET      | Range: bytes=0-1//If-Range: W/"a"                           |
            GET      | Range: bytes=0-1//If-Range: @36                             |
            GET      | Range: bytes=0-1//If-Range: @38                             |
            # malformed
            GET      | Range: bytes=0-1//If-Range:                                 |
            GET      | Range: bytes=0-1//If-Range: *                               |
            GET      | Range: bytes=0-1//If-Range: a                               |
            GET      | Range: bytes=0-1//If-Range: "a", "b"                        |
            GET      | Range: bytes=0-1//If-Range: "a",                            |
            GET      | Range: bytes=0-1//If-Range: Mon, 06 Nov 1994 08:49:37 GMT   |
            GET      | Range: bytes=0-1//If-Range: "Sun, 06 Nov 1994 08:49:37 GMT" |
            # more than one
            GET      | Range: bytes=0-1//If-Range: "a"//If-Range: "a"              |
            GET      | Range: bytes=0-1//Range: bytes=0-1                          |
            GET      | Range: bytes=0-1//Range: bytes=0-1//If-Range: "a"           |
            # no range, or none of this method
            GET      | ``                                                          |
            GET      | If-Range: "a"                                               |
            HEAD     | Range: bytes=0-1                                            |
            HEAD     | Range: bytes=0-1//If-Range: "a"                             |
            PUT      | Range: bytes=0-1                                            |
            get      | Range: bytes=0-1                                            |
            """)
    void range(String method, String headers, @Nullable String range) {
        assertEquals(Optional.ofNullable(range), request(method, headers, NOW).range(CURRENT));
    }

    @ParameterizedTest(name = "at {0}")
    @CsvSource({
        "1994-11-06T08:49:37.999Z, false",
        "1994-11-06T08:49:36Z, false",
        "1994-11-06T08:49:38Z, true",
        "1994-11-06T08:49:39Z, true",
    })
    void rangeByDateOnlyWhenItsSecondIsOver(Instant now, boolean applies) {
        String ifRange = "Range: bytes=0-1//If-Range: Sun, 06 Nov 1994 08:49:37 GMT";

        assertEquals(applies, request("GET", ifRange, now).range(CURRENT).isPresent());
    }

    @Test
    void validatorsAreStrong() {
        EntityTag weak = new EntityTag(true, "a");

        assertThrows(IllegalArgumentException.class, () -> new Validators(weak, NOW));
    }

    private static Preconditions request(String method, String headers, Instant now) {
        Map<String, List<String>> lines = new HashMap<>();
        String dated = headers.replaceAll("@(3[0-9])", "Sun, 06 Nov 1994 08:49:$1 GMT");
        for (String line : dated.isEmpty() ? new String[0] : dated.split("//")) {
            int colon = line.indexOf(':');
            lines.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return new Preconditions(method, name -> lines.getOrDefault(name, List.of()), now);
    }
}
