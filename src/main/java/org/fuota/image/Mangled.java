package org.fuota.image;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Finds, in the first bytes of a file that isn't an image, one that something on its way has spoiled for certain. */
final class Mangled {
    private static final int DESCRIPTION_OFFSET = ImageHeader.BYTES + SegmentHeader.BYTES;
    private static final int BASE64_DIGITS = 64;
    private static final String LINE_ENDS = "[\r\n]";

    private Mangled() {}

    static Optional<ImageReport.Broken> fault(byte[] head, int length) {
        if (isAfter(head, length, 0xEF, 0xBF, 0xBD)) {
            return takenForText("ef bf bd");
        }
        if (isAfter(head, length, 0xC3, 0xA9)) {
            return takenForText("c3 a9");
        }
        if (isBase64(head, length)) {
            return Optional.of(
                    new ImageReport.Broken(Damage.BASE64, 0, "at byte 0 is the base64 of an image's header"));
        }
        return misplaced(head, length);
    }

    private static Optional<ImageReport.Broken> takenForText(String octets) {
        return Optional.of(
                new ImageReport.Broken(Damage.TAKEN_FOR_TEXT, 0, "at byte 0 is " + octets + " in place of e9"));
    }

    /** Whether a count of segments and a flash mode follow, which no text has, to where the image's first byte was. */
    private static boolean isAfter(byte[] head, int length, int... magic) {
        if (length < magic.length + 2) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if (LittleEndian.u8(head, i) != magic[i]) {
                return false;
            }
        }
        int segments = LittleEndian.u8(head, magic.length);
        return segments > 0 && segments <= ImageHeader.MAX_SEGMENTS && LittleEndian.u8(head, magic.length + 1) <= 5;
    }

    private static boolean isBase64(byte[] head, int length) {
        String digits = new String(head, 0, length, StandardCharsets.ISO_8859_1).replaceAll(LINE_ENDS, "");
        if (digits.length() < BASE64_DIGITS) {
            return false;
        }
        try {
            byte[] octets = Base64.getDecoder().decode(digits.substring(0, BASE64_DIGITS));
            return LittleEndian.u8(octets, 0) == ImageHeader.MAGIC && ImageHeader.isPlausible(octets, octets.length);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** An application's description that isn't where it must be, or that has no image's first byte before it. */
    private static Optional<ImageReport.Broken> misplaced(byte[] head, int length) {
        for (int at = 0; at + 4 <= length; at++) {
            if (LittleEndian.u32(head, at) == AppDescription.MAGIC) {
                int start = at - DESCRIPTION_OFFSET;
                return Optional.of(
                        start > 0 && LittleEndian.u8(head, start) == ImageHeader.MAGIC
                                ? new ImageReport.Broken(
                                        Damage.BEHIND_OTHER_BYTES, start, "the image begins at byte " + start)
                                : new ImageReport.Broken(
                                        Damage.HEAD_MISSING,
                                        at,
                                        "an application's description is at byte " + at
                                                + ", without an image's header before it"));
            }
        }
        return Optional.empty();
    }
}
