package org.fuota.file;

import java.util.Optional;
import java.util.regex.Pattern;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.jspecify.annotations.Nullable;

/**
 * The path of an update file below {@code /files/}, such as {@code sensor/esp32-fuota.bin.0.1.1}: one that a board can request,
 * which puts it into its URL as it is and holds it in a buffer of 255 bytes; so it never leads out of the folder, either.
 *
 * @param value 1 to 255 characters out of {@code A-Z a-z 0-9 . _ ~ ! $ & ' ( ) * + , = : @ -} in segments parted by {@code /}; a
 *     segment has 1 to 200 and doesn't start with a dot
 */
public record FilePath(String value) {
    private static final int MAX_LENGTH = 255;
    private static final int MAX_SEGMENT_LENGTH = 200;
    private static final String PUNCTUATION = "._~!$&'()*+,=:@-";
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9/" + PUNCTUATION + "]+");

    /** @throws FuotaException that says what a board, or this server, couldn't do with the path */
    public FilePath {
        String fault = fault(value);
        if (fault != null) {
            throw new FuotaException(ErrorCode.INVALID, fault);
        }
    }

    /** The path, or empty where {@link #FilePath} would throw: for what an older server's database may hold. */
    public static Optional<FilePath> ifRequestable(String value) {
        return fault(value) == null ? Optional.of(new FilePath(value)) : Optional.empty();
    }

    public String lastSegment() {
        return value.substring(value.lastIndexOf('/') + 1);
    }

    private static @Nullable String fault(String value) {
        if (value.isEmpty()) {
            return "the update file path is empty";
        }
        if (value.length() > MAX_LENGTH) {
            return "the update file path is longer than the " + MAX_LENGTH + " bytes that a board has room for";
        }
        if (!ALLOWED.matcher(value).matches()) {
            return "the update file path has a character that a board can't request: only A-Z a-z 0-9 " + PUNCTUATION
                    + " and / are allowed";
        }
        for (String segment : value.split("/", -1)) {
            if (segment.isEmpty()) {
                return "the update file path has an empty segment: no slash at its start or end, nor two in a row";
            }
            if (segment.startsWith(".")) {
                return "the update file path has a segment that starts with a dot";
            }
            if (segment.length() > MAX_SEGMENT_LENGTH) {
                return "the update file path has a segment longer than " + MAX_SEGMENT_LENGTH + " bytes";
            }
        }
        return null;
    }
}
