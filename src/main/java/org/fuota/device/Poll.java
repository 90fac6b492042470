package org.fuota.device;

import java.time.Instant;
import org.fuota.file.FilePath;
import org.jspecify.annotations.Nullable;

/**
 * A poll that has been answered.
 *
 * @param appVersion what the device said it runs; null when that was missing or malformed
 * @param file what it was offered; null when nothing was
 * @param at when it came
 */
public record Poll(
        DeviceId deviceId,
        @Nullable AppVersion appVersion,
        PollAnswer answer,
        @Nullable FilePath file,
        Instant at,
        String remoteAddress) {}
