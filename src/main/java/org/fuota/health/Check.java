package org.fuota.health;

import java.util.function.BooleanSupplier;

/**
 * Something that the server can't do its work without.
 *
 * @param reason why it isn't ready when this fails: a short lower-case sentence that anybody may read
 * @param passes false, or an exception that tells the log more, when it fails
 */
public record Check(String reason, BooleanSupplier passes) {}
