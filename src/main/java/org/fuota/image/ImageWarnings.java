package org.fuota.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a board takes, but a person may not have meant. */
final class ImageWarnings {
    private static final Pattern GIT_HASH = Pattern.compile("[0-9a-f]{7,40}(-dirty)?");
    private static final Pattern DECIMAL = Pattern.compile("[0-9]+");

    private ImageWarnings() {}

    /** In the order of the file: of the header, the description, the end, the size. */
    static List<String> of(
            ImageHeader header, Optional<AppDescription> description, Trailer trailer, long fileBytes, long slotBytes) {
        List<String> warnings = new ArrayList<>();
        if (!header.chip().isKnown()) {
            warnings.add(header.chip().name());
        }
        if (!header.hashAppended()) {
            warnings.add("no SHA-256 is appended, so a board may not detect corruption");
        }
        description.ifPresent(described -> addDescription(warnings, described));
        trailer.warning().ifPresent(warnings::add);
        if (fileBytes > slotBytes) {
            warnings.add("the file has " + fileBytes + " bytes, more than the " + slotBytes + " of a board's slot");
        }
        return warnings;
    }

    private static void addDescription(List<String> warnings, AppDescription description) {
        String version = description.version();
        if (version.isEmpty()) {
            warnings.add("the image's version is empty");
        } else if (version.equals("1")) {
            warnings.add("the image's version is 1, which ESP-IDF puts there when a project has none");
        } else if (isGitHash(version)) {
            warnings.add("the image's version looks like a git hash: " + version);
        }
        if (AppDescription.isOfArduino(description.project())) {
            warnings.add("project and version are those of the Arduino framework, and not the application's own");
        }
    }

    /** Only digits is a date or a build number. */
    private static boolean isGitHash(String version) {
        return GIT_HASH.matcher(version).matches() && !DECIMAL.matcher(version).matches();
    }
}
