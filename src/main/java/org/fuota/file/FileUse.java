package org.fuota.file;

import java.util.List;

/**
 * Which devices are assigned a file.
 *
 * @param devices how many
 * @param firstIds the ids of the first few of them, in order
 */
public record FileUse(long devices, List<String> firstIds) {
    public FileUse {
        firstIds = List.copyOf(firstIds);
    }
}
