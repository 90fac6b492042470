package org.fuota.device;

import java.nio.charset.StandardCharsets;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;

/** What a device's id and its app version have in common: short text that fits into the URL of a poll. */
final class DeviceField {
    /** Leaves the URL of a poll below the 512 characters that a board has room for. */
    private static final int MAX_BYTES = 128;

    private DeviceField() {}

    /** @throws FuotaException when the value isn't 1 to 128 bytes of UTF-8, or has a control character */
    static void check(String name, String value) {
        if (value.isEmpty()) {
            throw invalid("the " + name + " is empty");
        }
        if (value.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw invalid("the " + name + " is longer than " + MAX_BYTES + " bytes");
        }
        if (value.codePoints().anyMatch(Character::isISOControl)) {
            throw invalid("the " + name + " has a control character");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
            throw invalid("the " + name + " isn't UTF-8");
        }
    }

    static FuotaException invalid(String sentence) {
        return new FuotaException(ErrorCode.INVALID, sentence);
    }
}
