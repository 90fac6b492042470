package org.fuota.db;

import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;

/** The database didn't do as asked: it is gone, locked, full or broken. The cause, for the log, tells which. */
public final class DatabaseException extends FuotaException {
    private static final long serialVersionUID = 1L;

    DatabaseException(Throwable cause) {
        super(ErrorCode.UNAVAILABLE, "the database doesn't answer; the server's log tells why", cause);
    }
}
