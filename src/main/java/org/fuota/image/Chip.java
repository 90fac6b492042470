package org.fuota.image;

import java.util.Map;

/** What an image is built for, by {@code esp_chip_id_t} of ESP-IDF's esp_app_format.h, 0 to 65535; new ones needn't be known here. */
public record Chip(int id) {
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(0, "ESP32"),
            Map.entry(2, "ESP32-S2"),
            Map.entry(5, "ESP32-C3"),
            Map.entry(9, "ESP32-S3"),
            Map.entry(12, "ESP32-C2"),
            Map.entry(13, "ESP32-C6"),
            Map.entry(16, "ESP32-H2"),
            Map.entry(18, "ESP32-P4"),
            Map.entry(20, "ESP32-C61"),
            Map.entry(23, "ESP32-C5"),
            Map.entry(25, "ESP32-H21"),
            Map.entry(28, "ESP32-H4"));

    public Chip {
        if (id < 0 || id > 0xFFFF) {
            throw new IllegalArgumentException("chip id " + id + " has more than 16 bits");
        }
    }

    public boolean isKnown() {
        return NAMES.containsKey(id);
    }

    /** Such as {@code ESP32-S3}, or {@code unknown chip id 99}. */
    public String name() {
        return NAMES.getOrDefault(id, "unknown chip id " + id);
    }

    /**
     * Whether the chip maps a segment with this load address in pages of 64 KiB, so that the segment must lie at the same place
     * within a page (ESP-IDF: {@code should_map}, soc.h). Only what all versions of ESP-IDF share, for chips where they do.
     */
    boolean maps(long loadAddress) {
        return switch (id) {
            case 0 ->
                isWithin(loadAddress, 0x400D_0000L, 0x4040_0000L) || isWithin(loadAddress, 0x3F40_0000L, 0x3F80_0000L);
            case 5 ->
                isWithin(loadAddress, 0x4200_0000L, 0x4280_0000L) || isWithin(loadAddress, 0x3C00_0000L, 0x3C80_0000L);
            case 9 ->
                isWithin(loadAddress, 0x4200_0000L, 0x4400_0000L) || isWithin(loadAddress, 0x3C00_0000L, 0x3D00_0000L);
            default -> false;
        };
    }

    /**
     * Whether a segment with this load address is read from flash (ESP-IDF: soc.h of each chip). Only to name an image, so unlike
     * in {@link #maps} the ranges are as wide as those of all versions together.
     */
    boolean runsFromFlash(long loadAddress) {
        return switch (id) {
            case 0 -> maps(loadAddress);
            case 2 ->
                isWithin(loadAddress, 0x3F00_0000L, 0x3FF8_0000L) || isWithin(loadAddress, 0x4008_0000L, 0x4080_0000L);
            case 18 -> isWithin(loadAddress, 0x4000_0000L, 0x4C00_0000L);
            default ->
                isWithin(loadAddress, 0x3C00_0000L, 0x3E00_0000L) || isWithin(loadAddress, 0x4200_0000L, 0x4400_0000L);
        };
    }

    private static boolean isWithin(long address, long first, long end) {
        return address >= first && address < end;
    }
}
