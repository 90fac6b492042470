package org.fuota.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every single bit of an image turned over, and every length that it can be cut to. */
class ImageDamageTest {
    private static final int ALL_BITS = 0xFF;

    @Test
    void anyBitOfAnImageWithHashCounts() {
        Map<Integer, Integer> expected = new TreeMap<>();
        // Without the announcement nobody looks at the SHA-256: neither does a board, and both warnings say so.
        expected.put(23, 0x01);

        assertEquals(expected, unrefusedBits(EspImageBuilder.application().build()));
    }

    @Test
    void mostBitsOfAnImageWithoutHashCount() {
        Map<Integer, Integer> expected = new TreeMap<>();
        // The checksum is of the segments' data only: a board sees no more than this of what it protects.
        // Flash mode and size, entry address, chip, revisions, reserved bytes: any value is possible.
        putAll(expected, 2, 22);
        // The upper halves of addresses that the chip maps from flash: only the place within the page must fit.
        putAll(expected, 26, 27);
        putAll(expected, 330, 331);
        // The load address for RAM. One bit makes it an address that the chip maps, at the wrong place.
        putAll(expected, 312, 315);
        expected.put(314, ALL_BITS ^ 0x80);
        // Two lengths of the last segment that reach into the padding, whose zeros change no checksum.
        expected.put(332, 0x0C);
        // Padding before the checksum.
        putAll(expected, 352, 366);

        assertEquals(
                expected,
                unrefusedBits(EspImageBuilder.application().withoutHash().build()));
    }

    @Test
    void anyBitThatASignatureCoversCounts() {
        Map<Integer, Integer> expected = new TreeMap<>();
        // Without its magic and version the signature is none: the image isn't signed then, and a warning tells of the
        // rest.
        expected.put(4096, ALL_BITS);
        expected.put(4097, ALL_BITS ^ 0x01);
        // Behind the block's CRC-32, and where further blocks would be: a board doesn't read it.
        putAll(expected, 4096 + 1200, 8191);

        assertEquals(expected, unrefusedBits(EspImageBuilder.application().buildSigned(1)));
    }

    @Test
    void noneOfThoseGoesUnnoticed() {
        byte[] image = EspImageBuilder.application().build();
        byte[] signed = EspImageBuilder.application().buildSigned(1);

        assertEquals(
                Damage.HEAD_MISSING, Inspection.broken(flipped(image, 0, 3)).damage());
        assertEquals(2, Inspection.application(flipped(image, 23, 0)).warnings().size());
        assertEquals(
                1, Inspection.application(flipped(signed, 4096, 5)).warnings().size());
    }

    @Test
    void anImageThatIsCutAnywhereIsRefused() {
        byte[] file = EspImageBuilder.application().build();

        for (int length = 24; length < file.length; length++) {
            ImageReport.Broken report = Inspection.broken(Arrays.copyOf(file, length));
            assertEquals(length, report.offset());
            assertTrue(report.detail().startsWith("the image is cut off at byte " + length + ": "), report.detail());
        }
        for (int length = 1; length < 24; length++) {
            assertEquals(OtherData.UNKNOWN, Inspection.other(Arrays.copyOf(file, length)), "too short to be any image");
        }
        assertEquals(OtherData.EMPTY, Inspection.other(new byte[0]));
    }

    @Test
    void aSignedImageThatIsCutIsRefusedOrUnsigned() {
        byte[] file = EspImageBuilder.application().buildSigned(1);

        for (int length = 24; length < file.length; length++) {
            ImageReport report = Inspection.of(Arrays.copyOf(file, length));
            // Between the image's end and what makes a signature one, what is left is a whole image.
            if (length >= 400 && length <= 4097) {
                assertEquals(
                        length == 400 ? 0 : 1,
                        assertInstanceOf(ImageReport.Application.class, report)
                                .warnings()
                                .size());
            } else {
                assertEquals(
                        length,
                        assertInstanceOf(ImageReport.Broken.class, report).offset());
            }
        }
    }

    /** By byte, the bits that can be turned over one at a time without a refusal. */
    private static Map<Integer, Integer> unrefusedBits(byte[] file) {
        Map<Integer, Integer> bits = new TreeMap<>();
        for (int offset = 0; offset < file.length; offset++) {
            for (int bit = 0; bit < 8; bit++) {
                if (!(Inspection.of(flipped(file, offset, bit)) instanceof ImageReport.Broken)) {
                    bits.merge(offset, 1 << bit, Integer::sum);
                }
            }
        }
        return bits;
    }

    private static byte[] flipped(byte[] file, int offset, int bit) {
        return EspImageBuilder.changed(file, offset, file[offset] ^ 1 << bit);
    }

    private static void putAll(Map<Integer, Integer> bits, int first, int last) {
        for (int offset = first; offset <= last; offset++) {
            bits.put(offset, ALL_BITS);
        }
    }
}
