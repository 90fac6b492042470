package org.fuota.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fuota.image.ImageReport;

/** What a look at an update file tells whoever assigns it. Advice: nothing is refused. */
public final class AssignmentAdvice {
    private final FileStore files;

    public AssignmentAdvice(FileStore files) {
        this.files = files;
    }

    /**
     * Lower-case sentences about what may be a mistake; none when all looks well.
     *
     * @param assigned the file that the device is to be offered
     * @param before the file that its row named before, if any
     * @throws UncheckedIOException when the files can't be read
     */
    public List<String> warnings(FilePath assigned, Optional<FilePath> before) {
        Optional<StoredFile> file = find(assigned);
        if (file.isEmpty()) {
            return List.of(
                    "update file " + assigned.value() + " isn't uploaded yet; until it is, polls are answered 404");
        }
        List<String> warnings = new ArrayList<>();
        if (file.get().image() instanceof ImageReport.Broken broken) {
            warnings.add("no board would start " + assigned.value() + ": " + broken.sentence());
        }
        if (file.get().image() instanceof ImageReport.Other other) {
            warnings.add(assigned.value() + " isn't an application for an ESP32: "
                    + other.data().note());
        }
        Optional<String> chip = ImageText.chip(file.get().image());
        Optional<String> chipBefore = before.flatMap(this::find).flatMap(old -> ImageText.chip(old.image()));
        if (chip.isPresent() && chipBefore.isPresent() && !chip.get().equals(chipBefore.get())) {
            warnings.add(assigned.value() + " is for " + chip.get()
                    + ", but the file that this device had before is for " + chipBefore.get());
        }
        return warnings;
    }

    private Optional<StoredFile> find(FilePath path) {
        try {
            return files.find(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
