package org.fuota.image;

/**
 * What an image's first 24 bytes say ({@code esp_image_header_t} of ESP-IDF's esp_app_format.h).
 *
 * @param segmentCount as it stands there, 0 to 255; boards take up to 16
 * @param flashMode such as {@code DIO}, or {@code unknown flash mode 9}
 * @param flashBytes the size of the flash chip that the image is built for, 0 when it isn't known
 * @param entryAddress where the program starts, 32 bits
 * @param chip what the image runs on
 * @param minChipRevision the oldest revision it runs on, major * 100 + minor; 0 is any
 * @param maxChipRevision the newest revision it runs on, likewise; 0 is not told, 65535 is any
 * @param hashAppended whether a SHA-256 of the image follows its checksum
 */
public record ImageHeader(
        int segmentCount,
        String flashMode,
        long flashBytes,
        long entryAddress,
        Chip chip,
        int minChipRevision,
        int maxChipRevision,
        boolean hashAppended) {
    static final int BYTES = 24;
    static final int MAGIC = 0xE9;
    static final int MAX_SEGMENTS = 16;

    private static final int ESP32_C3 = 5;
    private static final int LARGEST_FLASH_SIZE = 7;
    private static final int LARGEST_CHIP_ID = 64;
    private static final int NO_CHIP_ID = 0xFFFF;
    private static final int LARGEST_REVISION = 999;
    private static final int ANY_REVISION = 0xFFFF;
    private static final int MAX_MISSING_SIGNS = 2;
    private static final String[] FLASH_MODES = {"QIO", "QOUT", "DIO", "DOUT", "FAST_READ", "SLOW_READ"};

    public ImageHeader {
        if (segmentCount < 0 || flashBytes < 0 || minChipRevision < 0 || maxChipRevision < 0) {
            throw new IllegalArgumentException("a negative count, size or revision");
        }
    }

    /** @param bytes at least 24, the first of the file */
    static ImageHeader of(byte[] bytes) {
        Chip chip = new Chip(LittleEndian.u16(bytes, 12));
        return new ImageHeader(
                LittleEndian.u8(bytes, 1),
                flashMode(LittleEndian.u8(bytes, 2)),
                flashBytes(LittleEndian.u8(bytes, 3) >> 4),
                LittleEndian.u32(bytes, 4),
                chip,
                minChipRevision(chip, LittleEndian.u8(bytes, 14), LittleEndian.u16(bytes, 15)),
                LittleEndian.u16(bytes, 17),
                // As a board takes it: anything but 0.
                bytes[23] != 0);
    }

    /**
     * Whether these bytes are meant as such a header, and perhaps damaged: of nine things that each of them has, at most two
     * are missing. Any file may begin with the magic byte, such as text in Chinese.
     *
     * @param length how many of the bytes there are
     */
    static boolean isPlausible(byte[] bytes, int length) {
        if (length < BYTES) {
            return false;
        }
        ImageHeader header = of(bytes);
        int chip = header.chip().id();
        boolean[] signs = {
            header.segmentCount() > 0 && header.segmentCount() <= MAX_SEGMENTS,
            LittleEndian.u8(bytes, 2) < FLASH_MODES.length,
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

    private static String flashMode(int mode) {
        return mode < FLASH_MODES.length ? FLASH_MODES[mode] : "unknown flash mode " + mode;
    }

    private static long flashBytes(int size) {
        return size <= LARGEST_FLASH_SIZE ? 1L << 20 + size : 0;
    }

    /** The old field counts for images of ESP-IDF 4.4 and before, where the new one is 0. */
    private static int minChipRevision(Chip chip, int old, int full) {
        if (full != 0) {
            return full;
        }
        // The old field is the major revision, but on this chip the minor one.
        return chip.id() == ESP32_C3 ? old : old * 100;
    }
}
