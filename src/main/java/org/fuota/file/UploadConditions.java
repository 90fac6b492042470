package org.fuota.file;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.http.Sha256;

/**
 * What must be so for an upload to be stored.
 *
 * @param declaredLength in bytes, or -1 when the client didn't say
 * @param digests what the body's digest must be, by the name of the header that says so
 * @param state throws unless what is at the path now is what the client has in mind
 * @param effect on the devices that are assigned the path; throws when it is refused for that
 */
record UploadConditions(
        long declaredLength,
        Map<String, Sha256> digests,
        Consumer<Optional<StoredFile>> state,
        Function<FileFacts, UploadEffect> effect) {
    UploadConditions {
        digests = Map.copyOf(digests);
    }

    void requireDigests(Sha256 actual) {
        digests.forEach((header, declared) -> {
            if (!declared.equals(actual)) {
                throw new FuotaException(
                        ErrorCode.INVALID,
                        "the body's SHA-256 is " + actual.hex() + ", but " + header + " says " + declared.hex());
            }
        });
    }
}
