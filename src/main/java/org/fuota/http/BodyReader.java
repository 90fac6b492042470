package org.fuota.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.jspecify.annotations.Nullable;

/** A request's body as UTF-8 text, as it comes in. Whatever is wrong with it is a {@link FuotaException}. */
final class BodyReader extends Reader {
    private final InputStreamReader text;

    BodyReader(HttpServletRequest request, long maxBytes) throws IOException {
        InputStream body = new Bounded(request.getInputStream(), request.getContentLengthLong(), maxBytes);
        // A decoder of its own, because it refuses what isn't UTF-8 instead of replacing it.
        this.text = new InputStreamReader(body, StandardCharsets.UTF_8.newDecoder());
    }

    @Override
    public int read(char[] buffer, int offset, int length) {
        try {
            return text.read(buffer, offset, length);
        } catch (CharacterCodingException e) {
            throw invalid("the body isn't UTF-8", null);
        } catch (IOException e) {
            throw invalid("the body broke off", e);
        }
    }

    /** Does nothing: the body is the container's. */
    @Override
    public void close() {}

    private static FuotaException invalid(String sentence, @Nullable IOException cause) {
        return new FuotaException(ErrorCode.INVALID, sentence, cause);
    }

    /** Ends only where the body was declared to end, and no later than allowed. */
    private static final class Bounded extends InputStream {
        private final InputStream body;
        private final long declaredLength;
        private final long maxBytes;
        private long count;

        Bounded(InputStream body, long declaredLength, long maxBytes) {
            this.body = body;
            this.declaredLength = declaredLength;
            this.maxBytes = maxBytes;
            requireAllowed(declaredLength);
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("a decoder reads blocks");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = body.read(buffer, offset, length);
            if (read < 0 && count < declaredLength) {
                throw invalid("the body is shorter than declared", null);
            }
            count += Math.max(0, read);
            requireAllowed(count);
            return read;
        }

        private void requireAllowed(long bytes) {
            if (bytes > maxBytes) {
                throw new FuotaException(ErrorCode.TOO_LARGE, "the body is longer than " + maxBytes + " bytes");
            }
        }
    }
}
