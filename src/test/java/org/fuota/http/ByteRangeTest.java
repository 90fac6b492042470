package org.fuota.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteRangeTest {
    private static final String MAX = "9223372036854775807";

    @ParameterizedTest(name = "{0} of {1} bytes")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # header                               | size | first | length
            bytes=0-0                              |  900 |     0 |      1
            bytes=0-899                            |  900 |     0 |    900
            bytes=100-199                          |  900 |   100 |    100
            bytes=899-899                          |  900 |   899 |      1
            bytes=007-0008                         |  900 |     7 |      2
            BYTES=100-199                          |  900 |   100 |    100
            bYtEs=100-199                          |  900 |   100 |    100
            # the end is cut
            bytes=850-999                          |  900 |   850 |     50
            bytes=0-900                            |  900 |     0 |    900
            bytes=1-9223372036854775806            |  900 |     1 |    899
            bytes=1-9223372036854775807            |  900 |     1 |    899
            bytes=1-9223372036854775808            |  900 |     1 |    899
            bytes=1-18446744073709551616           |  900 |     1 |    899
            bytes=1-99999999999999999999999        |  900 |     1 |    899
            # open
            bytes=0-                               |  900 |     0 |    900
            bytes=899-                             |  900 |   899 |      1
            # suffix
            bytes=-1                               |  900 |   899 |      1
            bytes=-900                             |  900 |     0 |    900
            bytes=-1000                            |  900 |     0 |    900
            bytes=-9223372036854775808             |  900 |     0 |    900
            bytes=-99999999999999999999999         |  900 |     0 |    900
            # one range among empty elements, with space around commas
            bytes=0-1,                             |  900 |     0 |      2
            bytes=,0-1                             |  900 |     0 |      2
            bytes=,,0-1,,                          |  900 |     0 |      2
            `bytes=0-1 ,`                          |  900 |     0 |      2
            `bytes=0-1\t,\t,`                      |  900 |     0 |      2
            `bytes= , \t0-1`                       |  900 |     0 |      2
            # unsatisfiable
            bytes=900-                             |  900 |   900 |      0
            bytes=900-900                          |  900 |   900 |      0
            bytes=901-                             |  900 |   900 |      0
            bytes=9223372036854775807-             |  900 |   900 |      0
            bytes=9223372036854775808-             |  900 |   900 |      0
            bytes=18446744073709551616-            |  900 |   900 |      0
            bytes=99999999999999999999998-99999999999999999999999 | 900 | 900 | 0
            bytes=-0                               |  900 |   900 |      0
            bytes=-000                             |  900 |   900 |      0
            bytes=0-                               |    0 |     0 |      0
            bytes=0-0                              |    0 |     0 |      0
            bytes=-1                               |    0 |     0 |      0
            bytes=-0                               |    0 |     0 |      0
            bytes=,900-,                           |  900 |   900 |      0
            # ignored: backwards
            bytes=5-4                              |  900 |       |
            bytes=1000-999                         |  900 |       |
            bytes=1-0                              |    0 |       |
            bytes=99999999999999999999999-99999999999999999999998 | 900 | |
            bytes=18446744073709551617-1           |  900 |       |
            # ignored: several
            bytes=0-1,5-6                          |  900 |       |
            bytes=0-1,0-1                          |  900 |       |
            `bytes=0-1, -1`                        |  900 |       |
            bytes=0-1,900-                         |  900 |       |
            bytes=0-1,x                            |  900 |       |
            bytes=x,0-1                            |  900 |       |
            bytes=0-1,5-4                          |  900 |       |
            # ignored: another unit
            items=0-1                              |  900 |       |
            byte=0-1                               |  900 |       |
            bytess=0-1                             |  900 |       |
            xbytes=0-1                             |  900 |       |
            byteſ=0-1                              |  900 |       |
            none                                   |  900 |       |
            # ignored: malformed
            ``                                     |  900 |       |
            bytes                                  |  900 |       |
            bytes=                                 |  900 |       |
            bytes=,                                |  900 |       |
            `bytes=, ,`                            |  900 |       |
            bytes=-                                |  900 |       |
            bytes=--                               |  900 |       |
            bytes=--1                              |  900 |       |
            bytes=-1-                              |  900 |       |
            bytes=-1-2                             |  900 |       |
            bytes=1--2                             |  900 |       |
            bytes=1-2-                             |  900 |       |
            bytes=1-2-3                            |  900 |       |
            bytes=1                                |  900 |       |
            bytes=*                                |  900 |       |
            bytes=a-b                              |  900 |       |
            bytes=0-b                              |  900 |       |
            bytes=a-                               |  900 |       |
            bytes=-a                               |  900 |       |
            bytes=0x1-0x2                          |  900 |       |
            bytes=1.0-2                            |  900 |       |
            bytes=1e1-20                           |  900 |       |
            bytes=+1-2                             |  900 |       |
            bytes=1-+2                             |  900 |       |
            bytes=-+1                              |  900 |       |
            bytes=٠-١                              |  900 |       |
            bytes=0–1                              |  900 |       |
            bytes:0-1                              |  900 |       |
            bytes 0-1                              |  900 |       |
            bytes 0-1/900                          |  900 |       |
            bytes==0-1                             |  900 |       |
            =0-1                                   |  900 |       |
            0-1                                    |  900 |       |
            bytes=0-1;q=1                          |  900 |       |
            bytes=0-1;5-6                          |  900 |       |
            bytes="0-1"                            |  900 |       |
            # ignored: space where there is no comma
            `bytes = 0-1`                          |  900 |       |
            `bytes =0-1`                           |  900 |       |
            `bytes= 0-1`                           |  900 |       |
            `bytes=\t0-1`                          |  900 |       |
            `bytes=0 -1`                           |  900 |       |
            `bytes=0- 1`                           |  900 |       |
            `bytes=0\t-\t1`                        |  900 |       |
            `bytes=0-1 5-6`                        |  900 |       |
            `bytes=- 1`                            |  900 |       |
            ` bytes=0-1`                           |  900 |       |
            `bytes=0-1 `                           |  900 |       |
            `bytes=0-1, 5-6 `                      |  900 |       |
            `bytes=0-1\n`                          |  900 |       |
            `bytes=0-1\n,`                         |  900 |       |
            `bytes=0-1\u00A0,`                     |  900 |       |
            `bytes=0-1\u0000`                      |  900 |       |
            """)
    void parse(String header, long size, @Nullable Long first, @Nullable Long length) {
        ByteRange expected = first == null || length == null ? null : new ByteRange(first, length);

        assertEquals(expected, ByteRange.parse(header, size).orElse(null));
    }

    @Test
    void parsesNothingWithoutAHeader() {
        assertEquals(Optional.empty(), ByteRange.parse(null, 900));
    }

    @ParameterizedTest(name = "{0} of the longest representation")
    @CsvSource({
        "bytes=0-, 0, " + MAX,
        "bytes=0-" + MAX + ", 0, " + MAX,
        "bytes=-" + MAX + ", 0, " + MAX,
        "bytes=9223372036854775806-, 9223372036854775806, 1",
        "bytes=" + MAX + "-, " + MAX + ", 0",
        "bytes=" + MAX + "-" + MAX + ", " + MAX + ", 0",
    })
    void doesNotOverflow(String header, long first, long length) {
        assertEquals(Optional.of(new ByteRange(first, length)), ByteRange.parse(header, Long.MAX_VALUE));
    }

    @Test
    void isTheVeryBytesThatAreAskedFor() {
        for (int size = 0; size < 7; size++) {
            for (int a = 0; a < 9; a++) {
                assertBytes(size, "bytes=" + a + "-", a, size);
                assertBytes(size, "bytes=-" + a, size - a, size);
                for (int b = a; b < 9; b++) {
                    assertBytes(size, "bytes=" + a + "-" + b, a, b);
                }
            }
        }
    }

    /** The plain reading of RFC 9110 §14.1.2: offsets from..to, inclusive, that are there. */
    private static void assertBytes(int size, String header, long from, long to) {
        long[] expected = LongStream.rangeClosed(from, to)
                .filter(offset -> 0 <= offset && offset < size)
                .toArray();
        ByteRange range = ByteRange.parse(header, size).orElseThrow();

        assertEquals(expected.length, range.length(), header + " of " + size);
        assertEquals(expected.length == 0 ? size : expected[0], range.first(), header + " of " + size);
    }

    @Test
    void neverLeavesTheRepresentation() {
        Random random = new Random(20);
        int satisfiable = 0;
        int unsatisfiable = 0;
        int ignored = 0;
        for (int i = 0; i < 200_000; i++) {
            long size = number(random);
            String header = header(random);
            Optional<ByteRange> parsed = ByteRange.parse(header, size);
            if (parsed.isEmpty()) {
                ignored++;
                continue;
            }
            ByteRange range = parsed.get();
            Supplier<String> message = () -> header + " of " + size + " gave " + range;
            assertTrue(range.first() >= 0 && range.length() >= 0, message);
            assertTrue(range.first() <= size && range.length() <= size - range.first(), message);
            assertEquals(range.isSatisfiable(), range.first() < size, message);
            if (range.isSatisfiable()) {
                satisfiable++;
            } else {
                unsatisfiable++;
            }
        }
        // Otherwise the above has shown nothing.
        assertTrue(satisfiable > 10_000, satisfiable + " satisfiable");
        assertTrue(unsatisfiable > 10_000, unsatisfiable + " unsatisfiable");
        assertTrue(ignored > 10_000, ignored + " ignored");
    }

    /** Small ones and large ones, of any number of bits alike. */
    private static long number(Random random) {
        return (random.nextLong() >>> 1) >>> random.nextInt(63);
    }

    private static String header(Random random) {
        StringBuilder header = new StringBuilder("bytes=");
        do {
            if (random.nextInt(4) > 0) {
                header.append(number(random));
            }
            if (random.nextInt(16) > 0) {
                header.append('-');
            }
            if (random.nextBoolean()) {
                header.append(number(random));
            }
            if (random.nextInt(16) == 0) {
                header.append(", ");
            }
            // Beyond a long.
            if (random.nextInt(16) == 0) {
                header.append(number(random));
            }
        } while (random.nextInt(16) == 0);
        return header.toString();
    }

    @Test
    void takesHeadersOfAnyLength() {
        int length = 100_000;

        assertEquals(Optional.empty(), ByteRange.parse("bytes=0-1" + " ".repeat(length) + "x", 900));
        assertEquals(Optional.of(new ByteRange(0, 2)), ByteRange.parse("bytes=" + " ,".repeat(length) + "0-1", 900));
        assertEquals(Optional.empty(), ByteRange.parse("bytes=" + "0-1,".repeat(length), 900));
        assertEquals(Optional.of(new ByteRange(1, 899)), ByteRange.parse("bytes=1-" + "9".repeat(length), 900));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # first | length | size | value
                  0 |      1 |    1 | bytes 0-0/1
                  0 |    500 |  900 | bytes 0-499/900
                100 |    800 |  900 | bytes 100-899/900
                899 |      1 |  900 | bytes 899-899/900
                900 |      0 |  900 | bytes */900
                  0 |      0 |    0 | bytes */0
                  0 | 9223372036854775807 | 9223372036854775807 | bytes 0-9223372036854775806/9223372036854775807
            """)
    void contentRange(long first, long length, long size, String value) {
        assertEquals(value, new ByteRange(first, length).contentRange(size));
    }

    @Test
    void hasNoContentRangeOfASmallerRepresentation() {
        assertThrows(IllegalArgumentException.class, () -> new ByteRange(1, 900).contentRange(900));
        assertThrows(IllegalArgumentException.class, () -> new ByteRange(901, 0).contentRange(900));
    }

    @ParameterizedTest
    @CsvSource({"-1, 1", "0, -1", "-1, -1", "1, " + MAX, MAX + ", 1"})
    void refusesWhatIsNoRange(long first, long length) {
        assertThrows(IllegalArgumentException.class, () -> new ByteRange(first, length));
    }

    @Test
    void isSatisfiableWithBytes() {
        assertTrue(new ByteRange(900, 1).isSatisfiable());
        assertFalse(new ByteRange(900, 0).isSatisfiable());
    }
}
