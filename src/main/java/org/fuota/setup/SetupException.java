package org.fuota.setup;

import org.jspecify.annotations.Nullable;

/** Set-up can't go on; the message tells the operator why and what to do. */
final class SetupException extends Exception {
    private static final long serialVersionUID = 1L;

    SetupException(String message) {
        this(message, null);
    }

    SetupException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
