package org.fuota.device;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.fuota.file.FilePath;

/** What many changes amount to. */
final class ChangeTally {
    private final Map<String, Replacement> replacements = new LinkedHashMap<>();
    private long created;
    private long changed;

    /** Of one file by another, for so many devices. */
    private record Replacement(Change first, long devices) {}

    void add(List<Change> changes) {
        changes.forEach(this::add);
    }

    /** How many rows are new. */
    long created() {
        return created;
    }

    /** How many rows replace another. */
    long changed() {
        return changed;
    }

    /** Asks once for each two files. */
    void warn(BiFunction<FilePath, FilePath, Optional<String>> otherChip, WarningTally warnings) {
        for (Replacement replacement : replacements.values()) {
            DeviceUpdate update = replacement.first().update();
            replacement
                    .first()
                    .fileBefore()
                    .flatMap(before -> otherChip.apply(update.updateFilePath(), before))
                    .ifPresent(sentence -> warnings.add(sentence, replacement.devices(), update.deviceId()));
        }
    }

    private void add(Change change) {
        DeviceRow before = change.before();
        if (before == null) {
            created++;
        } else if (!change.isNone()) {
            changed++;
            String key = change.update().updateFilePath().value() + "\n" + before.updateFilePath();
            replacements.merge(
                    key,
                    new Replacement(change, 1),
                    (known, one) -> new Replacement(known.first(), known.devices() + 1));
        }
    }
}
