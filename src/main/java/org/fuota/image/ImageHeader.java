package org.fuota.image;

/**
 * What an image's first 24 bytes say ({@code esp_image_header_t} of ESP-IDF's esp_app_format.h).
 *
 * @param segmentCount as it stands there, 0 to 255; boards take up to 16
 * @param hashAppended whether a SHA-256 of the image follows its checksum
 */
public record ImageHeader(int segmentCount, long entryAddress, Chip chip, boolean hashAppended) {
    static final int BYTES = 24;
    static final int MAGIC = 0xE9;
    static final int MAX_SEGMENTS = 16;

    private static final int FLASH_MODES = 6;
    private static final int LARGEST_FLASH_SIZE = 7;
    private static final int LARGEST_CHIP_ID = 64;
    private static final int NO_CHIP_ID = 0xFFFF;
    private static final int LARGEST_REVISION = 999;
    private static final int ANY_REVISION = 0xFFFF;
    private static final int MAX_MISSING_SIGNS = 2;

    /** @param bytes at least 24, the first of the file */
    static ImageHeader of(byte[] bytes) {
        return new ImageHeader(
                LittleEndian.u8(bytes, 1),
                LittleEndian.u32(bytes, 4),
                new Chip(LittleEndian.u16(bytes, 12)),
                // As a board takes it: anything but 0.
                bytes[23] != 0);
    }

    /**
     * Whether so many bytes are meant as such a header, and perhaps damaged: of nine things that each of them has, at most two
     * are missing. Any file may begin with the magic byte, such as text in Chinese.
     */
    static boolean isPlausible(byte[] bytes, int length) {
        if (length < BYTES) {
            return false;
        }
        ImageHeader header = of(bytes);
        int chip = header.chip().id();
        boolean[] signs = {
            header.segmentCount() > 0 && header.segmentCount() <= MAX_SEGMENTS,
            LittleEndian.u8(bytes, 2) < FLASH_MODES,
            isFlash(LittleEndian.u8(bytes, 3)),
            header.entryAddress() >= 0x4000_0000L && header.entryAddress() < 0x6000_0000L,
            chip < LARGEST_CHIP_ID || chip == NO_CHIP_ID,
            isRevision(LittleEndian.u16(bytes, 15)) && isRevision(LittleEndian.u16(bytes, 17)),
            LittleEndian.u32(bytes, 19) == 0,
            LittleEndian.u8(bytes, 23) <= 1,
            length >= BYTES + SegmentHeader.BYTES
                    && SegmentHeader.of(bytes, BYTES).isPlausible()
        };
        int missing = 0;
        for (boolean sign : signs) {
            missing += sign ? 0 : 1;
        }
        return missing <= MAX_MISSING_SIGNS;
    }

    private static boolean isFlash(int sizeAndSpeed) {
        int speed = sizeAndSpeed & 0xF;
        return (speed <= 2 || speed == 0xF) && sizeAndSpeed >> 4 <= LARGEST_FLASH_SIZE;
    }

    private static boolean isRevision(int revision) {
        return revision <= LARGEST_REVISION || revision == ANY_REVISION;
    }
}
