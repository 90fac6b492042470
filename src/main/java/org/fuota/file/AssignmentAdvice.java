package org.fuota.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.image.ImageReport;

/** What a look at an update file tells whoever assigns it. Advice: nothing is refused. */
public final class AssignmentAdvice {
    private static final Logger LOG = Logger.getLogger(AssignmentAdvice.class.getName());

    private final FileStore files;

    public AssignmentAdvice(FileStore files) {
        this.files = files;
    }

    /**
     * Lower-case sentences about what may be a mistake; none when all looks well.
     *
     * @param assigned the file that the device is to be offered
     * @param before the file that its row named before, if any
     */
    public List<String> warnings(FilePath assigned, Optional<FilePath> before) {
        try {
            return files.find(assigned)
                    .map(file -> warnings(file, before))
                    .orElse(List.of("update file " + assigned.value()
                            + " isn't uploaded yet; until it is, polls are answered 404"));
        } catch (IOException e) {
            LOG.log(Level.WARNING, e, () -> "an assigned update file can't be read: " + assigned.value());
            return List.of("update file " + assigned.value() + " can't be read; the server's log tells why");
        }
    }

    private List<String> warnings(StoredFile file, Optional<FilePath> before) {
        String path = file.path().value();
        List<String> warnings = new ArrayList<>();
        if (file.image() instanceof ImageReport.Broken broken) {
            warnings.add("no board would start " + path + ": " + broken.sentence());
        }
        if (file.image() instanceof ImageReport.Other other) {
            warnings.add(
                    path + " isn't an application for an ESP32: " + other.data().note());
        }
        Optional<String> chip = ImageText.chip(file.image());
        Optional<String> chipBefore = before.flatMap(this::chip);
        if (chip.isPresent() && chipBefore.isPresent() && !chip.get().equals(chipBefore.get())) {
            warnings.add(path + " is for " + chip.get() + ", but the file that this device had before is for "
                    + chipBefore.get());
        }
        return warnings;
    }

    private Optional<String> chip(FilePath path) {
        try {
            return files.find(path).flatMap(file -> ImageText.chip(file.image()));
        } catch (IOException e) {
            // Of a file that is no longer wanted.
            return Optional.empty();
        }
    }
}
