package org.fuota.image;

import java.util.Objects;
import java.util.Optional;

/**
 * Finds out what an uploaded file is, while it streams by: in one pass, and with the same few KiB of memory for any file.
 * How the bytes are cut into updates makes no difference. For one file and one thread.
 *
 * <p>An ESP32 image is a file that starts with the byte 0xE9. It is checked as a board does that has downloaded it (ESP-IDF:
 * {@code esp_image_verify}), so that what is broken never reaches one. Not checked is what depends on the board: whether chip
 * and revision are its own, whether it trusts a signature's key, and whether its bootloader has room for what the
 * segments load into RAM.
 */
public final class ImageInspector {
    private static final String MERGED_HINT =
            "; it looks like a merged flash image, of which boards take the application alone";

    private final long slotBytes;
    private final FileHead head = new FileHead();
    private final ImageParser parser = new ImageParser();
    private final FlashLayout layout = new FlashLayout();
    private long fileBytes;
    private boolean isFinished;

    /** @param slotBytes how large a file a board has room for, in bytes; what is larger earns a warning */
    public ImageInspector(long slotBytes) {
        if (slotBytes <= 0) {
            throw new IllegalArgumentException("a slot of " + slotBytes + " bytes");
        }
        this.slotBytes = slotBytes;
    }

    /**
     * Takes the file's next bytes; the buffer isn't kept.
     *
     * @throws IndexOutOfBoundsException when the range isn't within the buffer
     * @throws IllegalStateException after {@link #finish}
     */
    public void update(byte[] buffer, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        requireOpen();
        fileBytes += length;
        head.update(buffer, offset, length);
        layout.update(buffer, offset, length);
        if (head.isImage()) {
            parser.update(buffer, offset, length);
        }
    }

    /**
     * What the file is, now that it has ended.
     *
     * @throws IllegalStateException when called twice
     */
    public ImageReport finish() {
        requireOpen();
        isFinished = true;
        if (!head.isImage()) {
            return new ImageReport.Other(layout.isMergedFlashImage() ? OtherData.MERGED_FLASH_IMAGE : head.kind());
        }
        Optional<AppDescription> description = head.description(parser.firstSegmentBytes());
        boolean isMerged = description.isEmpty() && layout.isMergedFlashImage();
        Optional<ImageReport.Broken> fault = parser.fault();
        if (fault.isPresent()) {
            return broken(fault.get(), isMerged);
        }
        if (isMerged) {
            return new ImageReport.Other(OtherData.MERGED_FLASH_IMAGE);
        }
        return description
                .map(this::application)
                .orElseGet(() -> new ImageReport.Other(head.imageKind(parser.firstSegmentBytes())));
    }

    private static ImageReport broken(ImageReport.Broken fault, boolean isMerged) {
        return isMerged ? new ImageReport.Broken(fault.offset(), fault.sentence() + MERGED_HINT) : fault;
    }

    private ImageReport application(AppDescription description) {
        ImageHeader header = parser.header();
        Trailer trailer = parser.trailer();
        return new ImageReport.Application(
                header,
                description,
                trailer.start(),
                trailer.isSignature(),
                ImageWarnings.of(header, description, trailer, fileBytes, slotBytes));
    }

    private void requireOpen() {
        if (isFinished) {
            throw new IllegalStateException("the file has ended");
        }
    }
}
