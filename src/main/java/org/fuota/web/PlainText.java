package org.fuota.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import org.fuota.error.ErrorCode;

/** Text that somebody sends as the body of a request. */
public final class PlainText {
    private PlainText() {}

    /** All of it; {@link ErrorCode#TOO_LARGE} or {@link ErrorCode#INVALID} when it is longer than allowed, breaks off, or isn't UTF-8. */
    public static String body(HttpServletRequest request, int maxBytes) throws IOException {
        try (Reader reader = Requests.reader(request, maxBytes)) {
            StringWriter text = new StringWriter();
            reader.transferTo(text);
            return text.toString();
        }
    }

    /** Whether it ends a line, or turns the order of letters. */
    public static boolean isUnseen(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
