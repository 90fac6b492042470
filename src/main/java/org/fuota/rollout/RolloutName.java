package org.fuota.rollout;

import java.util.regex.Pattern;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;

/** What a rollout or a group is called: 1 to 64 characters out of {@code a-z A-Z 0-9 . _ -}; and, of one that takes another back, that one's name and more. */
public record RolloutName(String value) {
    static final int MAX_LENGTH = 64;
    static final String ROLLBACK = "-rollback";
    private static final Pattern ALLOWED =
            Pattern.compile("[A-Za-z0-9._-]{1," + MAX_LENGTH + "}(" + ROLLBACK + "){0,2}");

    /** @throws FuotaException when it is anything else */
    public RolloutName {
        if (!isName(value)) {
            throw new FuotaException(
                    ErrorCode.INVALID,
                    Printable.of(value) + " isn't a name: 1 to " + MAX_LENGTH + " characters out of A-Z a-z 0-9 . _ -");
        }
    }

    static boolean isName(String value) {
        return ALLOWED.matcher(value).matches();
    }
}
