package org.fuota.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ImageReportTest {
    private static final byte[] APPLICATION = EspImageBuilder.application().build();

    @Test
    void tellsAllOfAnApplication() {
        ImageReport image = Inspection.of(APPLICATION);

        assertEquals(Optional.of(new Chip(0)), image.chip());
        assertEquals(
                "application for ESP32, project esp32-fuota, version 0.1.1, ESP-IDF v4.4.4,"
                        + " compiled Jul 14 2025 12:34:56, secure version 7, not signed",
                image.summary());
        assertEquals(
                Map.of(
                        "chip", "ESP32",
                        "project", "esp32-fuota",
                        "version", "0.1.1",
                        "esp_idf", "v4.4.4",
                        "compiled", "Jul 14 2025 12:34:56",
                        "secure_version", 7L,
                        "elf_sha256", "c4".repeat(32),
                        "signed", false),
                image.fields());
    }

    @Test
    void warns() {
        ImageInspector inspector = new ImageInspector(100);
        inspector.update(APPLICATION, 0, APPLICATION.length);
        ImageReport image = inspector.finish();
        String warning = "the file has " + APPLICATION.length + " bytes, more than the 100 of a board's slot";

        assertEquals(List.of(warning), image.warnings());
    }

    @Test
    void tellsWhatIsNoApplication() {
        ImageReport other = Inspection.of("text".getBytes(StandardCharsets.US_ASCII));
        ImageReport broken = new ImageReport.Broken(Damage.CUT_OFF, 24, "it ends at byte 24");

        assertEquals("the file is no ESP32 image", other.summary());
        assertEquals(Map.of("note", "the file is no ESP32 image"), other.fields());
        assertEquals(
                Map.of(
                        "note",
                        "no board would start it: the end of the image is missing, so copy it or build it again; it ends at byte"
                                + " 24"),
                broken.fields());
        assertEquals(Optional.empty(), other.chip());
        assertEquals(List.of(), broken.warnings());
    }

    @Test
    void tellsTheChipOfAnApplicationWithoutDescription() {
        ImageReport image = new ImageReport.Other(
                OtherData.UNDESCRIBED_APPLICATION, Optional.of(new Chip(5)), List.of("a warning"));
        String note = OtherData.UNDESCRIBED_APPLICATION.note() + " (for ESP32-C3)";

        assertEquals(note, image.summary());
        assertEquals(Map.of("note", note, "chip", "ESP32-C3"), image.fields());
        assertEquals(Optional.of(new Chip(5)), image.chip());
        assertEquals(List.of("a warning"), image.warnings());
    }
}
