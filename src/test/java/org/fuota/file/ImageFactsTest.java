package org.fuota.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.fuota.image.Chip;
import org.fuota.image.EspImageBuilder;
import org.fuota.image.ImageInspector;
import org.fuota.image.ImageReport;
import org.fuota.image.OtherData;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ImageFactsTest {
    @Test
    void keepsWhatAnApplicationSays() {
        assertEquals(
                new ImageFacts("ESP32", "esp32-fuota", "0.1.1", null), facts(inspect(EspImageBuilder.application())));
    }

    @Test
    void keepsTheChipAloneOfAnApplicationWithoutDescription() {
        ImageReport image =
                new ImageReport.Other(OtherData.UNDESCRIBED_APPLICATION, Optional.of(new Chip(5)), List.of());

        assertEquals(new ImageFacts("ESP32-C3", null, null, null), facts(image));
    }

    @Test
    void takesNoProjectForItsOwnThatManyApplicationsHave() {
        ImageReport own = inspect(EspImageBuilder.application());
        ImageReport none = inspect(EspImageBuilder.application().description(48, "\0"));
        ImageReport framework = inspect(EspImageBuilder.application().description(48, "arduino-lib-builder\0"));

        assertEquals("esp32-fuota", ownProject(own));
        assertEquals(null, ownProject(none));
        assertEquals(null, ownProject(framework));
        assertEquals("arduino-lib-builder", facts(framework).project());
    }

    private static @Nullable String ownProject(ImageReport image) {
        return ImageFacts.ownProject(facts(image).project());
    }

    private static ImageFacts facts(ImageReport image) {
        return ImageFacts.of(new FilePath("a.bin"), image);
    }

    private static ImageReport inspect(EspImageBuilder image) {
        byte[] file = image.build();
        ImageInspector inspector = new ImageInspector(FileLimits.DEFAULT.slotBytes());
        inspector.update(file, 0, file.length);
        return inspector.finish();
    }
}
