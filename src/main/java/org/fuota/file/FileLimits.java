package org.fuota.file;

/** In bytes: the largest upload that is taken, what it must leave free on the disk, and the boards' slot; a larger image gets a warning. */
public record FileLimits(long maxFileBytes, long minFreeBytes, long slotBytes) {
    /** The largest flash of an ESP32, room for the database, and the slots of Espressif's two-OTA partition table. */
    public static final FileLimits DEFAULT = new FileLimits(16L << 20, 64L << 20, 0x180000);

    public FileLimits {
        if (maxFileBytes < 1 || minFreeBytes < 0 || slotBytes < 1) {
            throw new IllegalArgumentException(
                    "limits out of range: " + maxFileBytes + ", " + minFreeBytes + ", " + slotBytes);
        }
    }
}
