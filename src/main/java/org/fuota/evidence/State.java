package org.fuota.evidence;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a device stands with its update. The rules are in {@link StateRules}. The database keeps the ordinal, and lists are
 * ordered by it: a new one goes to the end.
 */
public enum State {
    /** Has an assignment, and never polled. */
    UNSEEN,
    /** Isn't offered the file: it reports another version than its assignment names, or hasn't polled since the assignment. */
    WAITING,
    /** Was offered the file, and still reports the version to be replaced. */
    OFFERED,
    /** Reports another version since it was offered the file. */
    UPDATED,
    /** Reported another version after the offer, and now the old one again: it has rolled back. */
    REVERTED,
    /** Was offered the file often, and for long, and still reports the version to be replaced. */
    STUCK,
    /** Reported another version since it was offered the file, and then was silent: an image that bricks looks like this. */
    UPDATED_SILENT,
    /** Hasn't polled for several times its own usual gap. */
    SILENT,
    /** The file that its assignment names isn't there. */
    UNAVAILABLE,
    /** Polls, and has no assignment. */
    DISCOVERED;

    /** Its name in answers, such as {@code stuck}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<State> ofLabel(String label) {
        return Arrays.stream(values())
                .filter(state -> state.label().equals(label))
                .findFirst();
    }
}
