package org.fuota.history;

import java.time.Instant;
import java.util.Optional;
import org.fuota.error.Printable;
import org.jspecify.annotations.Nullable;

/**
 * One change.
 *
 * @param at kept to the millisecond
 * @param deviceId null when it is of no one device
 * @param filePath null when it is of no update file
 * @param before what was, or null
 * @param after what is, or null
 * @param user null when a device's poll told it
 */
public record HistoryEvent(
        Instant at,
        @Nullable String deviceId,
        @Nullable String filePath,
        EventKind kind,
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
        return kind.label()
                + part(" device ", deviceId)
                + part(" file ", filePath)
                + part(", before: ", before)
                + part(", after: ", after);
    }

    /** What was done and who did it, as a clause of a sentence in printable ASCII. */
    public String told() {
        String device = "device " + printable(deviceId);
        String file = "update file " + printable(filePath);
        String what = switch (kind) {
            case ASSIGNED -> device + " was assigned " + printable(after);
            case WITHDRAWN -> device + " had its assignment withdrawn";
            case FORGOTTEN -> device + " was forgotten";
            case UPLOADED -> file + " was " + (before == null ? "uploaded" : "replaced");
            case DELETED -> file + " was deleted";
            default -> device + " has reported version " + printable(after);
        };
        return what + part(", by ", user) + " at " + at;
    }

    private static String printable(@Nullable String text) {
        return part("", text);
    }

    private static String part(String label, @Nullable String value) {
        return Optional.ofNullable(value)
                .map(text -> label + Printable.of(text).replace("%20", " "))
                .orElse("");
    }
}
