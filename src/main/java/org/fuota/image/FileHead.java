package org.fuota.image;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.fuota.image.ImageReport.Broken;

/** A file's first bytes, up to 512 of them: they tell what it is. */
final class FileHead {
    private static final int MAX_BYTES = 512;
    private static final int DESCRIPTION_OFFSET = ImageHeader.BYTES + SegmentHeader.BYTES;
    private static final int BOOTLOADER_MAGIC = 80;
    private static final int BOOTLOADER_DESCRIPTION_BYTES = 80;
    private static final int BASE64_DIGITS = 64;
    private static final Pattern MULTIPART =
            Pattern.compile("--[!-~]{1,70}\\r?\\n(?i:content-disposition: *form-data)");
    private static final Pattern FIELDS = Pattern.compile("[A-Za-z0-9*._+%-]{1,64}=[A-Za-z0-9*._+%&=-]*");
    private static final String BYTE_ORDER_MARK = "\u00EF\u00BB\u00BF";

    /** A character for a byte. */
    private static final Map<String, OtherData> MAGICS = Map.of(
            "\u007FELF", OtherData.ELF,
            "UF2\n", OtherData.UF2,
            "\u001F\u008B", OtherData.GZIP,
            "PK\u0003\u0004", OtherData.ZIP,
            "PK\u0005\u0006", OtherData.ZIP,
            "\u003D\u00B8\u00F3\u0096", OtherData.MCUBOOT,
            "\u00CF\u00B6\u0088\u0007", OtherData.ENCRYPTED_IMAGE);

    private final byte[] bytes = new byte[MAX_BYTES];
    private int length;

    void update(byte[] buffer, int offset, int count) {
        int kept = Math.min(count, MAX_BYTES - length);
        System.arraycopy(buffer, offset, bytes, length, kept);
        length += kept;
    }

    /** Whether it begins with an image's first byte, as other files may, too. */
    boolean isImage() {
        return length > 0 && LittleEndian.u8(bytes, 0) == ImageHeader.MAGIC;
    }

    /** Whether it is meant as an ESP32 image, even if it is a damaged one. */
    boolean isPlausibleImage() {
        return isImage() && !isEsp8266() && (hasDescription() || ImageHeader.isPlausible(bytes, length));
    }

    boolean isEsp8266() {
        return Esp8266Image.isHeader(bytes, length);
    }

    private boolean hasDescription() {
        return length >= DESCRIPTION_OFFSET + 4 && LittleEndian.u32(bytes, DESCRIPTION_OFFSET) == AppDescription.MAGIC;
    }

    /** The application's description, where the first segment is long enough to have one. */
    Optional<AppDescription> description(long firstSegmentBytes) {
        if (firstSegmentBytes < AppDescription.BYTES || length < DESCRIPTION_OFFSET + AppDescription.BYTES) {
            return Optional.empty();
        }
        return AppDescription.at(bytes, DESCRIPTION_OFFSET);
    }

    /** Whether the description is a bootloader's (ESP-IDF: esp_bootloader_desc.h). */
    boolean isBootloader(long firstSegmentBytes) {
        // One byte is little to go by, so the two that ESP-IDF reserves after it must be 0.
        return firstSegmentBytes >= BOOTLOADER_DESCRIPTION_BYTES
                && bytes[DESCRIPTION_OFFSET] == BOOTLOADER_MAGIC
                && bytes[DESCRIPTION_OFFSET + 1] == 0
                && bytes[DESCRIPTION_OFFSET + 2] == 0;
    }

    /** What this is, when it is no ESP32 image. */
    OtherData kind() {
        if (length == 0) {
            return OtherData.EMPTY;
        }
        String text = text();
        for (Map.Entry<String, OtherData> magic : MAGICS.entrySet()) {
            if (text.startsWith(magic.getKey())) {
                return magic.getValue();
            }
        }
        if (MULTIPART.matcher(text).lookingAt()) {
            return OtherData.MULTIPART_FORM;
        }
        if (FIELDS.matcher(text).matches()) {
            return OtherData.FORM_FIELDS;
        }
        return isHtml(text) ? OtherData.HTML_PAGE : OtherData.UNKNOWN;
    }

    /** How it was spoiled on its way, when it isn't an image, but certainly was one. */
    Optional<Broken> mangled() {
        if (isAfter("\u00EF\u00BF\u00BD")) {
            return takenForText("ef bf bd");
        }
        if (isAfter("\u00C3\u00A9")) {
            return takenForText("c3 a9");
        }
        return isBase64()
                ? Optional.of(new Broken(Damage.BASE64, 0, "at byte 0 is the base64 of an image's header"))
                : misplaced();
    }

    private static Optional<Broken> takenForText(String octets) {
        return Optional.of(new Broken(Damage.TAKEN_FOR_TEXT, 0, "at byte 0 is " + octets + " in place of e9"));
    }

    /** Whether a count of segments and a flash mode follow, which no text has, to where the image's first byte was. */
    private boolean isAfter(String magic) {
        int next = magic.length();
        if (length < next + 2 || !text().startsWith(magic)) {
            return false;
        }
        int segments = LittleEndian.u8(bytes, next);
        return segments > 0 && segments <= ImageHeader.MAX_SEGMENTS && LittleEndian.u8(bytes, next + 1) <= 5;
    }

    private boolean isBase64() {
        String digits = text().replaceAll("[\r\n]", "");
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
    private Optional<Broken> misplaced() {
        for (int at = 0; at + 4 <= length; at++) {
            if (LittleEndian.u32(bytes, at) == AppDescription.MAGIC) {
                int start = at - DESCRIPTION_OFFSET;
                boolean isImage = start > 0 && LittleEndian.u8(bytes, start) == ImageHeader.MAGIC;
                return Optional.of(
                        isImage
                                ? new Broken(Damage.BEHIND_OTHER_BYTES, start, "the image begins at byte " + start)
                                : new Broken(
                                        Damage.HEAD_MISSING,
                                        at,
                                        "an application's description is at byte " + at
                                                + ", without an image's header before it"));
            }
        }
        return Optional.empty();
    }

    private static boolean isHtml(String text) {
        String page = text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text;
        String start = page.stripLeading().toLowerCase(Locale.ROOT);
        return start.startsWith("<!doctype html") || start.startsWith("<html");
    }

    private String text() {
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }
}
