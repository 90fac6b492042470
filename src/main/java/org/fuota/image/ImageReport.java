package org.fuota.image;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@link ImageInspector} found: a file is one of three. */
public sealed interface ImageReport {
    /** What it is, for a person. */
    String summary();

    /** The chip that it is for; empty when it doesn't say. */
    default Optional<Chip> chip() {
        return Optional.empty();
    }

    /** Lower-case sentences, each about something that is allowed but may be a mistake; empty when all is well. */
    default List<String> warnings() {
        return List.of();
    }

    /** For JSON: the fields of an application, or a note. */
    default Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("note", summary());
        chip().ifPresent(chip -> fields.put("chip", chip.name()));
        return fields;
    }

    /**
     * A whole image of an application, as a board takes it.
     *
     * @param imageBytes the length of the image, checksum and SHA-256 included, signature and whatever follows not
     * @param isSigned whether a Secure Boot signature follows that is meant for this image; whose it is, isn't checked
     */
    record Application(
            ImageHeader header, AppDescription description, long imageBytes, boolean isSigned, List<String> warnings)
            implements ImageReport {
        public Application {
            if (imageBytes <= 0) {
                throw new IllegalArgumentException("an image of " + imageBytes + " bytes");
            }
            warnings = List.copyOf(warnings);
        }

        @Override
        public Optional<Chip> chip() {
            return Optional.of(header.chip());
        }

        @Override
        public String summary() {
            return "application for " + header.chip().name()
                    + ", project " + description.project()
                    + ", version " + description.version()
                    + ", ESP-IDF " + description.espIdf()
                    + ", compiled " + description.compiled()
                    + ", secure version " + description.secureVersion()
                    + (isSigned ? ", signed" : ", not signed");
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("chip", header.chip().name());
            fields.put("project", description.project());
            fields.put("version", description.version());
            fields.put("esp_idf", description.espIdf());
            fields.put("compiled", description.compiled());
            fields.put("secure_version", description.secureVersion());
            fields.put("elf_sha256", description.elfSha256());
            fields.put("signed", isSigned);
            return fields;
        }
    }

    /**
     * An ESP32 image that no board would start.
     *
     * @param offset in the file, where it goes wrong
     * @param detail what is wrong there, in one lower-case sentence that names the offset
     */
    record Broken(Damage damage, long offset, String detail) implements ImageReport {
        public Broken {
            if (offset < 0 || detail.isEmpty()) {
                throw new IllegalArgumentException("a fault needs a place and a sentence");
            }
        }

        /** First in plain words what is wrong and what to do, then the place. */
        public String sentence() {
            return damage.words() + "; " + detail;
        }

        @Override
        public String summary() {
            return "no board would start it: " + sentence();
        }
    }

    /** Anything else. */
    record Other(OtherData data, Optional<Chip> chip, List<String> warnings) implements ImageReport {
        public Other {
            warnings = List.copyOf(warnings);
        }

        static Other of(OtherData data) {
            return new Other(data, Optional.empty(), List.of());
        }

        @Override
        public String summary() {
            return data.note()
                    + chip.map(known -> " (for " + known.name() + ")").orElse("");
        }
    }
}
