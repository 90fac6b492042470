package org.fuota.image;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A file's first bytes, up to 512 of them: they tell what it is. */
final class FileHead {
    private static final int MAX_BYTES = 512;
    private static final int DESCRIPTION_OFFSET = ImageHeader.BYTES + SegmentHeader.BYTES;
    private static final int BOOTLOADER_MAGIC = 80;
    private static final int BOOTLOADER_DESCRIPTION_BYTES = 80;
    private static final Pattern MULTIPART =
            Pattern.compile("--[!-~]{1,70}\\r?\\n(?i:content-disposition: *form-data)");
    private static final Pattern FIELDS = Pattern.compile("[A-Za-z0-9*._+%-]{1,64}=[A-Za-z0-9*._+%&=-]*");
    private static final String BYTE_ORDER_MARK = "\u00EF\u00BB\u00BF";

    private final byte[] bytes = new byte[MAX_BYTES];
    private int length;

    void update(byte[] buffer, int offset, int count) {
        int kept = Math.min(count, MAX_BYTES - length);
        System.arraycopy(buffer, offset, bytes, length, kept);
        length += kept;
    }

    /** Whether it begins with an image's first byte, as other files may, too. */
    boolean isImage() {
        return startsWith(ImageHeader.MAGIC);
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

    /** How it was spoiled on its way, when it certainly was an image. */
    Optional<ImageReport.Broken> mangled() {
        return Mangled.fault(bytes, length);
    }

    /** What this is, when it is no ESP32 image. */
    OtherData kind() {
        if (length == 0) {
            return OtherData.EMPTY;
        }
        if (startsWith(0x7F, 'E', 'L', 'F')) {
            return OtherData.ELF;
        }
        if (startsWith('U', 'F', '2', '\n')) {
            return OtherData.UF2;
        }
        if (startsWith(0x1F, 0x8B)) {
            return OtherData.GZIP;
        }
        if (startsWith('P', 'K', 3, 4) || startsWith('P', 'K', 5, 6)) {
            return OtherData.ZIP;
        }
        if (startsWith(0x3D, 0xB8, 0xF3, 0x96)) {
            return OtherData.MCUBOOT;
        }
        if (startsWith(0xCF, 0xB6, 0x88, 0x07)) {
            return OtherData.ENCRYPTED_IMAGE;
        }
        String text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        if (MULTIPART.matcher(text).lookingAt()) {
            return OtherData.MULTIPART_FORM;
        }
        if (FIELDS.matcher(text).matches()) {
            return OtherData.FORM_FIELDS;
        }
        return isHtml(text) ? OtherData.HTML_PAGE : OtherData.UNKNOWN;
    }

    private static boolean isHtml(String text) {
        String page = text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text;
        String start = page.stripLeading().toLowerCase(Locale.ROOT);
        return start.startsWith("<!doctype html") || start.startsWith("<html");
    }

    private boolean startsWith(int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (i >= length || (bytes[i] & 0xFF) != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
