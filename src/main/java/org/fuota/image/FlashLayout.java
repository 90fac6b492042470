package org.fuota.image;

/**
 * Tells a merged flash image ({@code esptool merge_bin}) by where its parts lie: a bootloader at the start, or after 4 or
 * 8 KiB of 0xFF on some chips, and a partition table at 0x8000, where ESP-IDF puts it unless told otherwise.
 */
final class FlashLayout {
    private static final long PARTITION_TABLE_OFFSET = 0x8000;
    private static final int PARTITION_MAGIC = 0x50AA;

    private long position;
    private long leadingFf;
    private int firstOther = -1;
    private int atPartitionTable;

    void update(byte[] buffer, int offset, int length) {
        countLeadingFf(buffer, offset, length);
        keep(buffer, offset, length, PARTITION_TABLE_OFFSET, 0);
        keep(buffer, offset, length, PARTITION_TABLE_OFFSET + 1, 8);
        position += length;
    }

    boolean isMergedFlashImage() {
        return hasBootloader() && atPartitionTable == PARTITION_MAGIC;
    }

    private boolean hasBootloader() {
        return firstOther == ImageHeader.MAGIC && (leadingFf == 0 || leadingFf == 0x1000 || leadingFf == 0x2000);
    }

    private void countLeadingFf(byte[] buffer, int offset, int length) {
        for (int i = offset; i < offset + length && firstOther < 0; i++) {
            int octet = buffer[i] & 0xFF;
            if (octet == 0xFF) {
                leadingFf++;
            } else {
                firstOther = octet;
            }
        }
    }

    private void keep(byte[] buffer, int offset, int length, long wanted, int shift) {
        if (wanted >= position && wanted < position + length) {
            atPartitionTable |= (buffer[offset + (int) (wanted - position)] & 0xFF) << shift;
        }
    }
}
