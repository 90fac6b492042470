package org.fuota.image;

import java.util.Optional;
import org.fuota.image.ImageReport.Broken;

/** A segment's first 8 bytes ({@code esp_image_segment_header_t} of ESP-IDF's esp_app_format.h): two numbers of 32 bits. */
record SegmentHeader(long loadAddress, long dataBytes) {
    static final int BYTES = 8;

    private static final int LENGTH_OFFSET = 4;
    private static final long MAX_DATA_BYTES = 0x100_0000;
    private static final long PAGE_BYTES = 0x1_0000;

    /** @param bytes at least 8 from the offset on */
    static SegmentHeader of(byte[] bytes, int offset) {
        return new SegmentHeader(LittleEndian.u32(bytes, offset), LittleEndian.u32(bytes, offset + LENGTH_OFFSET));
    }

    /** Whether an image may have it, of whatever chip: it loads into memory, not into registers or nowhere. */
    boolean isPlausible() {
        return loadAddress >= 0x3000_0000L
                && loadAddress < 0x6000_0000L
                && dataBytes > 0
                && dataBytes < MAX_DATA_BYTES
                && dataBytes % 4 == 0;
    }

    /**
     * What a board refuses about it (ESP-IDF: {@code verify_segment_header} in esp_image_format.c).
     *
     * @param offset of this header in the file, which lies in a slot that starts with a page
     */
    Optional<Broken> fault(Chip chip, String name, long offset) {
        if (dataBytes >= MAX_DATA_BYTES) {
            return lengthFault(name, offset, "boards take less than " + MAX_DATA_BYTES);
        }
        if (dataBytes % 4 != 0) {
            return lengthFault(name, offset, "boards take multiples of 4 only");
        }
        if (chip.maps(loadAddress) && loadAddress % PAGE_BYTES != (offset + BYTES) % PAGE_BYTES) {
            return Optional.of(new Broken(
                    Damage.DAMAGED,
                    offset,
                    String.format(
                            "the load address of %s at byte %d is 0x%08x, which doesn't fit its data at byte %d: both must be"
                                    + " equally far into a page of %d bytes",
                            name, offset, loadAddress, offset + BYTES, PAGE_BYTES)));
        }
        return Optional.empty();
    }

    private Optional<Broken> lengthFault(String name, long offset, String rule) {
        long at = offset + LENGTH_OFFSET;
        return Optional.of(new Broken(
                Damage.DAMAGED,
                at,
                "the length of " + name + " at byte " + at + " is " + dataBytes + " bytes, and " + rule));
    }
}
