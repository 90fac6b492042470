package org.fuota.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fuota.image.EspImageBuilder;
import org.fuota.image.ImageInspector;
import org.fuota.image.ImageReport;
import org.junit.jupiter.api.Test;

class ImageTextTest {
    private static final byte[] APPLICATION = EspImageBuilder.application().build();

    @Test
    void tellsAllOfAnApplication() {
        ImageReport image = inspect(APPLICATION, FileLimits.DEFAULT.slotBytes());

        assertEquals(Optional.of("ESP32"), ImageText.chip(image));
        assertEquals(Optional.of("esp32-fuota"), ImageText.project(image));
        assertEquals(Optional.of("0.1.1"), ImageText.version(image));
        assertEquals(
                List.of("image: application for ESP32, project esp32-fuota, version 0.1.1, ESP-IDF v4.4.4,"
                        + " compiled Jul 14 2025 12:34:56, secure version 7, not signed"),
                ImageText.lines(image));
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
                ImageText.fields(image));
    }

    @Test
    void warns() {
        ImageReport image = inspect(APPLICATION, 100);
        String warning = "the file has " + APPLICATION.length + " bytes, more than the 100 of a board's slot";

        assertEquals(List.of(warning), ImageText.warnings(image));
        assertEquals("warning: " + warning, ImageText.lines(image).get(1));
    }

    @Test
    void tellsWhatIsNoApplication() {
        ImageReport other = inspect("text".getBytes(StandardCharsets.US_ASCII), 100);
        ImageReport broken = new ImageReport.Broken(24, "it ends at byte 24");

        assertEquals(List.of("image: the file is no ESP32 image"), ImageText.lines(other));
        assertEquals(Map.of("note", "the file is no ESP32 image"), ImageText.fields(other));
        assertEquals(Map.of("note", "no board would start it: it ends at byte 24"), ImageText.fields(broken));
        assertEquals(Optional.empty(), ImageText.chip(other));
        assertEquals(List.of(), ImageText.warnings(broken));
    }

    private static ImageReport inspect(byte[] file, long slotBytes) {
        ImageInspector inspector = new ImageInspector(slotBytes);
        inspector.update(file, 0, file.length);
        return inspector.finish();
    }
}
