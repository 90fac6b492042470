package org.fuota.image;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.fuota.image.ImageReport.Broken;
import org.jspecify.annotations.Nullable;

/**
 * Walks an image's parts in their order until the first fault, and checks of each what a board checks ({@code esp_image_verify} in
 * ESP-IDF's esp_image_format.c): header, segments, padding with the checksum, SHA-256 if there is one, and what follows.
 */
final class ImageParser {
    private static final int BLOCK_BYTES = 16;
    private static final int CHECKSUM_SEED = 0xEF;

    private enum Part {
        HEADER,
        SEGMENT_HEADER,
        SEGMENT_DATA,
        CHECKSUM,
        HASH
    }

    private final RunningHash hash = new RunningHash();
    private final byte[] field = new byte[RunningHash.BYTES];

    private Part part = Part.HEADER;
    private long partStart;
    private long partEnd = ImageHeader.BYTES;
    private long position;

    private @Nullable ImageHeader header;
    private int segment;
    private long firstSegmentBytes;
    private boolean runsFromFlash;
    private int checksum = CHECKSUM_SEED;
    private @Nullable Trailer trailer;
    private @Nullable Broken fault;

    void update(byte[] buffer, int offset, int length) {
        int done = 0;
        while (done < length && fault == null) {
            done += step(buffer, offset + done, length - done);
        }
    }

    /** The first thing that a board refuses, once the file has ended; a part that isn't there is one. */
    Optional<Broken> fault() {
        if (fault != null) {
            return Optional.of(fault);
        }
        if (trailer != null) {
            return trailer.fault();
        }
        return Optional.of(new Broken(
                Damage.CUT_OFF,
                position,
                "the image is cut off at byte " + position + ": " + partName() + " ends at byte " + partEnd));
    }

    /** Whether a segment is of those that the chip runs from flash, which only an application has. */
    boolean runsFromFlash() {
        return runsFromFlash;
    }

    /** Of a file without a fault. */
    ImageHeader header() {
        return Objects.requireNonNull(header);
    }

    /** Of a file without a fault. */
    Trailer trailer() {
        return Objects.requireNonNull(trailer);
    }

    /** How long the first segment's data are by its header; 0 when there is no such header. */
    long firstSegmentBytes() {
        return firstSegmentBytes;
    }

    private int step(byte[] buffer, int offset, int length) {
        if (trailer != null) {
            trailer.update(buffer, offset, length);
            return length;
        }
        int count = (int) Math.min(length, partEnd - position);
        take(buffer, offset, count);
        position += count;
        while (position == partEnd && trailer == null && fault == null) {
            endPart();
        }
        return count;
    }

    private void take(byte[] buffer, int offset, int count) {
        if (part == Part.SEGMENT_DATA) {
            for (int i = offset; i < offset + count; i++) {
                checksum ^= buffer[i] & 0xFF;
            }
        } else {
            System.arraycopy(buffer, offset, field, (int) (position - partStart), count);
        }
        // The SHA-256 is of what stands before it, and a signature is of both.
        if (part != Part.HASH) {
            hash.update(buffer, offset, count);
        }
    }

    private void endPart() {
        switch (part) {
            case HEADER -> endHeader();
            case SEGMENT_HEADER -> endSegmentHeader();
            case SEGMENT_DATA -> beginSegmentOrChecksum();
            case CHECKSUM -> endChecksum();
            case HASH -> endHash();
        }
    }

    private void endHeader() {
        header = ImageHeader.of(field);
        if (header.segmentCount() == 0) {
            fault = new Broken(Damage.DAMAGED, 1, "the number of segments at byte 1 is 0");
            return;
        }
        if (header.segmentCount() > ImageHeader.MAX_SEGMENTS) {
            fault = new Broken(
                    Damage.DAMAGED,
                    1,
                    "the number of segments at byte 1 is " + header.segmentCount() + ", and boards take up to "
                            + ImageHeader.MAX_SEGMENTS);
            return;
        }
        beginSegmentOrChecksum();
    }

    private void endSegmentHeader() {
        SegmentHeader segmentHeader = SegmentHeader.of(field, 0);
        if (segment == 1) {
            firstSegmentBytes = segmentHeader.dataBytes();
        }
        runsFromFlash |= header().chip().runsFromFlash(segmentHeader.loadAddress());
        fault = segmentHeader.fault(header().chip(), segmentName(), partStart).orElse(null);
        begin(Part.SEGMENT_DATA, segmentHeader.dataBytes());
    }

    private void beginSegmentOrChecksum() {
        if (segment < header().segmentCount()) {
            segment++;
            begin(Part.SEGMENT_HEADER, SegmentHeader.BYTES);
        } else {
            begin(Part.CHECKSUM, BLOCK_BYTES - position % BLOCK_BYTES);
        }
    }

    private void endChecksum() {
        int found = field[(int) (partEnd - partStart) - 1] & 0xFF;
        if (found != checksum) {
            fault = new Broken(
                    Damage.DAMAGED,
                    position - 1,
                    String.format(
                            "the checksum at byte %d is 0x%02x, but the data's is 0x%02x",
                            position - 1, found, checksum));
        } else if (header().hashAppended()) {
            begin(Part.HASH, RunningHash.BYTES);
        } else {
            trailer = new Trailer(position, hash);
        }
    }

    private void endHash() {
        if (!Arrays.equals(field, hash.soFar())) {
            fault = new Broken(
                    Damage.DAMAGED, partStart, "the SHA-256 at byte " + partStart + " doesn't fit the data before it");
            return;
        }
        hash.update(field, 0, RunningHash.BYTES);
        trailer = new Trailer(position, hash);
    }

    private void begin(Part next, long length) {
        part = next;
        partStart = position;
        partEnd = position + length;
    }

    private String partName() {
        return switch (part) {
            case HEADER -> "its header";
            case SEGMENT_HEADER -> "the header of " + segmentName();
            case SEGMENT_DATA -> segmentName();
            case CHECKSUM -> "its checksum";
            case HASH -> "its SHA-256";
        };
    }

    private String segmentName() {
        return "segment " + segment + " of " + header().segmentCount();
    }
}
