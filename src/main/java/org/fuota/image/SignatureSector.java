package org.fuota.image;

import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;
import org.fuota.image.ImageReport.Broken;

/**
 * The 4 KiB that sign an image for Secure Boot v2 ({@code ets_secure_boot_signature_t} in ESP-IDF's rom/secure_boot.h):
 * up to three blocks of 1216 bytes, each +0 magic 0xE7, +1 version, +2 kind of hash, +4 hash of the image with its padding, +36 key
 * and signature, +1196 CRC-32 of all that. Checked is what can be without a key: that a block is intact, and for this image.
 */
final class SignatureSector {
    static final int BYTES = 4096;

    private static final int BLOCKS = 3;
    private static final int BLOCK_BYTES = 1216;
    private static final int MAGIC = 0xE7;
    private static final int RSA = 2;
    private static final int ECDSA = 3;
    private static final int KIND_OFFSET = 2;
    private static final int HASH_OFFSET = 4;
    private static final int CRC_OFFSET = 1196;

    private SignatureSector() {}

    /** Whether the bytes start as such a sector does; with a version of tomorrow they don't. */
    static boolean isOne(byte[] sector, int length) {
        return length >= 2 && isMagic(sector, 0) && (sector[1] == RSA || sector[1] == ECDSA);
    }

    /** What is wrong with so many bytes of the sector, at an offset in the file and after an image with that SHA-256. */
    static Optional<Broken> fault(byte[] sector, int length, long offset, byte[] imageHash) {
        if (length < BYTES) {
            return Optional.of(new Broken(
                    Damage.CUT_OFF,
                    offset + length,
                    "the image is cut off at byte " + (offset + length) + ": its signature ends at byte "
                            + (offset + BYTES)));
        }
        for (int block = 0; block < BLOCKS && isMagic(sector, block * BLOCK_BYTES); block++) {
            Optional<Broken> fault = blockFault(sector, block * BLOCK_BYTES, offset, imageHash);
            if (fault.isPresent()) {
                return fault;
            }
        }
        return Optional.empty();
    }

    private static Optional<Broken> blockFault(byte[] sector, int block, long offset, byte[] imageHash) {
        CRC32 crc = new CRC32();
        crc.update(sector, block, CRC_OFFSET);
        if (crc.getValue() != LittleEndian.u32(sector, block + CRC_OFFSET)) {
            long at = offset + block + CRC_OFFSET;
            return Optional.of(new Broken(
                    Damage.SIGNATURE, at, "the CRC-32 at byte " + at + " doesn't fit the signature before it"));
        }
        int hash = block + HASH_OFFSET;
        if (isOfSha256(sector, block)
                && !Arrays.equals(sector, hash, hash + RunningHash.BYTES, imageHash, 0, RunningHash.BYTES)) {
            long at = offset + hash;
            return Optional.of(new Broken(
                    Damage.SIGNATURE,
                    at,
                    "the signature is for another image: the SHA-256 at byte " + at + " isn't this one's"));
        }
        return Optional.empty();
    }

    /** With a P-384 key a block has a SHA-384 of the image, which isn't worth a second hash over every upload. */
    private static boolean isOfSha256(byte[] sector, int block) {
        return sector[block + 1] == RSA || sector[block + KIND_OFFSET] == 0;
    }

    private static boolean isMagic(byte[] sector, int offset) {
        return LittleEndian.u8(sector, offset) == MAGIC;
    }
}
