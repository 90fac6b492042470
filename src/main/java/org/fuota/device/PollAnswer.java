package org.fuota.device;

import java.util.Locale;

/** What a poll can be answered. */
public enum PollAnswer {
    /** The path of the file that the device is to download. */
    OFFERED(200),
    /** The device runs another version than its row names. */
    NO_UPDATE(204),
    /** The device has no row. */
    UNKNOWN_DEVICE(404),
    /** The file that its row names isn't there, or has a path that no board could request. */
    FILE_MISSING(404),
    /** The version is missing or malformed. */
    MALFORMED(400),
    /** The server couldn't decide. */
    TROUBLE(204);

    private final int status;

    PollAnswer(int status) {
        this.status = status;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Its name in answers, in the log and in the database, such as {@code no_update}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException when there is none with that label */
    public static PollAnswer ofLabel(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
