package org.fuota.image;

import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Tells what is made to lie in flash, but isn't an application, by what its sectors begin with: a partition table, the OTA data
 * ({@code esp_ota_select_entry_t}), NVS, SPIFFS, LittleFS, or a merged flash image ({@code esptool merge_bin}, or read from a
 * board). That has a bootloader at the start, or after 4 or 8 KiB of 0xFF on some chips, and a partition table somewhere.
 */
final class FlashLayout {
    static final int SECTOR_BYTES = 0x1000;

    private static final int HEAD_BYTES = 256;
    private static final int LAST_TABLE_SECTOR = 32;
    private static final int OTA_DATA_SECTORS = 2;
    private static final int OTA_CRC_OFFSET = 28;
    private static final int NVS_CRC_OFFSET = 28;
    private static final int NVS_UNUSED_OFFSET = 9;
    private static final int SPIFFS_MAGIC_OFFSET = 252;
    private static final int SPIFFS_MAGIC = 0x0529 ^ 256;
    private static final byte[] LITTLEFS = {'l', 'i', 't', 't', 'l', 'e', 'f', 's'};
    private static final int LITTLEFS_OFFSET = 8;
    private static final byte[] ALL_ONES = {-1, -1, -1, -1};

    private final byte[] head = new byte[HEAD_BYTES];
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
        int done = 0;
        while (done < length) {
            int within = (int) (fileBytes % SECTOR_BYTES);
            int count = Math.min(length - done, (within < HEAD_BYTES ? HEAD_BYTES : SECTOR_BYTES) - within);
            if (within < HEAD_BYTES) {
                System.arraycopy(buffer, offset + done, head, within, count);
                if (within + count == HEAD_BYTES) {
                    look(fileBytes / SECTOR_BYTES);
                }
            }
            fileBytes += count;
            done += count;
        }
    }

    boolean isMergedFlashImage() {
        return hasBootloader() && hasPartitionTable;
    }

    /** What else it is, once the file has ended. */
    Optional<OtherData> kind() {
        if (isPartitionTable) {
            return Optional.of(OtherData.PARTITION_TABLE);
        }
        if (isOtaData && fileBytes == OTA_DATA_SECTORS * SECTOR_BYTES) {
            return Optional.of(OtherData.OTA_DATA);
        }
        if (fileBytes == 0 || fileBytes % SECTOR_BYTES != 0) {
            return Optional.empty();
        }
        if (isNvs) {
            return Optional.of(OtherData.NVS);
        }
        if (isLittleFs) {
            return Optional.of(OtherData.LITTLEFS);
        }
        // A block's magic holds how many blocks there are from there on.
        int blocks = (int) (fileBytes / SECTOR_BYTES);
        return isSpiffs(0, blocks) && isSpiffs(1, blocks - 1) ? Optional.of(OtherData.SPIFFS) : Optional.empty();
    }

    /** At the first 256 bytes of a sector. */
    private void look(long sector) {
        if (sector <= LAST_TABLE_SECTOR && PartitionTable.isOne(head)) {
            isPartitionTable |= sector == 0;
            hasPartitionTable |= sector > 0;
        }
        if (sector < OTA_DATA_SECTORS) {
            isOtaData |= LittleEndian.u32(head, OTA_CRC_OFFSET) == crc32(head, 0, 4);
            isLittleFs |= Arrays.equals(head, LITTLEFS_OFFSET, LITTLEFS_OFFSET + 8, LITTLEFS, 0, 8);
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

    /** As ESP-IDF has it, whose register begins with 0: {@code esp_rom_crc32_le(UINT32_MAX, ...)}. */
    private static long crc32(byte[] bytes, int from, int to) {
        CRC32 crc = new CRC32();
        // Java's begins with ones, which these bytes make 0.
        crc.update(ALL_ONES);
        crc.update(bytes, from, to - from);
        return crc.getValue();
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
