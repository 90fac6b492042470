package org.fuota.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.logging.Logger;
import org.fuota.error.LogThrottle;
import org.fuota.error.Printable;

/**
 * Logs and counts failed logins, and slows whoever guesses: an address that has failed often waits for its next refusal, and must connect anew. Right
 * credentials never come here, so nobody is locked out, and no board behind the same address is slowed.
 *
 * <p>To wait takes a thread, so only a few wait at once, and the others' connections are closed without a wait.
 */
public final class FailedLogins {
    private static final Logger LOG = Logger.getLogger(FailedLogins.class.getName());
    private static final int MAX_USER_LENGTH = 64;

    private final Duration delay;
    private final Consumer<Answer> answers;
    private final FailureBudget budget;
    private final LogThrottle throttle;
    private final Semaphore places;

    /** How a failed login was answered. */
    public enum Answer {
        AT_ONCE,
        /** After a wait, and the connection is closed. */
        SLOWED,
        /** The connection is closed. */
        CLOSED
    }

    /**
     * @param delay how long a refusal waits; zero for never
     * @param answers is told of each; must be quick
     * @param mostWaiting how many wait at once
     * @param nanoTime a running time in nanoseconds, such as {@link System#nanoTime}
     */
    public FailedLogins(Duration delay, Consumer<Answer> answers, int mostWaiting, LongSupplier nanoTime) {
        this.delay = delay;
        this.places = new Semaphore(mostWaiting);
        this.answers = answers;
        this.budget = new FailureBudget(nanoTime);
        this.throttle = new LogThrottle(nanoTime);
    }

    /** To be called before the refusal is written; a request without credentials is no login. */
    void delayIfGuessing(HttpServletRequest request, HttpServletResponse response) {
        String credentials = request.getHeader("Authorization");
        if (credentials == null) {
            return;
        }
        String address = request.getRemoteAddr();
        long failures = throttle.count();
        if (failures > 0) {
            LOG.warning(() -> "failed logins: " + failures + " since the last such line, the last as "
                    + user(credentials) + " from " + Printable.of(address));
        }
        if (delay.isZero() || budget.spend(address)) {
            answers.accept(Answer.AT_ONCE);
            return;
        }
        response.setHeader("Connection", "close");
        answers.accept(waitIfThereIsRoom() ? Answer.SLOWED : Answer.CLOSED);
    }

    /** Logs how many there were since the last line, if that is long ago; to be called now and then. */
    public void logRest() {
        long failures = throttle.rest();
        if (failures > 0) {
            LOG.warning(() -> "failed logins: " + failures + " since the last such line");
        }
    }

    private boolean waitIfThereIsRoom() {
        if (!places.tryAcquire()) {
            return false;
        }
        try {
            TimeUnit.NANOSECONDS.sleep(delay.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            places.release();
        }
        return true;
    }

    /** The name that BASIC credentials claim; nothing of what may be a password. */
    static String user(String credentials) {
        return Optional.of(credentials)
                .filter(header -> header.regionMatches(true, 0, "Basic ", 0, 6))
                .flatMap(header -> decode(header.substring(6).trim()))
                .filter(pair -> pair.indexOf(':') >= 0)
                .map(pair -> pair.substring(0, Math.min(MAX_USER_LENGTH, pair.indexOf(':'))))
                .map(user -> "user " + Printable.of(user))
                .orElse("nobody that can be read");
    }

    private static Optional<String> decode(String base64) {
        try {
            return Optional.of(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
