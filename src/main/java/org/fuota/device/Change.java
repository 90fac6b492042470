package org.fuota.device;

import java.time.Instant;
import org.fuota.history.Actor;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryEvent;
import org.jspecify.annotations.Nullable;

/**
 * What an assignment changes.
 *
 * @param before the device's row, or null when it has none
 */
record Change(@Nullable DeviceRow before, DeviceUpdate update) {
    boolean isNone() {
        return before != null
                && before.appVersion().equals(update.appVersion().value())
                && before.updateFilePath().equals(update.updateFilePath().value());
    }

    HistoryEvent assigned(Actor actor, Instant at) {
        String after =
                offer(update.updateFilePath().value(), update.appVersion().value());
        return event(
                update.deviceId().value(), EventKind.ASSIGNED, before == null ? null : offer(before), after, actor, at);
    }

    /** Not of an assignment, but of its end. */
    static HistoryEvent withdrawn(DeviceRow before, Actor actor, Instant at) {
        return event(before.deviceId(), EventKind.WITHDRAWN, offer(before), null, actor, at);
    }

    private static HistoryEvent event(
            String deviceId, EventKind kind, @Nullable String before, @Nullable String after, Actor actor, Instant at) {
        return new HistoryEvent(at, deviceId, null, kind, before, after, actor.user(), actor.remoteAddress());
    }

    private static String offer(DeviceRow row) {
        return offer(row.updateFilePath(), row.appVersion());
    }

    private static String offer(String path, String appVersion) {
        return path + " to version " + appVersion;
    }
}
