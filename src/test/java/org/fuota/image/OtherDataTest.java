package org.fuota.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
        "'--x7\r\nContent-Disposition: form-data; name=\"f\"', MULTIPART_FORM",
        "'--x7\ncontent-disposition:form-data', MULTIPART_FORM",
        "'file=%E9%03%02&x=1', FORM_FIELDS",
        "'file=', FORM_FIELDS",
        "'=\u00b8\u00f3\u0096', MCUBOOT",
        "'\u00cf\u00b6\u0088\7', ENCRYPTED_IMAGE",
        "'--x7\r\nContent-Type: text/plain', UNKNOWN",
        "'--\r\nContent-Disposition: form-data', UNKNOWN",
        "'file=%E9 x', UNKNOWN",
        "'=x', UNKNOWN",
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

    @ParameterizedTest(name = "chip {0}, load address {1}: {3}")
    @CsvSource({
        // Of each chip an address that it reads from flash, and one in its RAM.
        "0, 0x3F400020, ESP32, UNDESCRIBED_APPLICATION",
        "0, 0x40080000, ESP32, OTHER_ESP_IMAGE",
        "2, 0x3F000020, ESP32-S2, UNDESCRIBED_APPLICATION",
        "2, 0x40080020, ESP32-S2, UNDESCRIBED_APPLICATION",
        "2, 0x40020000, ESP32-S2, OTHER_ESP_IMAGE",
        "5, 0x3C000020, ESP32-C3, UNDESCRIBED_APPLICATION",
        "5, 0x40380000, ESP32-C3, OTHER_ESP_IMAGE",
        "13, 0x42000020, ESP32-C6, UNDESCRIBED_APPLICATION",
        "13, 0x40800000, ESP32-C6, OTHER_ESP_IMAGE",
        "18, 0x40000020, ESP32-P4, UNDESCRIBED_APPLICATION",
        "18, 0x4FF00000, ESP32-P4, OTHER_ESP_IMAGE"
    })
    void knowsAnApplicationWithoutDescriptionByWhereItRuns(int chip, String address, String name, OtherData expected) {
        byte[] file = EspImageBuilder.image()
                .header(12, chip)
                .segment(Long.decode(address).intValue(), new byte[64])
                .build();
        byte[] padded = EspImageBuilder.concat(file, new byte[100]);

        ImageReport.Other report = (ImageReport.Other) Inspection.of(padded);

        assertEquals(expected, report.data());
        assertEquals(Optional.of(name), report.chip().map(Chip::name));
        assertEquals(List.of("bytes 144 to 243 follow the image, only to fill up"), report.warnings());
        assertEquals(
                expected == OtherData.UNDESCRIBED_APPLICATION, report.data().isApplication());
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
    void namesAMergedFlashImageWhoseBootloaderHasAnOldHash() {
        byte[] bootloader = EspImageBuilder.bootloader().build();
        // As older esptools did it: they wrote the flash size into the header, and left the SHA-256 as it was.
        bootloader[3] = 0x30;

        assertEquals(OtherData.MERGED_FLASH_IMAGE, Inspection.other(EspImageBuilder.merged(0, bootloader)));
    }

    /** As MicroPython's downloads are, to be written to 0x1000. */
    @ParameterizedTest(name = "from {0} on")
    @ValueSource(ints = {0x1000, 0x2000})
    void namesAMergedFlashImageThatBeginsWithItsBootloader(int start) {
        byte[] flash =
                EspImageBuilder.merged(start, EspImageBuilder.bootloader().build());

        assertEquals(OtherData.MERGED_FLASH_IMAGE, Inspection.other(Arrays.copyOfRange(flash, start, flash.length)));
    }

    @ParameterizedTest(name = "byte {0} is {1}")
    @CsvSource({
        // Type, offset, size, label of the first entry; and what stands behind it.
        "2, 0x20",
        "5, 0x91",
        "9, 0xFF",
        "12, 0x00",
        "16, 0x41",
        "32, 0xAB"
    })
    void needsAPlausiblePartitionTableForThat(int offset, String value) {
        byte[] table = EspImageBuilder.changed(EspImageBuilder.partitionTable(), offset, Integer.decode(value));
        if (offset == 9) {
            table[10] = table[11] = (byte) 0xFF;
        }

        assertEquals(OtherData.UNKNOWN, Inspection.other(table));
    }

    @Test
    void isAnApplicationWhateverLiesAt0x8000() {
        byte[] code = new byte[0x9000];
        Arrays.fill(code, 0, code.length, (byte) 0xAA);
        byte[] file = EspImageBuilder.application().segment(0, code).build();
        byte[] at = EspImageBuilder.changed(file, 0x8000, 0xAA, 0xAA ^ 0xFA);

        // The change is seen by the checksum, and by nothing else.
        assertEquals(file.length, Inspection.application(file).imageBytes());
        assertTrue(Inspection.broken(at).detail().startsWith("the checksum at byte "));
        assertTrue(Inspection.broken(at).detail().endsWith("the data's is 0x" + lastTwo(file)));
    }

    @Test
    void isAnApplicationEvenWithAPartitionTableInIt() {
        // The segment's data begin at 360, and the table in it at 0x1000.
        byte[] data = new byte[0x2000];
        byte[] table = EspImageBuilder.partitionTable();
        System.arraycopy(table, 0, data, 0x1000 - 360, table.length);
        byte[] file = EspImageBuilder.application().segment(0x3FFB1000, data).build();
        assertEquals(OtherData.PARTITION_TABLE, Inspection.other(Arrays.copyOfRange(file, 0x1000, 0x1C00)));

        assertEquals(file.length, Inspection.application(file).imageBytes());
    }

    @Test
    void needsALabelForAPartition() {
        byte[] table = EspImageBuilder.changed(EspImageBuilder.partitionTable(), 12, new int[16]);

        assertEquals(OtherData.UNKNOWN, Inspection.other(table));
    }

    private static String lastTwo(byte[] file) {
        int checksum = file[file.length - 33] & 0xFF;
        return String.format("%02x", checksum ^ 0xAA ^ 0x50);
    }
}
