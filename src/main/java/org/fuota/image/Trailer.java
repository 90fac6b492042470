package org.fuota.image;

import java.util.Optional;
import org.fuota.image.ImageReport.Broken;

/**
 * What follows an image. A board that checks signatures expects there (ESP-IDF: {@code verify_secure_boot_signature} in
 * esp_image_format.c), for Secure Boot v2, padding up to a multiple of 4 KiB and a {@link SignatureSector}; for v1, on the first
 * ESP32s, 68 bytes: a version that is 0 in four bytes, and an ECDSA signature.
 */
final class Trailer {
    private static final int V1_SIGNATURE_BYTES = 68;
    private static final int V1_VERSION_BYTES = 4;

    private final long start;
    private final long sectorStart;
    private final RunningHash hash;
    private final byte[] sector = new byte[SignatureSector.BYTES];
    private final TrailingBytes all = new TrailingBytes();
    private final TrailingBytes beyondSector = new TrailingBytes();
    private final TrailingBytes beyondV1 = new TrailingBytes();
    private final byte[] v1 = new byte[V1_SIGNATURE_BYTES];
    private long position;

    /**
     * @param start where the image ends in the file
     * @param hash of the image until there; goes on over the padding, which is signed too
     */
    Trailer(long start, RunningHash hash) {
        this.start = start;
        this.sectorStart = (start + SignatureSector.BYTES - 1) / SignatureSector.BYTES * SignatureSector.BYTES;
        this.hash = hash;
        this.position = start;
    }

    void update(byte[] buffer, int offset, int length) {
        int filled = (int) Math.min(v1.length, all.count());
        int ofV1 = Math.min(length, v1.length - filled);
        System.arraycopy(buffer, offset, v1, filled, ofV1);
        beyondV1.update(buffer, offset + ofV1, length - ofV1);
        all.update(buffer, offset, length);
        int padding = (int) Math.min(length, Math.max(0, sectorStart - position));
        hash.update(buffer, offset, padding);
        position += padding;
        int kept = (int) Math.min(length - padding, Math.max(0, sectorStart + sector.length - position));
        System.arraycopy(buffer, offset + padding, sector, sectorFill(), kept);
        position += kept;
        int rest = length - padding - kept;
        beyondSector.update(buffer, offset + padding + kept, rest);
        position += rest;
    }

    /** What a board that checks signatures refuses, once the file has ended. */
    Optional<Broken> fault() {
        return hasSector() ? SignatureSector.fault(sector, sectorFill(), sectorStart, hash.soFar()) : Optional.empty();
    }

    long start() {
        return start;
    }

    /** Whether there is a signature at all; {@link #fault} tells whether it is of use. */
    boolean isSignature() {
        return hasSector() || isV1Signature();
    }

    /** A sentence about bytes that are neither image nor signature; empty when there are none. */
    Optional<String> warning() {
        if (hasSector()) {
            return warning(beyondSector, "the signature", sectorStart + sector.length);
        }
        return isV1Signature()
                ? warning(beyondV1, "the signature", start + v1.length)
                : warning(all, "the image", start);
    }

    private static Optional<String> warning(TrailingBytes bytes, String before, long offset) {
        if (bytes.count() == 0) {
            return Optional.empty();
        }
        String kind = bytes.isFilling() ? ", only to fill up" : ", and boards ignore them";
        return Optional.of("bytes " + offset + " to " + (offset + bytes.count() - 1) + " follow " + before + kind);
    }

    private boolean hasSector() {
        return SignatureSector.isOne(sector, sectorFill());
    }

    /** Right behind the image, whatever follows: that is where a board looks for it. */
    private boolean isV1Signature() {
        if (all.count() < v1.length) {
            return false;
        }
        TrailingBytes signature = new TrailingBytes();
        signature.update(v1, V1_VERSION_BYTES, v1.length - V1_VERSION_BYTES);
        return LittleEndian.u32(v1, 0) == 0 && !signature.isFilling();
    }

    private int sectorFill() {
        return (int) Math.min(sector.length, Math.max(0, position - sectorStart));
    }

    /** Bytes that follow something: how many, and whether they are only filling. */
    private static final class TrailingBytes {
        private long count;
        private int first;
        private boolean isUniform = true;

        void update(byte[] buffer, int offset, int length) {
            for (int i = offset; i < offset + length; i++) {
                add(buffer[i] & 0xFF);
            }
        }

        long count() {
            return count;
        }

        /** Only 0x00 or only 0xFF: what tools fill up with. */
        boolean isFilling() {
            return isUniform && (first == 0 || first == 0xFF);
        }

        private void add(int octet) {
            if (count == 0) {
                first = octet;
            }
            isUniform &= octet == first;
            count++;
        }
    }
}
