package org.fuota.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtherDataTest {
    @ParameterizedTest
    @CsvSource({
        "'', EMPTY",
        "'<!DOCTYPE html><html>', HTML_PAGE",
        "'<!doctype HTML PUBLIC', HTML_PAGE",
        "'<html lang=\"en\">', HTML_PAGE",
        "'\r\n \t<HTML>', HTML_PAGE",
        "'\u00ef\u00bb\u00bf\n<html>', HTML_PAGE",
        "'\u007fELF\1\1\1', ELF",
        "'UF2\n\u0057\u0051', UF2",
        "'\u001f\u008b\b', GZIP",
        "'PK\3\4', ZIP",
        "'PK\5\6', ZIP",
        // Too short, or not quite.
        "'\u007fEL', UNKNOWN",
        "'UF2', UNKNOWN",
        "'\u001f', UNKNOWN",
        "'PK\1\2', UNKNOWN",
        "'<htm', UNKNOWN",
        "'<!doctype xml>', UNKNOWN",
        "'a<html>', UNKNOWN",
        "'\u00ef\u00bb<html>', UNKNOWN",
        "'\u00e8', UNKNOWN",
        "'\0\u00e9', UNKNOWN",
        "'hello', UNKNOWN"
    })
    void isRecognisedByItsFirstBytes(String start, OtherData expected) {
        assertEquals(expected, Inspection.other(start.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @ParameterizedTest
    @EnumSource(OtherData.class)
    void hasANote(OtherData data) {
        assertTrue(data.note().matches("the file is [^.]*(\\.bin)?"), data.note());
    }

    @Test
    void namesABootloader() {
        assertEquals(
                OtherData.BOOTLOADER,
                Inspection.other(EspImageBuilder.bootloader().build()));
    }

    @Test
    void namesAnImageWithoutDescription() {
        byte[] noMagic = EspImageBuilder.image().segment(0, new byte[256]).build();
        byte[] tooShort = EspImageBuilder.image()
                .segment(0, Arrays.copyOf(EspImageBuilder.description(), 252))
                .segment(0, new byte[512])
                .build();
        byte[] notReserved = EspImageBuilder.bootloader().description(1, "\1").build();

        assertEquals(OtherData.OTHER_ESP_IMAGE, Inspection.other(noMagic));
        assertEquals(OtherData.OTHER_ESP_IMAGE, Inspection.other(tooShort));
        assertEquals(OtherData.OTHER_ESP_IMAGE, Inspection.other(notReserved));
    }

    @Test
    void refusesABrokenBootloader() {
        byte[] file = EspImageBuilder.bootloader().build();

        assertInstanceOf(ImageReport.Broken.class, Inspection.of(Arrays.copyOf(file, file.length - 1)));
    }

    @ParameterizedTest(name = "with the bootloader at {0}")
    @ValueSource(ints = {0, 0x1000, 0x2000})
    void namesAMergedFlashImage(int bootloaderOffset) {
        byte[] file = EspImageBuilder.merged(
                bootloaderOffset, EspImageBuilder.bootloader().build());

        assertEquals(OtherData.MERGED_FLASH_IMAGE, Inspection.other(file));
    }

    @ParameterizedTest(name = "with the bootloader at {0}")
    @ValueSource(ints = {0, 0x1000})
    void needsThePartitionTableForThat(int bootloaderOffset) {
        byte[] file = EspImageBuilder.merged(
                bootloaderOffset, EspImageBuilder.bootloader().build());
        OtherData expected = bootloaderOffset == 0 ? OtherData.BOOTLOADER : OtherData.UNKNOWN;

        assertEquals(expected, Inspection.other(EspImageBuilder.changed(file, 0x8000, 0xAB)));
        assertEquals(expected, Inspection.other(EspImageBuilder.changed(file, 0x8001, 0x51)));
        assertEquals(expected, Inspection.other(Arrays.copyOf(file, 0x8001)));
    }

    @Test
    void needsTheBootloaderForThat() {
        byte[] bootloader = EspImageBuilder.bootloader().build();

        assertEquals(OtherData.UNKNOWN, Inspection.other(EspImageBuilder.merged(0x1001, bootloader)));
        assertEquals(OtherData.UNKNOWN, Inspection.other(EspImageBuilder.merged(0, new byte[] {1})));
    }

    @Test
    void namesAMergedFlashImageThatItRefuses() {
        byte[] bootloader = EspImageBuilder.bootloader().build();
        // As older esptools did it: they wrote the flash size into the header, and left the SHA-256 as it was.
        bootloader[3] = 0x30;

        ImageReport.Broken report = Inspection.broken(EspImageBuilder.merged(0, bootloader));

        assertEquals(
                "the SHA-256 at byte 304 doesn't fit the data before it;"
                        + " it looks like a merged flash image, of which boards take the application alone",
                report.sentence());
    }

    @Test
    void isAnApplicationWhateverLiesAt0x8000() {
        byte[] code = new byte[0x9000];
        Arrays.fill(code, 0, code.length, (byte) 0xAA);
        byte[] file = EspImageBuilder.application().segment(0, code).build();
        byte[] at = EspImageBuilder.changed(file, 0x8000, 0xAA, 0xAA ^ 0xFA);

        // The change is seen by the checksum, and by nothing else.
        assertEquals(file.length, Inspection.application(file).imageBytes());
        assertTrue(Inspection.broken(at).sentence().startsWith("the checksum at byte "));
        assertTrue(Inspection.broken(at).sentence().endsWith("the data's is 0x" + lastTwo(file)));
    }

    private static String lastTwo(byte[] file) {
        int checksum = file[file.length - 33] & 0xFF;
        return String.format("%02x", checksum ^ 0xAA ^ 0x50);
    }
}
