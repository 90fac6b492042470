package org.fuota.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoardReaderTest {
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    # body (~ is a line feed, ^ a carriage return)  | ids
                    b~a                  | a b
                    "b"^~~a^~            | a b
                    a~b~a~"a"            | a b
                    "a,""b"              | a,"b
                    Board ID~7           | 7
                    7~id                 | 7 id
                    device               | device
                    id~id                | id
                    a,~b,""              | a b
                    """)
    void reads(String body, String ids) throws IOException {
        assertEquals(ids, read(body, false).slices().flatMap(List::stream).collect(Collectors.joining(" ")));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    ``                   | the body names no board: one id a line
                    ~,                   | the body names no board: one id a line
                    a~b/c                | line 2, column 1: the device id has a slash
                    a~b,1                | line 2, column 3: there is more than one field: a line is an id
                    a;b                  | line 1, column 2: the fields seem to be parted by ;, and must be parted by commas
                    ,a                   | line 1, column 2: there is more than one field: a line is an id
                    "a~b                 | line 1, column 1: the quote that begins here has no end
                    " a"                 | line 1, column 2: the quotes hold a leading or trailing space
                    a~1.23457E+14        | line 2, column 1: the device id is a number that a spreadsheet has rounded: make its column one of text
                    """)
    void namesTheFirstLineThatIsNotRightAndWhere(String body, String sentence) {
        FuotaException refused = assertThrows(FuotaException.class, () -> read(body, false));

        assertEquals(sentence, refused.sentence());
        assertEquals(ErrorCode.INVALID, refused.code());
    }

    @Test
    void takesWhatAServerHasWrittenAsItIs() throws IOException {
        assertEquals(2, read("\" a\"~\"\u200b\"", true).size());
    }

    @Test
    void takesNoMoreThanAllowed() throws IOException {
        assertEquals(5, read("1~2~3~4~5", false).size());

        FuotaException refused = assertThrows(FuotaException.class, () -> read("1~2~3~4~5~6", false));

        assertEquals(ErrorCode.TOO_LARGE, refused.code());
        assertEquals("the body has more than 5 boards", refused.sentence());
    }

    @Test
    void tellsHowFarItCameWhereTheNextFails() throws IOException {
        BoardList boards =
                BoardList.of(IntStream.range(0, 1_200).mapToObj(i -> "b" + i).toList());
        int[] calls = {0};

        FuotaException failed = assertThrows(
                FuotaException.class,
                () -> boards.change(
                        some -> {
                            if (calls[0]++ == 2) {
                                throw new FuotaException(ErrorCode.UNAVAILABLE, "the database doesn't answer");
                            }
                            return some.size();
                        },
                        "forgotten"));

        assertEquals(
                "the database doesn't answer; 1000 of 1200 boards are forgotten nevertheless, and the same request goes"
                        + " on with the others",
                failed.sentence());
        assertEquals(ErrorCode.UNAVAILABLE, failed.code());
    }

    private static BoardList read(String body, boolean isExact) throws IOException {
        return new BoardReader(new StringReader(body.replace('~', '\n').replace('^', '\r')), 5, isExact).read();
    }
}
