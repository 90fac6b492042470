package org.fuota.evidence;

import java.time.Instant;
import org.fuota.device.DeviceRow;
import org.jspecify.annotations.Nullable;

/**
 * A device that has an assignment, or has polled, or both.
 *
 * @param row what it is to be offered, or null
 * @param assignedAt since when its assignment is as it is; null when that isn't known
 * @param status what its polls tell; null when it never polled
 */
public record FleetDevice(
        String deviceId,
        @Nullable DeviceRow row,
        @Nullable Instant assignedAt,
        @Nullable DeviceStatus status,
        Conclusion conclusion) {}
