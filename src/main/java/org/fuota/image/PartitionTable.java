package org.fuota.image;

/**
 * Knows a partition table by its first entries ({@code esp_partition_info_t} of ESP-IDF's esp_flash_partitions.h): 32 bytes each,
 * +0 magic AA 50, +2 type, +4 offset, +8 size, +12 label. The last is followed by an MD5, marked EB EB, or by erased flash.
 */
final class PartitionTable {
    private static final int ENTRY_BYTES = 32;
    private static final int MAGIC = 0x50AA;
    private static final int MD5_MAGIC = 0xEBEB;
    private static final int ERASED = 0xFFFF;
    private static final int LAST_ESPRESSIF_TYPE = 3;
    private static final int FIRST_CUSTOM_TYPE = 0x40;
    private static final int LABEL_OFFSET = 12;
    private static final int LABEL_BYTES = 16;
    private static final long MAX_FLASH_BYTES = 0x1000_0000L;

    private PartitionTable() {}

    /** @param bytes at least 64, the first of what may be one */
    static boolean isOne(byte[] bytes) {
        int next = LittleEndian.u16(bytes, ENTRY_BYTES);
        return isEntry(bytes, 0) && (isEntry(bytes, ENTRY_BYTES) || next == MD5_MAGIC || next == ERASED);
    }

    private static boolean isEntry(byte[] bytes, int entry) {
        int type = LittleEndian.u8(bytes, entry + 2);
        long offset = LittleEndian.u32(bytes, entry + 4);
        long size = LittleEndian.u32(bytes, entry + 8);
        return LittleEndian.u16(bytes, entry) == MAGIC
                && (type <= LAST_ESPRESSIF_TYPE || type >= FIRST_CUSTOM_TYPE)
                && offset > 0
                && offset % FlashLayout.SECTOR_BYTES == 0
                && size > 0
                && offset + size <= MAX_FLASH_BYTES
                && isLabel(bytes, entry + LABEL_OFFSET);
    }

    /** Printable ASCII, and then only NULs. */
    private static boolean isLabel(byte[] bytes, int start) {
        int end = start;
        while (end < start + LABEL_BYTES && bytes[end] > ' ' && bytes[end] < 0x7F) {
            end++;
        }
        for (int i = end; i < start + LABEL_BYTES; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return end > start;
    }
}
