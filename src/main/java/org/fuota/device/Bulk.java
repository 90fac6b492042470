package org.fuota.device;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.fuota.file.FilePath;
import org.fuota.http.EntityTag;
import org.fuota.http.Preconditions;
import org.jspecify.annotations.Nullable;

/**
 * Assignments as they are asked for.
 *
 * @param file of lines that leave it out; null where none may
 * @param replaces the version of lines that leave it out; where that is null, it is what each device reports
 * @param isForced whether a refusal is only a warning
 * @param isDryRun whether to tell only what would come of it
 * @param previews the tags of those that it may be based on; empty where that doesn't matter
 * @param conditions on what the device is assigned, if it is one; null where they are many
 */
record Bulk(
        AssignmentList list,
        @Nullable FilePath file,
        @Nullable AppVersion replaces,
        boolean isForced,
        boolean isDryRun,
        Optional<List<EntityTag>> previews,
        @Nullable Preconditions conditions) {
    static Bulk ofOne(AssignmentList list, boolean isForced, Preconditions conditions) {
        return new Bulk(list, null, null, isForced, false, Optional.empty(), conditions);
    }

    boolean isOfOne() {
        return conditions != null;
    }

    /** The version that a line is to replace, as far as the request says. */
    @Nullable
    AppVersion version(AssignmentList.Line line) {
        return line.version() == null ? replaces : line.version();
    }

    /** The file of a line. */
    FilePath file(AssignmentList.Line line) {
        return line.file() == null ? Objects.requireNonNull(file) : line.file();
    }
}
