package org.fuota.device;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.jspecify.annotations.Nullable;

/** The lines of a list, with any line ends. */
final class ListReader {
    /** No field can have a line end, so this bounds what an unclosed quote takes with it, too. */
    private static final int MAX_LINE_LENGTH = 4096;

    private final BufferedReader body;
    private int number;
    private boolean endedByReturn;

    ListReader(Reader body) {
        this.body = new BufferedReader(body);
    }

    /** Of the line that was read last, from 1. */
    int number() {
        return number;
    }

    /** The next line without its end, or null after the last. Throws a {@link FuotaException} that names one that is too long, or no text. */
    @Nullable
    String next() throws IOException {
        StringBuilder line = new StringBuilder();
        number++;
        int c = read(line);
        if (endedByReturn && c == '\n') {
            c = read(line);
        }
        endedByReturn = false;
        if (c < 0) {
            return null;
        }
        while (c >= 0 && c != '\n' && c != '\r') {
            if (line.length() == MAX_LINE_LENGTH) {
                throw new FuotaException(
                        ErrorCode.INVALID, "line " + number + ": it is longer than " + MAX_LINE_LENGTH + " characters");
            }
            line.append((char) c);
            c = read(line);
        }
        endedByReturn = c == '\r';
        return line.toString();
    }

    private int read(StringBuilder line) throws IOException {
        try {
            return body.read();
        } catch (FuotaException e) {
            if (e.getCause() instanceof CharacterCodingException) {
                throw new FuotaException(
                        e.code(),
                        "line " + number + ", column " + (line.length() + 1) + ": " + e.sentence()
                                + ", which a spreadsheet calls \"CSV UTF-8\"",
                        e.getCause());
            }
            throw e;
        }
    }
}
