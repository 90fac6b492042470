package org.fuota.image;

import java.util.Arrays;
import java.util.Optional;

/**
 * Tells what is made to lie in flash, but isn't an image, by what its sectors begin with:
 *
 * <ul>
 *   <li>a merged flash image ({@code esptool merge_bin}, or read from a board): a bootloader at the start, or after 4 or
 *       8 KiB of 0xFF on some chips, and a partition table further on. Where, depends on where in flash the file begins;
 *   <li>a partition table, the OTA data ({@code esp_ota_select_entry_t}), NVS, and the file systems SPIFFS and LittleFS.
 * </ul>
 */
final class FlashLayout {
    private static final int LAST_TABLE_SECTOR = 32;
    private static final int OTA_DATA_SECTORS = 2;
    private static final int OTA_CRC_OFFSET = 28;
    private static final int NVS_CRC_OFFSET = 28;
    private static final int NVS_UNUSED_OFFSET = 9;
    private static final int SPIFFS_MAGIC_OFFSET = 252;
    private static final int SPIFFS_MAGIC = 0x0529 ^ 256;
    private static final byte[] LITTLEFS = {'l', 'i', 't', 't', 'l', 'e', 'f', 's'};
    private static final int LITTLEFS_OFFSET = 8;
    private static final int CRC_32_POLYNOMIAL = 0xEDB88320;

    private final Sectors sectors = new Sectors(this::look);
    private long fileBytes;
    private long leadingFf;
    private int firstOther = -1;
    private boolean hasPartitionTable;
    private boolean isPartitionTable;
    private boolean isOtaData;
    private boolean isNvs;
    private boolean isLittleFs;
    private final int[] spiffsMagics = new int[2];

    void update(byte[] buffer, int offset, int length) {
        countLeadingFf(buffer, offset, length);
        sectors.update(buffer, offset, length);
        fileBytes += length;
    }

    boolean isMergedFlashImage() {
        return hasBootloader() && hasPartitionTable;
    }

    /** What else it is, once the file has ended. */
    Optional<OtherData> kind() {
        if (isPartitionTable) {
            return Optional.of(OtherData.PARTITION_TABLE);
        }
        if (isOtaData && fileBytes == OTA_DATA_SECTORS * Sectors.BYTES) {
            return Optional.of(OtherData.OTA_DATA);
        }
        if (fileBytes == 0 || fileBytes % Sectors.BYTES != 0) {
            return Optional.empty();
        }
        if (isNvs) {
            return Optional.of(OtherData.NVS);
        }
        if (isLittleFs) {
            return Optional.of(OtherData.LITTLEFS);
        }
        // A block's magic holds how many blocks there are from there on.
        int blocks = (int) (fileBytes / Sectors.BYTES);
        return isSpiffs(0, blocks) && isSpiffs(1, blocks - 1) ? Optional.of(OtherData.SPIFFS) : Optional.empty();
    }

    private void look(long sector, byte[] head) {
        if (sector <= LAST_TABLE_SECTOR && PartitionTable.isOne(head)) {
            isPartitionTable |= sector == 0;
            hasPartitionTable |= sector > 0;
        }
        if (sector < OTA_DATA_SECTORS) {
            isOtaData |= LittleEndian.u32(head, OTA_CRC_OFFSET) == crc32(head, 0, 4);
            isLittleFs |= startsWith(head, LITTLEFS_OFFSET, LITTLEFS);
        }
        if (sector == 0) {
            isNvs = head[NVS_UNUSED_OFFSET] == (byte) 0xFF
                    && LittleEndian.u32(head, NVS_CRC_OFFSET) == crc32(head, 4, NVS_CRC_OFFSET);
        }
        if (sector < spiffsMagics.length) {
            spiffsMagics[(int) sector] = LittleEndian.u16(head, SPIFFS_MAGIC_OFFSET);
        }
    }

    private boolean isSpiffs(int block, int blocksFromThere) {
        return spiffsMagics[block] == (SPIFFS_MAGIC ^ blocksFromThere & 0xFFFF);
    }

    private static boolean startsWith(byte[] bytes, int offset, byte[] text) {
        return Arrays.equals(bytes, offset, offset + text.length, text, 0, text.length);
    }

    /** As ESP-IDF has it, whose register begins with 0: {@code esp_rom_crc32_le(UINT32_MAX, ...)}. */
    private static long crc32(byte[] bytes, int from, int to) {
        int crc = 0;
        for (int i = from; i < to; i++) {
            crc ^= bytes[i] & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : CRC_32_POLYNOMIAL);
            }
        }
        return ~crc & 0xFFFF_FFFFL;
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
}
