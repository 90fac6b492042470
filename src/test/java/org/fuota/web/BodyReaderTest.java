package org.fuota.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import org.fuota.error.FuotaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyReaderTest {
    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        // UTF-8, without a mark and with one
        "'', ''",
        "61, a",
        "61 62, ab",
        "c3 a9, \u00e9",
        "f0 9f 92 a3, \ud83d\udca3",
        "ef bb bf, ''",
        "ef bb bf 61, a",
        "61 ef bb bf, a\ufeff",
        // UTF-16, by its mark
        "ff fe, ''",
        "ff fe 61 00 e9 00, a\u00e9",
        "ff fe 3d d8 a3 dc, \ud83d\udca3",
        "fe ff 00 61 00 e9, a\u00e9",
    })
    void readsWhatAShellOrASpreadsheetWrites(String hex, String text) throws IOException {
        assertEquals(text, read(bytes(hex)));
    }

    @ParameterizedTest(name = "{0}: {1} and then no more")
    @CsvSource({
        "61 e9 0a, a",
        "61 0a c3, 'a\n'",
        "ff, ''",
        "ef bb, ''",
        "fe, ''",
        "ff fe 61 00 62, a",
        "ff fe 61 00 00 dc, a"
    })
    void readsUpToTheByteThatStandsForNoCharacter(String hex, String before) {
        StringWriter text = new StringWriter();

        FuotaException refused =
                assertThrows(FuotaException.class, () -> new BodyReader(byByte(bytes(hex))).transferTo(text));

        assertEquals("the body isn't UTF-8", refused.sentence());
        assertInstanceOf(CharacterCodingException.class, refused.getCause());
        assertEquals(before, text.toString());
    }

    @Test
    void readsMoreThanABlock() throws IOException {
        String text = "\u00e9\ud83d\udca3x".repeat(10_000);

        assertEquals(text, read(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    private static String read(byte[] body) throws IOException {
        StringWriter whole = new StringWriter();
        new BodyReader(new ByteArrayInputStream(body)).transferTo(whole);
        StringWriter slowly = new StringWriter();
        new BodyReader(byByte(body)).transferTo(slowly);
        assertEquals(whole.toString(), slowly.toString(), "however it comes in");
        return whole.toString();
    }

    /** As it comes in from a client that sends a byte at a time. */
    private static InputStream byByte(byte[] body) {
        return new ByteArrayInputStream(body) {
            @Override
            public synchronized int read(byte[] buffer, int offset, int length) {
                return super.read(buffer, offset, Math.min(1, length));
            }
        };
    }

    private static byte[] bytes(String hex) {
        return HexFormat.ofDelimiter(" ").parseHex(hex);
    }
}
