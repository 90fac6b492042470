package org.fuota.image;

/**
 * Knows an image for the ESP8266, which begins with the same byte: a header of 8 bytes, segments, each of load address, length
 * and data, and padding, so that the checksum is the last byte of a 16-byte block.
 */
final class Esp8266Image {
    private static final int HEADER_BYTES = 8;
    private static final int BLOCK_BYTES = 16;
    private static final int CHECKSUM_SEED = 0xEF;
    private static final long MAX_SEGMENT_BYTES = 0x10_0000;

    private final byte[] field = new byte[HEADER_BYTES];
    private long position;
    private long fieldStart;
    private long dataEnd;
    private int segmentsLeft;
    private int checksum = CHECKSUM_SEED;
    private boolean isOther;
    private boolean isWhole;

    /** Whether bytes begin as one does; an image for an ESP32 doesn't. */
    static boolean isHeader(byte[] bytes, int length) {
        return length >= 2 * HEADER_BYTES
                && LittleEndian.u8(bytes, 0) == ImageHeader.MAGIC
                && isSegment(SegmentHeader.of(bytes, HEADER_BYTES));
    }

    void update(byte[] buffer, int offset, int length) {
        for (int i = offset; i < offset + length && !isOther && !isWhole; i++) {
            add(buffer[i]);
            position++;
        }
    }

    /** Whether it was one from the first byte to the checksum. */
    boolean isWhole() {
        return isWhole;
    }

    private void add(byte octet) {
        if (position < dataEnd) {
            checksum ^= octet & 0xFF;
            if (position + 1 == dataEnd) {
                fieldStart = dataEnd;
            }
        } else if (position >= HEADER_BYTES && segmentsLeft == 0) {
            addPadding(octet);
        } else {
            field[(int) (position - fieldStart)] = octet;
            if (position + 1 == fieldStart + HEADER_BYTES) {
                endField();
            }
        }
    }

    private void endField() {
        if (fieldStart == 0) {
            segmentsLeft = LittleEndian.u8(field, 1);
            isOther = LittleEndian.u8(field, 0) != ImageHeader.MAGIC || segmentsLeft == 0;
            fieldStart = HEADER_BYTES;
            return;
        }
        SegmentHeader segment = SegmentHeader.of(field, 0);
        isOther = !isSegment(segment);
        segmentsLeft--;
        dataEnd = position + 1 + segment.dataBytes();
        fieldStart = dataEnd;
    }

    private void addPadding(byte octet) {
        if (position % BLOCK_BYTES == BLOCK_BYTES - 1) {
            isWhole = (octet & 0xFF) == checksum;
            isOther = !isWhole;
        }
    }

    /** Into instruction RAM, data RAM, or mapped from flash. */
    private static boolean isSegment(SegmentHeader segment) {
        long address = segment.loadAddress();
        return (address >= 0x4010_0000L && address < 0x4010_C000L
                        || address >= 0x4020_0000L && address < 0x4030_0000L
                        || address >= 0x3FFE_8000L && address < 0x3FFF_C000L)
                && segment.dataBytes() > 0
                && segment.dataBytes() <= MAX_SEGMENT_BYTES;
    }
}
