package org.fuota.file;

import java.util.List;

/**
 * What an upload means to the devices that are assigned its path.
 *
 * @param devices how many there are
 * @param warnings of what may be a mistake; lower-case sentences
 */
public record UploadEffect(long devices, List<String> warnings) {
    public UploadEffect {
        warnings = List.copyOf(warnings);
    }
}
