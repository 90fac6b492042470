package org.fuota.fleet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * By what else a device is found.
 *
 * @param chip of the image that it took last, else of the one that it was offered, like the project; null where that isn't known
 * @param groups in the order of their names
 */
record DeviceTags(@Nullable String chip, @Nullable String project, List<String> groups) {}
