package org.fuota.error;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {
    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            00001,                       00001
            1.0.0+abc,                   1.0.0+abc
            ``,                          ``
            a b,                         a%20b
            a%b,                         a%25b
            <script>&"',                 %3Cscript%3E%26%22%27
            é,                           %C3%A9
            \\,                          %5C
            """)
    void of(String text, String printable) {
        assertEquals(printable, Printable.of(text));
    }

    @ParameterizedTest
    @CsvSource({
        "10, %0A",
        "13, %0D",
        "27, %1B",
        "0, %00",
        "127, %7F",
        "133, %C2%85",
        "8238, %E2%80%AE",
        "128163, %F0%9F%92%A3"
    })
    void escapesWhatCouldForgeALine(int codePoint, String printable) {
        assertEquals(printable, Printable.of(Character.toString(codePoint)));
    }
}
