package org.fuota.device;

import java.time.Instant;
import org.fuota.history.Actor;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryEvent;
import org.jspecify.annotations.Nullable;

/**
 * A change of what one device is assigned.
 *
 * @param before null for nothing
 * @param after null when it is withdrawn
 */
record Change(
        String deviceId,
        @Nullable DeviceRow before,
        @Nullable DeviceRow after) {
    /** False when both are the same. */
    boolean changesAnything() {
        return before == null || after == null ? before != after : !before.isSame(after);
    }

    HistoryEvent event(Actor actor, Instant at) {
        return new HistoryEvent(
                at,
                deviceId,
                null,
                after == null ? EventKind.WITHDRAWN : EventKind.ASSIGNED,
                offer(before),
                offer(after),
                actor.user(),
                actor.remoteAddress());
    }

    private static @Nullable String offer(@Nullable DeviceRow row) {
        return row == null ? null : row.updateFilePath() + " to version " + row.appVersion();
    }
}
