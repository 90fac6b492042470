package org.fuota.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpDateTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # date                            | instant
            Sun, 06 Nov 1994 08:49:37 GMT     | 1994-11-06T08:49:37Z
            Sunday, 06-Nov-94 08:49:37 GMT    | 1994-11-06T08:49:37Z
            Sun Nov  6 08:49:37 1994          | 1994-11-06T08:49:37Z
            Wed Nov 16 08:49:37 1994          | 1994-11-16T08:49:37Z
            Thu, 01 Jan 1970 00:00:00 GMT     | 1970-01-01T00:00:00Z
            Sat, 29 Feb 2020 23:59:59 GMT     | 2020-02-29T23:59:59Z
            # the leap second, which Java's clock doesn't have, is the one after
            Sat, 31 Dec 2016 23:59:60 GMT     | 2017-01-01T00:00:00Z
            # no date
            ``                                |
            0                                 |
            784111777                         |
            now                               |
            1994-11-06T08:49:37Z              |
            Sun, 06 Nov 1994 08:49:37         |
            Sun, 06 Nov 1994 08:49:37 UTC     |
            Sun, 06 Nov 1994 08:49:37 gmt     |
            Sun, 06 Nov 1994 08:49:37 +0000   |
            Sun, 06 Nov 1994 08:49:37 GMT+1   |
            Sun, 06 Nov 1994 08:49:37 GMT;x   |
            Sun, 06 Nov 1994 08:49 GMT        |
            Sun, 6 Nov 1994 08:49:37 GMT      |
            Sun, 06 Nov 94 08:49:37 GMT       |
            Sun, 06 Nov 01994 08:49:37 GMT    |
            Sun, 06-Nov-1994 08:49:37 GMT     |
            Sun, 06  Nov 1994 08:49:37 GMT    |
            Sun,06 Nov 1994 08:49:37 GMT      |
            06 Nov 1994 08:49:37 GMT          |
            ` Sun, 06 Nov 1994 08:49:37 GMT`  |
            `Sun, 06 Nov 1994 08:49:37 GMT `  |
            sun, 06 nov 1994 08:49:37 GMT     |
            SUN, 06 NOV 1994 08:49:37 GMT     |
            Mon, 06 Nov 1994 08:49:37 GMT     |
            Xxx, 06 Nov 1994 08:49:37 GMT     |
            Sun, 06 Xxx 1994 08:49:37 GMT     |
            Sun, 06 11 1994 08:49:37 GMT      |
            Sun, 00 Nov 1994 08:49:37 GMT     |
            Thu, 31 Nov 1994 08:49:37 GMT     |
            Mon, 29 Feb 2021 08:49:37 GMT     |
            Sun, 06 Nov 1994 24:00:00 GMT     |
            Sun, 06 Nov 1994 08:60:37 GMT     |
            Sun, 06 Nov 1994 08:49:60 GMT     |
            Sun, 06 Nov 1994 08:59:60 GMT     |
            Sun, 06 Nov 1994 23:58:60 GMT     |
            Sun, 06 Nov 1994 23:59:61 GMT     |
            Sun, 06 Nov 1994 -1:49:37 GMT     |
            Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT |
            # no RFC 850 date
            Sunday, 06 Nov 1994 08:49:37 GMT  |
            Sunday, 06-Nov-1994 08:49:37 GMT  |
            Sunday, 6-Nov-94 08:49:37 GMT     |
            Sun, 06-Nov-94 08:49:37 GMT       |
            Monday, 06-Nov-94 08:49:37 GMT    |
            Sday, 06-Nov-94 08:49:37 GMT      |
            Sunday, 06-Nov-94 08:49:37        |
            # no asctime
            Sun Nov 6 08:49:37 1994           |
            Sun Nov  6 08:49:37 94            |
            Sun Nov  6 08:49:37 1994 GMT      |
            Sun, Nov  6 08:49:37 1994         |
            Mon Nov  6 08:49:37 1994          |
            Sun Nov    08:49:37 1994          |
            """)
    void parse(String date, @Nullable Instant instant) {
        assertEquals(Optional.ofNullable(instant), HttpDate.parse(date, Instant.parse("2026-11-23T00:00:00Z")));
    }

    @ParameterizedTest(name = "{1} read at {0}")
    @CsvSource(delimiter = '|', textBlock = """
            # now                | date                             | instant
            1994-11-06T08:49:37Z | Sunday, 06-Nov-94 08:49:37 GMT   | 1994-11-06T08:49:37Z
            # 50 years ahead, and a second more
            2026-11-23T00:00:00Z | Monday, 23-Nov-76 00:00:00 GMT   | 2076-11-23T00:00:00Z
            2026-11-23T00:00:00Z | Tuesday, 23-Nov-76 00:00:01 GMT  | 1976-11-23T00:00:01Z
            # the next century
            2080-01-01T00:00:00Z | Wednesday, 01-Jan-05 00:00:00 GMT |
            2080-01-01T00:00:00Z | Thursday, 01-Jan-05 00:00:00 GMT | 2105-01-01T00:00:00Z
            """)
    void findsTheCenturyOfTwoDigits(Instant now, String date, @Nullable Instant instant) {
        assertEquals(Optional.ofNullable(instant), HttpDate.parse(date, now));
    }

    @Test
    void takesInputOfAnyLength() {
        assertEquals(Optional.empty(), HttpDate.parse("S" + "day".repeat(1_000_000), Instant.EPOCH));
        assertEquals(Optional.empty(), HttpDate.parse("Sun, 0" + "6".repeat(1_000_000), Instant.EPOCH));
    }
}
