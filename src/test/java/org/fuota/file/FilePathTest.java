package org.fuota.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilePathTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "esp32-fuota.bin.0.1.1",
                "a/b/c",
                "a..b",
                "a.",
                "a./b",
                "-rf",
                "~",
                "A-Z.a_~!$&'()*+,=:@-9",
                "con"
            })
    void isRequestable(String value) {
        assertEquals(value, new FilePath(value).value());
        assertEquals(Optional.of(new FilePath(value)), FilePath.ifRequestable(value));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``        | empty
            /         | an empty segment
            /a        | an empty segment
            a/        | an empty segment
            a//b      | an empty segment
            .         | starts with a dot
            ..        | starts with a dot
            ../a      | starts with a dot
            a/..      | starts with a dot
            a/../b    | starts with a dot
            .a        | starts with a dot
            a/.b      | starts with a dot
            a b       | can't request
            a%20b     | can't request
            a\\b      | can't request
            a"b       | can't request
            a#b       | can't request
            a?b       | can't request
            a;b       | can't request
            a<b       | can't request
            aéb       | can't request
            a\u0000b  | can't request
            a\u007Fb  | can't request
            """)
    void isRefused(String value, String reason) {
        FuotaException refused = assertThrows(FuotaException.class, () -> new FilePath(value));

        assertEquals(ErrorCode.INVALID, refused.code());
        assertTrue(refused.sentence().contains(reason), refused.sentence());
        assertEquals(Optional.empty(), FilePath.ifRequestable(value));
    }

    @Test
    void fitsIntoTheBufferOfABoard() {
        String segment = "s".repeat(200);

        assertEquals(255, new FilePath(segment + "/" + "t".repeat(54)).value().length());
        assertThrows(FuotaException.class, () -> new FilePath(segment + "/" + "t".repeat(55)));
        assertThrows(FuotaException.class, () -> new FilePath(segment + "s"));
    }

    @Test
    void hasALastSegment() {
        assertEquals("c.bin", new FilePath("a/b/c.bin").lastSegment());
        assertEquals("c.bin", new FilePath("c.bin").lastSegment());
    }
}
