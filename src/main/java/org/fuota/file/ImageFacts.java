package org.fuota.file;

import java.util.Optional;
import org.fuota.image.AppDescription;
import org.fuota.image.Chip;
import org.fuota.image.ImageReport;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of what an image says of itself; null is what it doesn't say.
 *
 * @param chip the name of the one that it is for
 * @param flaw why a board wouldn't start it as its application: a lower-case sentence that names the path
 */
public record ImageFacts(
        @Nullable String chip,
        @Nullable String project,
        @Nullable String version,
        @Nullable String flaw) {
    static ImageFacts of(FilePath path, ImageReport image) {
        AppDescription description =
                image instanceof ImageReport.Application application ? application.description() : null;
        return new ImageFacts(
                image.chip().map(Chip::name).orElse(null),
                description == null ? null : description.project(),
                description == null ? null : description.version(),
                flaw(path, image));
    }

    /** A project where it tells applications apart: null where it is empty, or a framework's. */
    public static @Nullable String ownProject(@Nullable String project) {
        return Optional.ofNullable(project)
                .filter(name -> !name.isEmpty() && !AppDescription.isOfArduino(name))
                .orElse(null);
    }

    private static @Nullable String flaw(FilePath path, ImageReport image) {
        if (image instanceof ImageReport.Broken broken) {
            return "no board would start " + path.value() + ": " + broken.sentence();
        }
        return image instanceof ImageReport.Other other && !other.data().isApplication()
                ? path.value() + " isn't an application for an ESP32: "
                        + other.data().note()
                : null;
    }
}
