package org.fuota.health;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Something that the server can't do its work without.
 *
 * @param reason why it isn't ready when this has failed: a short lower-case sentence that anybody may read
 * @param passes false, or an exception that tells the log more, when it fails
 */
public record Check(Supplier<String> reason, BooleanSupplier passes) {
    public Check(String reason, BooleanSupplier passes) {
        this(() -> reason, passes);
    }
}
