package org.fuota.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Ends a request whose body nobody reads by closing its connection. A container would wait for the rest of the body, and a thread with it: whoever
 * sends a byte now and then, without credentials even, would hold one for as long as he likes.
 */
final class UnreadBody {
    private static final String LET_IN = "org.fuota.body.let.in";

    private UnreadBody() {}

    /** Whether the request announces a body; a length of 0, which ESP-IDF 4.4 sends with a GET, announces none. */
    static boolean isAnnounced(HttpServletRequest request) {
        return request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
    }

    /** Whether there is some of a body left that nobody has to wait for. One that has been let in is dealt with by who did that. */
    static boolean isLeft(HttpServletRequest request) throws IOException {
        return isAnnounced(request)
                && request.getAttribute(LET_IN) == null
                && !request.getInputStream().isFinished()
                && request.isAsyncSupported();
    }

    /** To be called for a body whose sender may send it. */
    static void letIn(LetInBody body) {
        body.setAttribute(LET_IN, body);
    }

    /** To be called when there is an answer, and nobody reads any more. */
    static void end(HttpServletRequest request) {
        if (request.getAttribute(LET_IN) instanceof LetInBody body) {
            body.end();
        }
    }

    /** Answers with one sentence for a person, as {@link Responses#sentence} does, and leaves what there is of a body unread. */
    static void sentence(HttpServletRequest request, HttpServletResponse response, int status, String sentence)
            throws IOException {
        if (request.getAttribute(LET_IN) instanceof LetInBody body && !body.endShort()) {
            // For who reads it at once. It isn't ended yet: with the answer the container ends the body, too.
            Responses.begin(response, status, sentence);
            return;
        }
        // Who waits to be asked for his body, and is refused, has his connection closed by the container.
        if (!isLeft(request) || request.getHeader("Expect") != null) {
            Responses.sentence(response, status, sentence);
            return;
        }
        announce(response);
        Responses.sentence(response, status, sentence);
        leave(request, response);
    }

    /** Tells the client; before the answer is written. */
    static void announce(HttpServletResponse response) {
        response.setHeader("Connection", "close");
    }

    /** Sends the answer on its way, and leaves the rest; to be called last. */
    static void leave(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.flushBuffer();
        // A request that is never completed is broken off, the rest of its body unread; a completed one is read to its
        // end.
        request.startAsync().setTimeout(1);
    }
}
