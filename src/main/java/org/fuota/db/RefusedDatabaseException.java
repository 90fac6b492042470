package org.fuota.db;

import java.sql.SQLException;

/** The database could be opened, and mustn't be. The message is a sentence for the log; it tells what to do. */
final class RefusedDatabaseException extends SQLException {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    /**
     * @param sentence for anybody: without paths
     * @param advice for the log
     */
    RefusedDatabaseException(String sentence, String advice) {
        super(advice);
        this.sentence = sentence;
    }

    String sentence() {
        return sentence;
    }
}
