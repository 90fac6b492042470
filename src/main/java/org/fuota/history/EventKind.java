package org.fuota.history;

import java.util.Arrays;
import java.util.Locale;

/** What changed. */
public enum EventKind {
    /** A device polled for the first time. */
    SEEN,
    /** It was offered another file. */
    OFFERED,
    /** It reports another version since it was offered a file. */
    UPDATED,
    /** It reports again the version that it had updated from. */
    REVERTED,
    /** It reports another version for another reason. */
    VERSION,
    /** It is answered something else. */
    ANSWER,
    /** It polls from another address. */
    ADDRESS,
    /** Two boards seem to use its id. */
    CLONE,
    /** A user assigned it a file. */
    ASSIGNED,
    /** A user withdrew that. */
    WITHDRAWN,
    /** A user had what its polls told forgotten. */
    FORGOTTEN,
    /** A user noted something about a device. */
    NOTED,
    /** A user deleted such a note. */
    NOTE_DELETED,
    /** A user uploaded or replaced an update file. */
    UPLOADED,
    /** A user deleted an update file. */
    DELETED,
    /** A user, or the server itself, made a rollout or changed its state. */
    ROLLOUT,
    /** A user changed who is in a group. */
    GROUP,
    /** A user stopped all offers, or let them go on. */
    STOP,
    /** Of a newer server, in whose database it is. */
    UNKNOWN;

    /** Its name in answers, in the log and in the database, such as {@code assigned}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static EventKind ofLabel(String label) {
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(label))
                .findFirst()
                .orElse(UNKNOWN);
    }
}
