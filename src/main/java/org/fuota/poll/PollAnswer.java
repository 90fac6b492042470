package org.fuota.poll;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a poll can be answered. */
public enum PollAnswer {
    /** The path of the file that the device is to download. */
    OFFERED,
    /** The device runs another version than its assignment replaces. */
    NO_UPDATE,
    /** The device has no assignment. */
    UNKNOWN_DEVICE,
    /** The assigned file isn't there, or has a path that no board could request. */
    FILE_MISSING,
    /** The version is missing or malformed. */
    MALFORMED,
    /** The server couldn't decide. */
    TROUBLE;

    /** Its name in answers, in the log and in the database, such as {@code no_update}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Empty when there is none with that label, as in the database of a newer server. */
    public static Optional<PollAnswer> ofLabel(String label) {
        return Arrays.stream(values())
                .filter(answer -> answer.label().equals(label))
                .findFirst();
    }
}
