package org.fuota.image;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.fuota.image.ImageReport.Broken;

/**
 * Finds out what an uploaded file is, while it streams by in any pieces: in one pass and a few KiB of memory. For one file, one thread.
 *
 * <p>An ESP32 image starts with the byte 0xE9 and a header that makes sense. It is checked as a board does that has downloaded
 * it (ESP-IDF: {@code esp_image_verify}). Not checked is what depends on the board: its chip and revision, the signature keys that
 * it trusts, and the room that its bootloader has in RAM.
 */
public final class ImageInspector {
    private final long slotBytes;
    private final FileHead head = new FileHead();
    private final ImageParser parser = new ImageParser();
    private final Esp8266Image esp8266 = new Esp8266Image();
    private final FlashLayout layout = new FlashLayout();
    private final LineEnds lineEnds = new LineEnds();
    private long fileBytes;
    private boolean isFinished;

    /** @param slotBytes how large a file a board has room for, in bytes; what is larger earns a warning */
    public ImageInspector(long slotBytes) {
        if (slotBytes <= 0) {
            throw new IllegalArgumentException("a slot of " + slotBytes + " bytes");
        }
        this.slotBytes = slotBytes;
    }

    /** Takes the file's next bytes; the buffer isn't kept. Not after {@link #finish}. */
    public void update(byte[] buffer, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        requireOpen();
        fileBytes += length;
        head.update(buffer, offset, length);
        layout.update(buffer, offset, length);
        lineEnds.update(buffer, offset, length);
        if (head.isImage()) {
            parser.update(buffer, offset, length);
            esp8266.update(buffer, offset, length);
        }
    }

    /** What the file is, now that it has ended; to be asked once. */
    public ImageReport finish() {
        requireOpen();
        isFinished = true;
        if (head.isEsp8266() && esp8266.isWhole()) {
            return ImageReport.Other.of(OtherData.ESP8266_IMAGE);
        }
        Optional<AppDescription> description = head.description(parser.firstSegmentBytes());
        if (description.isEmpty() && layout.isMergedFlashImage()) {
            return ImageReport.Other.of(OtherData.MERGED_FLASH_IMAGE);
        }
        Optional<Broken> fault = head.isImage() ? parser.fault() : Optional.empty();
        if (head.isImage() && fault.isEmpty()) {
            return whole(description);
        }
        return fault.filter(found -> head.isPlausibleImage())
                .<ImageReport>map(this::inTextMode)
                .orElseGet(this::other);
    }

    private ImageReport whole(Optional<AppDescription> description) {
        ImageHeader header = parser.header();
        Trailer trailer = parser.trailer();
        List<String> warnings = ImageWarnings.of(header, description, trailer, fileBytes, slotBytes);
        return description
                .<ImageReport>map(described -> new ImageReport.Application(
                        header, described, trailer.start(), trailer.isSignature(), warnings))
                .orElseGet(() -> new ImageReport.Other(undescribed(), Optional.of(header.chip()), warnings));
    }

    private OtherData undescribed() {
        if (head.isBootloader(parser.firstSegmentBytes())) {
            return OtherData.BOOTLOADER;
        }
        return parser.runsFromFlash() ? OtherData.UNDESCRIBED_APPLICATION : OtherData.OTHER_ESP_IMAGE;
    }

    private Broken inTextMode(Broken fault) {
        return lineEnds.areOfTextMode()
                ? new Broken(
                        Damage.TEXT_MODE,
                        fault.offset(),
                        fault.detail() + ", and each of " + lineEnds.count()
                                + " line feeds has a carriage return before it")
                : fault;
    }

    private ImageReport other() {
        OtherData kind = head.kind();
        if (kind != OtherData.UNKNOWN) {
            return ImageReport.Other.of(kind);
        }
        Optional<OtherData> inFlash = layout.kind();
        if (inFlash.isPresent()) {
            return ImageReport.Other.of(inFlash.get());
        }
        return head.mangled()
                .<ImageReport>map(fault -> fault.damage() == Damage.HEAD_MISSING ? inTextMode(fault) : fault)
                .orElseGet(() -> ImageReport.Other.of(kind));
    }

    private void requireOpen() {
        if (isFinished) {
            throw new IllegalStateException("the file has ended");
        }
    }

    /** Counts a file's line feeds: in a binary file, few of them have a carriage return before them, unless text mode put it there. */
    private static final class LineEnds {
        private static final int ENOUGH = 8;

        private long lineFeeds;
        private long afterReturns;
        private int last;

        void update(byte[] buffer, int offset, int length) {
            for (int i = offset; i < offset + length; i++) {
                if (buffer[i] == '\n') {
                    lineFeeds++;
                    afterReturns += last == '\r' ? 1 : 0;
                }
                last = buffer[i];
            }
        }

        /** Whether each has one, and there are enough of them that this is no chance. */
        boolean areOfTextMode() {
            return lineFeeds >= ENOUGH && afterReturns == lineFeeds;
        }

        long count() {
            return lineFeeds;
        }
    }
}
