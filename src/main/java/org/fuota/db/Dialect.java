package org.fuota.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The few words in which databases differ. All other SQL is the same for both, and nobody outside this package asks which it is. */
enum Dialect {
    /** In one file, which one process has to itself. Its connections begin each transaction with the lock for writing. */
    SQLITE(
            "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
            "SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)") {
        @Override
        void lockForWriting(Connection connection) {}

        @Override
        <T> T patiently(Connection connection, Transaction.Work<T> work) throws SQLException {
            return work.run();
        }

        @Override
        String script(String sql) {
            return sql;
        }

        @Override
        String condition(String sql) {
            return sql.replace(" ILIKE ", " LIKE ");
        }
    },

    /** A server that several nodes may share. */
    POSTGRESQL(
            "SELECT pg_database_size(current_database())",
            "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)") {
        /**
         * One transaction that writes at a time in the whole cluster, as SQLite has it: so what is read in it stays true until
         * it commits, and no two can wait for one another. Whoever can't have it for long gives up; and so must a node that
         * has it and hangs, or is cut off, which the database wouldn't notice for hours. All goes by keys, in their order, and must never
         * read a table through, or gather and sort all that is left of a bulk for each slice of it, because it was empty when that was planned.
         */
        @Override
        void lockForWriting(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(
                        "SET LOCAL lock_timeout = '2s'; SET LOCAL idle_in_transaction_session_timeout = '10s';"
                                + " SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;"
                                + " SELECT pg_advisory_xact_lock(hashtextextended('fuota ' || current_schema(), 0))");
            }
        }

        @Override
        <T> T patiently(Connection connection, Transaction.Work<T> work) throws SQLException {
            int patience = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, 0);
            try {
                return work.run();
            } finally {
                if (!connection.isClosed()) {
                    connection.setNetworkTimeout(Runnable::run, patience);
                }
            }
        }

        /**
         * Text is compared by its bytes, as SQLite does: pages and prefixes rely on it. What only PostgreSQL knows is a comment
         * to others.
         */
        @Override
        String script(String sql) {
            return sql.replaceAll("\\bTEXT\\b", "TEXT COLLATE \"C\"")
                    .replaceAll("\\bBLOB\\b", "BYTEA")
                    .replace("-- postgresql: ", "");
        }

        @Override
        String condition(String sql) {
            return sql;
        }
    };

    private final String size;
    private final String now;

    /**
     * @param size selects how many bytes the database has
     * @param now selects its time, in milliseconds since 1970-01-01T00:00:00Z
     */
    Dialect(String size, String now) {
        this.size = size;
        this.now = now;
    }

    static Dialect of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        return switch (product) {
            case "SQLite" -> SQLITE;
            case "PostgreSQL" -> POSTGRESQL;
            default -> {
                String sentence = "the database is " + product + ": only SQLite and PostgreSQL are supported";
                throw new DatabaseException.Refused(sentence, sentence);
            }
        };
    }

    /** At the beginning of a transaction that writes. */
    abstract void lockForWriting(Connection connection) throws SQLException;

    /** Does work whose statements may take as long as they do. */
    abstract <T> T patiently(Connection connection, Transaction.Work<T> work) throws SQLException;

    /** A migration in its words. */
    abstract String script(String sql);

    /** A condition in its words, from one that compares by {@code ILIKE}, to which the case of ASCII doesn't matter. */
    abstract String condition(String sql);

    String size() {
        return size;
    }

    String now() {
        return now;
    }
}
