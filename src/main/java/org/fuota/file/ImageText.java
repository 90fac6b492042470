package org.fuota.file;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.fuota.image.AppDescription;
import org.fuota.image.Chip;
import org.fuota.image.ImageReport;

/** What an image says of itself, for lists and answers. */
final class ImageText {
    private ImageText() {}

    /** The name of the chip that it is for; empty when it doesn't say. */
    static Optional<String> chip(ImageReport image) {
        return image instanceof ImageReport.Other other
                ? other.chip().map(Chip::name)
                : application(image, application -> application.header().chip().name());
    }

    static Optional<String> project(ImageReport image) {
        return application(image, application -> application.description().project());
    }

    static Optional<String> version(ImageReport image) {
        return application(image, application -> application.description().version());
    }

    /** For JSON: the fields of an application, or a note. */
    static Map<String, Object> fields(ImageReport image) {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (image instanceof ImageReport.Application application) {
            AppDescription description = application.description();
            fields.put("chip", application.header().chip().name());
            fields.put("project", description.project());
            fields.put("version", description.version());
            fields.put("esp_idf", description.espIdf());
            fields.put("compiled", compiled(description));
            fields.put("secure_version", description.secureVersion());
            fields.put("elf_sha256", description.elfSha256());
            fields.put("signed", application.isSigned());
        } else {
            fields.put("note", summary(image));
            chip(image).ifPresent(chip -> fields.put("chip", chip));
        }
        return fields;
    }

    static List<String> warnings(ImageReport image) {
        if (image instanceof ImageReport.Application application) {
            return application.warnings();
        }
        return image instanceof ImageReport.Other other ? other.warnings() : List.of();
    }

    /** What it is, for a person. */
    static String summary(ImageReport image) {
        if (image instanceof ImageReport.Application application) {
            AppDescription description = application.description();
            return "application for " + application.header().chip().name()
                    + ", project " + description.project()
                    + ", version " + description.version()
                    + ", ESP-IDF " + description.espIdf()
                    + ", compiled " + compiled(description)
                    + ", secure version " + description.secureVersion()
                    + (application.isSigned() ? ", signed" : ", not signed");
        }
        if (image instanceof ImageReport.Broken broken) {
            return "no board would start it: " + broken.sentence();
        }
        return image instanceof ImageReport.Other other ? note(other) : "unknown";
    }

    private static String note(ImageReport.Other other) {
        String chip = other.chip().map(known -> " (for " + known.name() + ")").orElse("");
        return other.data().note() + chip;
    }

    private static String compiled(AppDescription description) {
        return description.compileDate() + " " + description.compileTime();
    }

    private static Optional<String> application(ImageReport image, Function<ImageReport.Application, String> field) {
        return image instanceof ImageReport.Application application
                ? Optional.of(field.apply(application))
                : Optional.empty();
    }
}
