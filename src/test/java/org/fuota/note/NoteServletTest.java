package org.fuota.note;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.stream.Stream;
import org.fuota.error.FuotaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoteServletTest {
    @ParameterizedTest
    @MethodSource("texts")
    void keepsWhatIsText(String body, String text) {
        assertEquals(text, NoteServlet.text(body));
    }

    static Stream<Arguments> texts() {
        return Map.of(
                        "a", "a",
                        " a b \n", "a b",
                        "a\r\nb\r\n", "a\nb",
                        "a\n\nb", "a\n\nb",
                        "\u00e9\u2026", "\u00e9\u2026")
                .entrySet()
                .stream()
                .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest
    @ValueSource(ints = {'\t', 0, '\r', 0x1B, 0x202E, 0x2028, 0x200B})
    void refusesWhatNobodySees(int character) {
        FuotaException refused =
                assertThrows(FuotaException.class, () -> NoteServlet.text("a" + Character.toString(character) + "b"));

        assertEquals("the note has a character that can't be seen: U+%04X".formatted(character), refused.sentence());
    }

    @Test
    void isOfOneToAThousandCharacters() {
        String most = "\ud83d\ude00".repeat(1_000);

        assertEquals(most, NoteServlet.text(most));
        for (String body : new String[] {"", " \n ", most + "x"}) {
            FuotaException refused = assertThrows(FuotaException.class, () -> NoteServlet.text(body));
            assertEquals(
                    "the note has " + (body.isBlank() ? 0 : 1_001) + " characters, and must have 1 to 1,000",
                    refused.sentence());
        }
    }
}
