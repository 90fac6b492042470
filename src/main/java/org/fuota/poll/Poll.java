package org.fuota.poll;

import java.time.Instant;
import org.fuota.device.AppVersion;
import org.fuota.device.DeviceId;
import org.jspecify.annotations.Nullable;

/**
 * A poll that has been answered.
 *
 * @param appVersion null when that was missing or malformed
 * @param file what it was offered; null when nothing was
 */
public record Poll(
        DeviceId deviceId,
        @Nullable AppVersion appVersion,
        PollAnswer answer,
        @Nullable OfferedFile file,
        Instant at,
        String remoteAddress) {}
