package org.fuota.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.fuota.error.Printable;
import org.fuota.http.Sha256;

/** Looks at update files for whoever offers them to devices: by assigning one, or by an upload to a path that is assigned. */
public final class AssignmentAdvice {
    private static final Logger LOG = Logger.getLogger(AssignmentAdvice.class.getName());

    /** How many devices must have reported a version. One may be odd, or its poll made by hand; and two may be of the same hand. */
    public static final int DEVICES_TO_BELIEVE = 3;

    private static final String URL_PART = "files/";

    private final UpdateFiles files;
    private final Function<Sha256, List<LearnedVersion>> learned;

    /** @param learned what devices reported after the file with a digest was offered to them, what most did first */
    public AssignmentAdvice(UpdateFiles files, Function<Sha256, List<LearnedVersion>> learned) {
        this.files = files;
        this.learned = learned;
    }

    /** On offering devices the file at a path: refused when it is known to report the version that it is to replace, for ever. */
    public Advice on(FilePath assigned, Recipients recipients) {
        return files.find(assigned)
                .map(file -> isReadable(file)
                        ? on(assigned, file.sha256(), file.image(), recipients)
                        : Advice.warning(
                                "update file " + assigned.value() + " can't be read; the server's log tells why"))
                .orElseGet(() -> Advice.warning("update file " + assigned.value()
                        + " isn't uploaded yet; until it is, polls are answered 404" + hint(assigned)));
    }

    private boolean isReadable(StoredFile file) {
        try {
            return files.isThere(file.sha256());
        } catch (RuntimeException e) {
            LOG.log(
                    Level.WARNING,
                    "an assigned update file can't be read: " + file.path().value(),
                    e);
            return false;
        }
    }

    /** Whoever thinks of the URL writes its first part, too. */
    private String hint(FilePath assigned) {
        String value = assigned.value();
        return value.startsWith(URL_PART)
                ? FilePath.ifRequestable(value.substring(URL_PART.length()))
                        .filter(files::exists)
                        .map(path -> "; there is an update file " + path.value()
                                + ", and boards put /files/ before it themselves")
                        .orElse("")
                : "";
    }

    /** The same of bytes that aren't at the path yet. */
    Advice on(FilePath path, Sha256 sha256, ImageFacts image, Recipients recipients) {
        List<String> warnings = new ArrayList<>();
        Optional.ofNullable(image.flaw()).ifPresent(warnings::add);
        List<LearnedVersion> versions = learned.apply(sha256);
        Optional<String> refusal = loop(path, sha256, versions, recipients);
        if (refusal.isEmpty()) {
            doubt(path, image, versions, recipients.appVersion()).ifPresent(warnings::add);
        }
        if (versions.size() > 1) {
            warnings.add("devices disagree on what " + path.value() + " reports: " + listed(versions));
        }
        other(path, image, recipients.last()).ifPresent(warnings::add);
        return new Advice(refusal, warnings);
    }

    /** Certain is what the device has shown by itself, or several have, and more than have shown anything else. */
    private static Optional<String> loop(
            FilePath path, Sha256 sha256, List<LearnedVersion> versions, Recipients recipients) {
        String appVersion = recipients.appVersion();
        LastFile last = recipients.last();
        String evidence = "";
        if (sha256.hex().equals(last.sha256()) && appVersion.equals(last.reported())) {
            evidence = "the device did";
        } else if (!versions.isEmpty()
                && versions.get(0).appVersion().equals(appVersion)
                && versions.get(0).devices() >= DEVICES_TO_BELIEVE) {
            evidence = devices(versions.get(0)) + " did";
        }
        String version = Printable.of(appVersion);
        return evidence.isEmpty()
                ? Optional.empty()
                : Optional.of("update file " + path.value() + " is known to report version " + version + " itself ("
                        + evidence + "): a device that reports " + version + " would be offered it for ever");
    }

    private static Optional<String> doubt(
            FilePath path, ImageFacts image, List<LearnedVersion> versions, String appVersion) {
        String version = Printable.of(appVersion);
        Optional<LearnedVersion> same = versions.stream()
                .filter(learned -> learned.appVersion().equals(appVersion))
                .findFirst();
        if (same.isPresent()) {
            return Optional.of(devices(same.get()) + " reported version " + version + " after " + path.value()
                    + ": if it is so with others, those that report " + version + " are offered it for ever");
        }
        return versions.isEmpty() && appVersion.equals(image.version())
                ? Optional.of(path.value() + " says that it is version " + version
                        + " itself: if devices that run it report that, they are offered it for ever")
                : Optional.empty();
    }

    private static String listed(List<LearnedVersion> versions) {
        return versions.stream()
                .map(learned -> Printable.of(learned.appVersion()) + " by " + devices(learned))
                .collect(Collectors.joining(", "));
    }

    private static String devices(LearnedVersion learned) {
        return learned.devices() + (learned.devices() == 1 ? " device" : " devices");
    }

    /** Another chip, or else another project, than that of what the device took last. */
    private static Optional<String> other(FilePath path, ImageFacts image, LastFile last) {
        String chip = image.chip();
        String project = ImageFacts.ownProject(image.project());
        String but = ", but the last file that the device took is ";
        if (chip != null && last.chip() != null && !chip.equals(last.chip())) {
            return Optional.of(path.value() + " is for " + chip + but + "for " + last.chip());
        }
        return project != null && last.project() != null && !project.equals(last.project())
                ? Optional.of(path.value() + " is of project " + project + but + "of project " + last.project())
                : Optional.empty();
    }
}
