package org.fuota;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;

/** What every parser does with bytes from outside: takes them, or refuses them with a sentence that is safe to show. */
public final class Fuzzed {
    private Fuzzed() {}

    /** What the parser makes of its input; empty where it refuses it as it may. Anything else that it throws is a finding. */
    public static <T> Optional<T> parse(Callable<T> parser) throws Exception {
        try {
            return Optional.of(parser.call());
        } catch (FuotaException e) {
            assertEquals(ErrorCode.INVALID, e.code());
            assertTrue(e.sentence().matches("[a-z][ -~]+"), () -> "the sentence " + e.sentence());
            return Optional.empty();
        }
    }
}
