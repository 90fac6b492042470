package org.fuota.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.jspecify.annotations.Nullable;

/**
 * A request's body as text, as it comes in: UTF-8, or UTF-16 where a byte order mark, which is left out, says so, as a Windows shell writes it.
 * Whatever is wrong with it is a {@link FuotaException}, thrown when all before it has been read; of a byte that stands for no character, its cause
 * is a {@link CharacterCodingException}.
 */
final class BodyReader extends Reader {
    private static final int BLOCK_BYTES = 8192;
    private static final int MARK_BYTES = 3;

    private final InputStream body;
    private final ByteBuffer bytes = ByteBuffer.allocate(BLOCK_BYTES).flip();
    private @Nullable CharsetDecoder decoder;
    private boolean hasEnded;

    BodyReader(HttpServletRequest request, long maxBytes) throws IOException {
        this(new Bounded(request.getInputStream(), request.getContentLengthLong(), maxBytes));
    }

    BodyReader(InputStream body) {
        this.body = body;
    }

    @Override
    public int read(char[] buffer, int offset, int length) {
        CharBuffer chars = CharBuffer.wrap(buffer, offset, length).slice();
        CharsetDecoder known = decoder == null ? afterMark() : decoder;
        decoder = known;
        while (true) {
            CoderResult result = known.decode(bytes, chars, hasEnded);
            if (chars.position() > 0) {
                return chars.position();
            }
            if (result.isError()) {
                throw invalid("the body isn't UTF-8", new MalformedInputException(result.length()));
            }
            if (result.isOverflow()) {
                throw new IllegalArgumentException("no room for a character outside the basic plane");
            }
            if (hasEnded) {
                return -1;
            }
            fill();
        }
    }

    /** Does nothing: the body is the container's. */
    @Override
    public void close() {}

    private CharsetDecoder afterMark() {
        while (bytes.remaining() < MARK_BYTES && !hasEnded) {
            fill();
        }
        if (startsWith(0xEF, 0xBB, 0xBF)) {
            return StandardCharsets.UTF_8.newDecoder();
        } else if (startsWith(0xFF, 0xFE)) {
            return StandardCharsets.UTF_16LE.newDecoder();
        } else if (startsWith(0xFE, 0xFF)) {
            return StandardCharsets.UTF_16BE.newDecoder();
        }
        return StandardCharsets.UTF_8.newDecoder();
    }

    /** If so, goes past them. */
    private boolean startsWith(int... octets) {
        if (bytes.remaining() < octets.length) {
            return false;
        }
        for (int i = 0; i < octets.length; i++) {
            if ((bytes.get(i) & 0xFF) != octets[i]) {
                return false;
            }
        }
        bytes.position(octets.length);
        return true;
    }

    private void fill() {
        bytes.compact();
        try {
            int read = body.read(bytes.array(), bytes.position(), bytes.remaining());
            hasEnded = read < 0;
            bytes.position(bytes.position() + Math.max(0, read));
        } catch (IOException e) {
            throw invalid("the body broke off", e);
        }
        bytes.flip();
    }

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
