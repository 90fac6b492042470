package org.fuota.simulate;

import java.util.Locale;

/** What goes wrong with a board when it is offered an update. */
enum Mishap {
    NONE,
    /** It downloads the file, and never starts it. */
    STUCK,
    /** It starts the file, polls a few times, and goes back to the version before. */
    REVERTED,
    /** It starts the file, and is never heard of again. */
    SILENT;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
