package org.fuota.error;

import org.jspecify.annotations.Nullable;

/**
 * A request that can't be granted: a code, and one lower-case sentence for the client that names the thing at fault. It goes out as it is: text from
 * a request belongs in it only through {@link Printable#of}.
 */
public class FuotaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public FuotaException(ErrorCode code, String sentence) {
        this(code, sentence, null);
    }

    /** @param cause for the log only; a client never sees it */
    public FuotaException(ErrorCode code, String sentence, @Nullable Throwable cause) {
        // Without a stack trace: an answer to a client, not a bug; and a poll of an unknown board is an everyday thing.
        super(sentence, cause, false, false);
        this.code = code;
    }

    public final ErrorCode code() {
        return code;
    }

    /** The sentence for the client. */
    public final String sentence() {
        return String.valueOf(getMessage());
    }
}
