package org.fuota.device;

import org.fuota.file.FilePath;
import org.jspecify.annotations.Nullable;

/**
 * A row of a list, and where it stands.
 *
 * @param number of its line, from 1
 * @param appVersion to be replaced; null where the row leaves that out
 * @param updateFilePath null where the row leaves that out
 */
record UpdateLine(
        int number,
        DeviceId deviceId,
        @Nullable AppVersion appVersion,
        @Nullable FilePath updateFilePath) {}
