package org.fuota.image;

/**
 * The beginnings of a file's flash sectors of 4 KiB, where all that lies in flash begins; each is handed over as soon as it
 * is whole.
 */
final class Sectors {
    static final int BYTES = 0x1000;
    static final int HEAD_BYTES = 256;

    private final byte[] head = new byte[HEAD_BYTES];
    private final Consumer consumer;
    private long position;

    /** Takes the first 256 bytes of a sector, which aren't kept. */
    @FunctionalInterface
    interface Consumer {
        void accept(long sector, byte[] head);
    }

    Sectors(Consumer consumer) {
        this.consumer = consumer;
    }

    void update(byte[] buffer, int offset, int length) {
        int done = 0;
        while (done < length) {
            int within = (int) (position % BYTES);
            int count = Math.min(length - done, (within < HEAD_BYTES ? HEAD_BYTES : BYTES) - within);
            if (within < HEAD_BYTES) {
                System.arraycopy(buffer, offset + done, head, within, count);
                if (within + count == HEAD_BYTES) {
                    consumer.accept(position / BYTES, head);
                }
            }
            position += count;
            done += count;
        }
    }
}
