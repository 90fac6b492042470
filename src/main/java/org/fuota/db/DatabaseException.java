package org.fuota.db;

/** The database didn't do as asked: it is gone, locked, full or broken. The cause tells which. */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DatabaseException(String message, Throwable cause) {
        super(message, cause);
    }
}
