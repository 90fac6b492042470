package org.fuota.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BrokenImageTest {
    private static final byte[] WHOLE = EspImageBuilder.application().build();

    @ParameterizedTest(name = "{2}")
    @MethodSource("brokenImages")
    void saysWhatIsWrongAndWhere(byte[] file, long offset, String sentence) {
        assertEquals(new ImageReport.Broken(Damage.DAMAGED, offset, sentence), Inspection.of(file));
    }

    static Stream<Arguments> brokenImages() {
        return Stream.of(
                arguments(EspImageBuilder.image().build(), 1, "the number of segments at byte 1 is 0"),
                arguments(
                        EspImageBuilder.application().header(1, 17).build(),
                        1,
                        "the number of segments at byte 1 is 17, and boards take up to 16"),
                arguments(
                        EspImageBuilder.application().header(1, 255).build(),
                        1,
                        "the number of segments at byte 1 is 255, and boards take up to 16"),
                arguments(
                        EspImageBuilder.image()
                                .segment(0, 0x1000000, new byte[4])
                                .build(),
                        28,
                        "the length of segment 1 of 1 at byte 28 is 16777216 bytes, and boards take less than 16777216"),
                arguments(
                        EspImageBuilder.image().segment(0, -4, new byte[4]).build(),
                        28,
                        "the length of segment 1 of 1 at byte 28 is 4294967292 bytes, and boards take less than 16777216"),
                arguments(
                        EspImageBuilder.application().segment(0, 6, new byte[6]).build(),
                        356,
                        "the length of segment 4 of 4 at byte 356 is 6 bytes, and boards take multiples of 4 only"),
                arguments(
                        EspImageBuilder.application()
                                .segment(0x400D0000, new byte[4])
                                .build(),
                        352,
                        "the load address of segment 4 of 4 at byte 352 is 0x400d0000, which doesn't fit its data at byte 360:"
                                + " both must be equally far into a page of 65536 bytes"),
                arguments(
                        EspImageBuilder.changed(WHOLE, 335 + 32, 0x5A),
                        367,
                        "the checksum at byte 367 is 0x5a, but the data's is 0x" + hex(WHOLE[367])),
                arguments(
                        EspImageBuilder.changed(WHOLE, 8, 0x01),
                        368,
                        "the SHA-256 at byte 368 doesn't fit the data before it"),
                arguments(
                        EspImageBuilder.changed(WHOLE, 399, ~WHOLE[399]),
                        368,
                        "the SHA-256 at byte 368 doesn't fit the data before it"),
                // As a board takes it, any number but 0 announces it.
                arguments(
                        EspImageBuilder.changed(WHOLE, 23, 2),
                        368,
                        "the SHA-256 at byte 368 doesn't fit the data before it"));
    }

    @ParameterizedTest(name = "at {0}: {1} ends at {2}")
    @CsvSource({
        "24, the header of segment 1 of 3, 32",
        "31, the header of segment 1 of 3, 32",
        "32, segment 1 of 3, 312",
        "311, segment 1 of 3, 312",
        "312, the header of segment 2 of 3, 320",
        "327, segment 2 of 3, 328",
        "343, segment 3 of 3, 352",
        "352, its checksum, 368",
        "367, its checksum, 368",
        "368, its SHA-256, 400",
        "399, its SHA-256, 400"
    })
    void saysWhereItIsCutOff(int bytes, String part, int end) {
        assertEquals(
                new ImageReport.Broken(
                        Damage.CUT_OFF,
                        bytes,
                        "the image is cut off at byte " + bytes + ": " + part + " ends at byte " + end),
                Inspection.of(Arrays.copyOf(WHOLE, bytes)));
    }

    @ParameterizedTest(name = "chip {0}, load address {1}: {2}")
    @CsvSource({
        // First and last of each range that is the same in all versions of ESP-IDF, and what lies around them.
        "0, 0x3F3FFFFC, false",
        "0, 0x3F400000, true",
        "0, 0x3F7FFFFC, true",
        "0, 0x3F800000, false",
        "0, 0x400CFFFC, false",
        "0, 0x400D0000, true",
        "0, 0x403FFFFC, true",
        "0, 0x40400000, false",
        "5, 0x3C000000, true",
        "5, 0x3C800000, false",
        "5, 0x42000000, true",
        "5, 0x42800000, false",
        "9, 0x3CFFFFFC, true",
        "9, 0x3D000000, false",
        "9, 0x43FFFFFC, true",
        "9, 0x44000000, false",
        "9, 0x400D0000, false",
        "13, 0x42000000, false",
        "99, 0x3F400000, false"
    })
    void comparesTheLoadAddressWhereTheChipMapsIt(int chip, String loadAddress, boolean isBroken) {
        byte[] file = EspImageBuilder.image()
                .header(12, chip)
                .segment(0, EspImageBuilder.description())
                .segment(Long.decode(loadAddress).intValue(), new byte[16])
                .build();

        assertEquals(isBroken, Inspection.of(file) instanceof ImageReport.Broken);
    }

    @Test
    void isCutOffWhereAnAnnouncedHashIsMissing() {
        byte[] file = EspImageBuilder.changed(
                EspImageBuilder.application().withoutHash().build(), 23, 1);

        assertEquals(
                new ImageReport.Broken(
                        Damage.CUT_OFF, 368, "the image is cut off at byte 368: its SHA-256 ends at byte 400"),
                Inspection.of(file));
    }

    @Test
    void saysFirstInPlainWordsWhatIsWrong() {
        assertEquals(
                "the image is damaged, so copy it or build it again; the SHA-256 at byte 368 doesn't fit the data before it",
                Inspection.broken(EspImageBuilder.changed(WHOLE, 8, 0x01)).sentence());
    }

    @Test
    void isCutOffAfterAnEmptySegmentAndNotInIt() {
        byte[] file = EspImageBuilder.image().segment(0, new byte[0]).build();

        assertEquals(
                new ImageReport.Broken(
                        Damage.CUT_OFF, 32, "the image is cut off at byte 32: its checksum ends at byte 48"),
                Inspection.of(Arrays.copyOf(file, 32)));
    }

    @Test
    void namesTheFirstFaultOnly() {
        byte[] file = EspImageBuilder.changed(WHOLE, 367, 0, 0);

        assertEquals(367, Inspection.broken(file).offset());
    }

    @Test
    void showsNothingOfTheImagesText() {
        byte[] file =
                EspImageBuilder.application().description(16, "<script>\n").build();

        for (byte[] broken : List.of(EspImageBuilder.changed(file, 8, 1), Arrays.copyOf(file, 380))) {
            assertFalse(Inspection.broken(broken).sentence().contains("script"));
        }
    }

    private static String hex(byte octet) {
        return String.format("%02x", octet);
    }
}
