package org.fuota.rollout;

import java.util.Locale;

/** What becomes of a rollout. */
enum RolloutState {
    /** Begins at its time. */
    SCHEDULED,
    /** Is offered, up to its stage. */
    RUNNING,
    /** Is offered to nobody until somebody resumes it. */
    PAUSED,
    /** Its last stage has passed; boards that appear later are offered it, too. */
    COMPLETED,
    /** For ever. */
    STOPPED;

    /** Its name in answers and in the database, such as {@code running}. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static RolloutState of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }

    boolean isOffering() {
        return this == RUNNING || this == COMPLETED;
    }
}
