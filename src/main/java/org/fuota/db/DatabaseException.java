package org.fuota.db;

import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Function;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.jspecify.annotations.Nullable;

/** The database didn't do as asked: it is gone, locked, full or broken. The cause, for the log, tells which. */
public final class DatabaseException extends FuotaException {
    private static final long serialVersionUID = 1L;

    private static final String DAMAGED = "the database is damaged: restore a backup; the server's log tells more";

    DatabaseException(Throwable cause) {
        super(
                ErrorCode.UNAVAILABLE,
                special(cause).orElse("the database doesn't answer; the server's log tells why"),
                cause);
    }

    /** The database could be opened, and mustn't be. The message is a sentence for the log; it tells what to do. */
    static final class Refused extends SQLException {
        private static final long serialVersionUID = 1L;

        private final String sentence;

        /**
         * @param sentence for anybody: without paths
         * @param advice for the log
         */
        Refused(String sentence, String advice) {
            super(advice);
            this.sentence = sentence;
        }
    }

    /** A sentence for anybody, when it is clear what is wrong with the database: it is damaged, or mustn't be used. */
    Optional<String> special() {
        return special(getCause());
    }

    /** A sentence for the log that tells what to do, when the database mustn't be used. */
    public Optional<String> advice() {
        return first(getCause(), cause -> cause instanceof Refused ? cause.getMessage() : null);
    }

    /** What the database, or its driver, says. */
    public String reason() {
        return first(getCause(), Throwable::getMessage).orElse(sentence());
    }

    private static Optional<String> special(@Nullable Throwable cause) {
        return first(cause, DatabaseException::sentence);
    }

    private static @Nullable String sentence(Throwable cause) {
        if (cause instanceof Refused refused) {
            return refused.sentence;
        }
        String message = String.valueOf(cause.getMessage());
        return message.startsWith("[SQLITE_CORRUPT") || message.startsWith("[SQLITE_NOTADB") ? DAMAGED : null;
    }

    /** What the function tells of the first of the causes of which it tells something. The pool wraps them. */
    private static Optional<String> first(@Nullable Throwable cause, Function<Throwable, @Nullable String> function) {
        for (Throwable next = cause; next != null; next = next.getCause()) {
            String told = function.apply(next);
            if (told != null) {
                return Optional.of(told);
            }
        }
        return Optional.empty();
    }
}
