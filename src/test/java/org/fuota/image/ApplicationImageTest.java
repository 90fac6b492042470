package org.fuota.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApplicationImageTest {
    @Test
    void tellsWhatTheImageSays() {
        ImageReport.Application report =
                Inspection.application(EspImageBuilder.application().build());

        assertEquals(new ImageHeader(3, 0x40081234L, new Chip(0), true), report.header());
        assertEquals(
                new AppDescription(7, "0.1.1", "esp32-fuota", "Jul 14 2025 12:34:56", "v4.4.4", "c4".repeat(32)),
                report.description());
        assertEquals(400, report.imageBytes());
        assertFalse(report.isSigned());
        assertEquals(List.of(), report.warnings());
    }

    @Test
    void takesAnImageWithoutHash() {
        ImageReport.Application report = Inspection.application(
                EspImageBuilder.application().withoutHash().build());

        assertEquals(368, report.imageBytes());
        assertFalse(report.header().hashAppended());
    }

    @ParameterizedTest(name = "a second segment of {0} bytes")
    @ValueSource(ints = {0, 4, 8, 12, 16, 20, 65536})
    void takesAnyPlaceOfTheChecksum(int bytes) {
        byte[] file = EspImageBuilder.image()
                .segment(0x3F400020, EspImageBuilder.description())
                .segment(0x3FFB0000, new byte[bytes])
                .build();

        assertEquals(file.length, Inspection.application(file).imageBytes());
    }

    @Test
    void takesSixteenSegments() {
        EspImageBuilder image = EspImageBuilder.image().segment(0x3F400020, EspImageBuilder.description());
        for (int i = 1; i < 16; i++) {
            image.segment(0, new byte[4]);
        }

        assertEquals(16, Inspection.application(image.build()).header().segmentCount());
    }

    @Test
    void doesNotMindPaddingThatIsNotZero() {
        assertEquals(
                400,
                Inspection.application(
                                EspImageBuilder.application().padding(0x99).build())
                        .imageBytes());
    }

    @ParameterizedTest(name = "chip id {0} is {1}")
    @CsvSource({
        "0, ESP32, true",
        "2, ESP32-S2, true",
        "5, ESP32-C3, true",
        "9, ESP32-S3, true",
        "12, ESP32-C2, true",
        "13, ESP32-C6, true",
        "16, ESP32-H2, true",
        "18, ESP32-P4, true",
        "20, ESP32-C61, true",
        "23, ESP32-C5, true",
        "25, ESP32-H21, true",
        "28, ESP32-H4, true",
        "1, unknown chip id 1, false",
        "99, unknown chip id 99, false",
        "65535, unknown chip id 65535, false"
    })
    void namesTheChip(int id, String name, boolean isKnown) {
        // At an address that no chip maps, so that only the name is at stake.
        byte[] file = EspImageBuilder.image()
                .segment(0, EspImageBuilder.description())
                .header(12, id)
                .header(13, id >> 8)
                .build();

        Chip chip = Inspection.application(file).header().chip();

        assertEquals(name, chip.name());
        assertEquals(isKnown, chip.isKnown());
    }

    @ParameterizedTest
    @CsvSource({
        // The field's 32 bytes are full, and the next one starts without a NUL.
        "0123456789abcdef0123456789ABCDEF, 0123456789abcdef0123456789ABCDEF",
        "'a\0b', a",
        "'\0', ''",
        "'1\n2\r3\t4\u001b[0m\0', '1?2?3?4?[0m'",
        "'caf\u00e9\u00ff\u007f\u0080\0', caf????",
        "'<b>\"&''%\\\0', '<b>\"&''%\\'",
        "' ~\0', ' ~'"
    })
    void cleansTexts(String field, String text) {
        byte[] file = EspImageBuilder.application().description(16, field).build();

        assertEquals(text, Inspection.application(file).description().version());
    }

    @Test
    void refusesMisuse() {
        assertThrows(IllegalArgumentException.class, () -> new ImageInspector(0));
        ImageInspector inspector = new ImageInspector(1);
        inspector.update(new byte[600], 0, 600);
        assertThrows(IndexOutOfBoundsException.class, () -> inspector.update(new byte[4], 2, 3));
        assertThrows(IndexOutOfBoundsException.class, () -> inspector.update(new byte[4], 0, -1));
        inspector.finish();
        assertThrows(IllegalStateException.class, inspector::finish);
        assertThrows(IllegalStateException.class, () -> inspector.update(new byte[4], 0, 4));
    }
}
