package org.fuota.device;

import java.util.List;
import java.util.Optional;
import org.fuota.file.FilePath;
import org.fuota.http.EntityTag;
import org.jspecify.annotations.Nullable;

/**
 * Many assignments, as they are asked for.
 *
 * @param file of rows that leave it out; null where none may
 * @param replaces the version of rows that leave it out; where that is null, it is what each device reports
 * @param isForced whether a refusal is only a warning
 * @param isDryRun whether to tell only what would come of it
 * @param previews the tags of those that it may be based on; empty where that doesn't matter
 */
record Bulk(
        UpdateList rows,
        @Nullable FilePath file,
        @Nullable AppVersion replaces,
        boolean isForced,
        boolean isDryRun,
        Optional<List<EntityTag>> previews) {}
