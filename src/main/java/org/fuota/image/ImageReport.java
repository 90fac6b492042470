package org.fuota.image;

import java.util.List;
import java.util.Optional;

/** What {@link ImageInspector} found: a file is one of three. */
public sealed interface ImageReport {
    /**
     * A whole image of an application, as a board takes it.
     *
     * @param imageBytes the length of the image, checksum and SHA-256 included, signature and whatever follows not
     * @param isSigned whether a Secure Boot signature follows that is meant for this image; whose it is, isn't checked
     * @param warnings lower-case sentences, each about something that is allowed but may be a mistake; empty when all is well
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
    }

    /**
     * Anything else.
     *
     * @param chip that it is for; empty when it doesn't say
     * @param warnings as of an application
     */
    record Other(OtherData data, Optional<Chip> chip, List<String> warnings) implements ImageReport {
        public Other {
            warnings = List.copyOf(warnings);
        }

        static Other of(OtherData data) {
            return new Other(data, Optional.empty(), List.of());
        }
    }
}
