package org.fuota.file;

import java.util.List;

/** How many devices are assigned a file, and the ids of the first few of them, in order. */
public record FileUse(long devices, List<String> firstIds) {
    public FileUse {
        firstIds = List.copyOf(firstIds);
    }
}
