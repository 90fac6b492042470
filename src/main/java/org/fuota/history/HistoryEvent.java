package org.fuota.history;

import java.time.Instant;
import java.util.Optional;
import org.fuota.error.Printable;
import org.jspecify.annotations.Nullable;

/**
 * One change.
 *
 * @param at when; kept to the millisecond
 * @param deviceId whose, or null when it is of no one device
 * @param filePath of which update file, or null
 * @param event what kind of change, such as {@code assigned}
 * @param before what was, or null
 * @param after what is, or null
 * @param user who did it; null when a device's poll told it
 * @param remoteAddress where the request came from
 */
public record HistoryEvent(
        Instant at,
        @Nullable String deviceId,
        @Nullable String filePath,
        String event,
        @Nullable String before,
        @Nullable String after,
        @Nullable String user,
        String remoteAddress) {

    /** A line for the log: printable ASCII, without time. */
    @Override
    public String toString() {
        return change() + part(", by ", user) + ", from " + Printable.of(remoteAddress);
    }

    /** What {@link #toString} prints, but not who did it: for a line that begins with that. */
    public String change() {
        return event
                + part(" device ", deviceId)
                + part(" file ", filePath)
                + part(", before: ", before)
                + part(", after: ", after);
    }

    private static String part(String label, @Nullable String value) {
        return Optional.ofNullable(value)
                .map(text -> label + Printable.of(text).replace("%20", " "))
                .orElse("");
    }
}
