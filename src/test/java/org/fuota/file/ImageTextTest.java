package org.fuota.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fuota.image.Chip;
import org.fuota.image.Damage;
import org.fuota.image.EspImageBuilder;
import org.fuota.image.ImageInspector;
import org.fuota.image.ImageReport;
import org.fuota.image.OtherData;
import org.jspecify.annotations.Nullable;
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
                "application for ESP32, project esp32-fuota, version 0.1.1, ESP-IDF v4.4.4,"
                        + " compiled Jul 14 2025 12:34:56, secure version 7, not signed",
                ImageText.summary(image));
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
    }

    @Test
    void tellsWhatIsNoApplication() {
        ImageReport other = inspect("text".getBytes(StandardCharsets.US_ASCII), 100);
        ImageReport broken = new ImageReport.Broken(Damage.CUT_OFF, 24, "it ends at byte 24");

        assertEquals("the file is no ESP32 image", ImageText.summary(other));
        assertEquals(Map.of("note", "the file is no ESP32 image"), ImageText.fields(other));
        assertEquals(
                Map.of(
                        "note",
                        "no board would start it: the end of the image is missing, so copy it or build it again; it ends at byte"
                                + " 24"),
                ImageText.fields(broken));
        assertEquals(Optional.empty(), ImageText.chip(other));
        assertEquals(List.of(), ImageText.warnings(broken));
    }

    @Test
    void tellsTheChipOfAnApplicationWithoutDescription() {
        ImageReport image = new ImageReport.Other(
                OtherData.UNDESCRIBED_APPLICATION, Optional.of(new Chip(5)), List.of("a warning"));
        String note = OtherData.UNDESCRIBED_APPLICATION.note() + " (for ESP32-C3)";

        assertEquals(note, ImageText.summary(image));
        assertEquals(Map.of("note", note, "chip", "ESP32-C3"), ImageText.fields(image));
        assertEquals(Optional.of("ESP32-C3"), ImageText.chip(image));
        assertEquals(Optional.empty(), ImageText.project(image));
        assertEquals(List.of("a warning"), ImageText.warnings(image));
    }

    @Test
    void takesNoProjectForItsOwnThatManyApplicationsHave() {
        ImageReport own = inspect(APPLICATION, FileLimits.DEFAULT.slotBytes());
        ImageReport none =
                inspect(EspImageBuilder.application().description(48, "\0").build(), FileLimits.DEFAULT.slotBytes());
        ImageReport framework = inspect(
                EspImageBuilder.application()
                        .description(48, "arduino-lib-builder\0")
                        .build(),
                FileLimits.DEFAULT.slotBytes());

        assertEquals("esp32-fuota", ownProject(own));
        assertEquals(null, ownProject(none));
        assertEquals(null, ownProject(framework));
        assertEquals(Optional.of("arduino-lib-builder"), ImageText.project(framework));
    }

    private static @Nullable String ownProject(ImageReport image) {
        return ImageFacts.ownProject(ImageFacts.of(new FilePath("a.bin"), image).project());
    }

    private static ImageReport inspect(byte[] file, long slotBytes) {
        ImageInspector inspector = new ImageInspector(slotBytes);
        inspector.update(file, 0, file.length);
        return inspector.finish();
    }
}
