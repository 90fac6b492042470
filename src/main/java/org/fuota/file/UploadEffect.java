package org.fuota.file;

import java.util.List;
import java.util.OptionalLong;

/**
 * What an upload means to the devices that are assigned its path.
 *
 * @param devices how many there are; empty when the database doesn't tell
 * @param warnings of what may be a mistake; lower-case sentences
 */
public record UploadEffect(OptionalLong devices, List<String> warnings) {
    public UploadEffect {
        warnings = List.copyOf(warnings);
    }
}
