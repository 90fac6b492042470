package org.fuota.db;

import java.io.Closeable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which of the nodes on one PostgreSQL does a piece of work: whoever asks first has it, until it ends or is cut off. The database
 * knows, by locks of one connection, which is kept for that.
 */
final class Turns implements Closeable {
    private final Connector connector;
    private final Lock asking = new ReentrantLock();
    private @Nullable Connection kept;

    interface Connector {
        Connection connect() throws SQLException;

        /** Closes it for good: the pool doesn't get it back. */
        void end(Connection connection);
    }

    Turns(Connector connector) {
        this.connector = connector;
    }

    /** Whether this node has it, or has it from now on. */
    boolean take(String name) throws SQLException {
        asking.lock();
        try {
            Connection before = kept;
            if (before != null) {
                try {
                    return take(before, name);
                } catch (SQLException e) {
                    // It is over, and another node may have it all by now.
                    close();
                }
            }
            kept = connector.connect();
            endWhenIdle(kept);
            return take(kept, name);
        } catch (SQLException e) {
            close();
            throw e;
        } finally {
            asking.unlock();
        }
    }

    /** A node that hangs, or is cut off, loses it all within a minute; with PostgreSQL 14 or newer, which has that setting. */
    private static void endWhenIdle(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "SELECT set_config(name, '60s', false) FROM pg_settings WHERE name = 'idle_session_timeout'");
        }
    }

    /** To lock again what is one's own succeeds. */
    private static boolean take(Connection connection, String name) throws SQLException {
        // Another installation may have a schema of its own in the same database.
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT pg_try_advisory_lock(hashtext('fuota ' || current_schema()), ?)")) {
            statement.setInt(1, name.hashCode());
            try (ResultSet result = statement.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    /** Gives all of it up. */
    @Override
    public void close() {
        asking.lock();
        try {
            Connection connection = kept;
            kept = null;
            if (connection != null) {
                // The pool would keep it, with its locks.
                connector.end(connection);
            }
        } finally {
            asking.unlock();
        }
    }
}
