package org.fuota.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.error.Printable;
import org.fuota.http.Sha256;
import org.fuota.image.ImageReport;

/** Looks at update files for whoever assigns them. */
public final class AssignmentAdvice {
    private static final Logger LOG = Logger.getLogger(AssignmentAdvice.class.getName());

    private final FileStore files;
    private final Function<Sha256, Optional<String>> reportedVersion;

    /** @param reportedVersion the version that devices are known to report once they run the file with a digest */
    public AssignmentAdvice(FileStore files, Function<Sha256, Optional<String>> reportedVersion) {
        this.files = files;
        this.reportedVersion = reportedVersion;
    }

    /**
     * What there is to say when devices that report a version are to be offered a file. A refusal when the file is known
     * to report that version itself: they would download it again and again.
     */
    public Advice on(FilePath assigned, String appVersion) {
        try {
            return files.find(assigned)
                    .map(file -> on(file, appVersion))
                    .orElse(Advice.warning("update file " + assigned.value()
                            + " isn't uploaded yet; until it is, polls are answered 404"));
        } catch (IOException e) {
            LOG.log(Level.WARNING, e, () -> "an assigned update file can't be read: " + assigned.value());
            return Advice.warning("update file " + assigned.value() + " can't be read; the server's log tells why");
        }
    }

    /** A warning when a file is for another chip than the one that a device's row named before. */
    public Optional<String> otherChip(FilePath assigned, FilePath before) {
        Optional<String> chip = chip(assigned);
        Optional<String> chipBefore = chip(before);
        return chip.isPresent() && chipBefore.isPresent() && !chip.get().equals(chipBefore.get())
                ? Optional.of(assigned.value() + " is for " + chip.get()
                        + ", but the file that this device had before is for " + chipBefore.get())
                : Optional.empty();
    }

    private Advice on(StoredFile file, String appVersion) {
        String path = file.path().value();
        String version = Printable.of(appVersion);
        List<String> warnings = new ArrayList<>();
        if (file.image() instanceof ImageReport.Broken broken) {
            warnings.add("no board would start " + path + ": " + broken.sentence());
        }
        if (file.image() instanceof ImageReport.Other other) {
            warnings.add(
                    path + " isn't an application for an ESP32: " + other.data().note());
        }
        Optional<String> reported = reportedVersion.apply(file.sha256());
        if (reported.isEmpty()
                && ImageText.version(file.image()).filter(appVersion::equals).isPresent()) {
            warnings.add(path + " says that it is version " + version
                    + " itself: if devices that run it report that, they are offered it for ever");
        }
        Optional<String> refusal = reported.filter(appVersion::equals)
                .map(same -> "update file " + path + " is known to report version " + version
                        + " itself: a device that reports " + version + " would be offered it for ever");
        return new Advice(refusal, warnings);
    }

    private Optional<String> chip(FilePath path) {
        try {
            return files.find(path).flatMap(file -> ImageText.chip(file.image()));
        } catch (IOException e) {
            // Then there is nothing to compare; what can't be read, and matters, is a warning anyway.
            return Optional.empty();
        }
    }
}
