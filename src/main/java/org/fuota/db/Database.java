package org.fuota.db;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Runs SQL on a pooled connection. Values go in as {@code ?} parameters only. An update is durable when it returns.
 *
 * <p>The migrations run before the first statement, and again before the next one as long as they failed: so the
 * application starts with a database that isn't there yet, and needs no restart when it comes.
 */
public final class Database {
    private static final int MAX_WAIT_SECONDS = 1;

    private final DataSource dataSource;
    private final Lock migrating = new ReentrantLock();
    private volatile boolean migrated;

    public Database(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Brings the schema up to date, if that didn't happen yet.
     *
     * @throws DatabaseException when the database can't be reached or refuses
     */
    public void migrate() {
        try {
            // Connecting migrates.
            connect().close();
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    /** All rows, in the order of the statement. For results that are known to be small. */
    public <T> List<T> query(String sql, RowMapper<T> mapper, @Nullable Object... parameters) {
        return connected(statements -> statements.query(sql, mapper, parameters));
    }

    /** The first row, or empty when there is none. */
    public <T> Optional<T> queryOne(String sql, RowMapper<T> mapper, @Nullable Object... parameters) {
        return connected(statements -> statements.queryOne(sql, mapper, parameters));
    }

    /** Inserts, updates or deletes; tells how many rows were. */
    public int update(String sql, @Nullable Object... parameters) {
        return connected(statements -> statements.update(sql, parameters));
    }

    /**
     * Changes nothing, but needs what every write needs: the database, its lock, and that it takes writes.
     *
     * @throws DatabaseException when it is gone, locked, read-only or broken
     */
    public void requireWritable() {
        // A table of this package's own; a write, though no row can be so.
        update("DELETE FROM schema_migration WHERE number IS NULL");
    }

    /** How large the database is, in bytes, about. SQLite only. */
    public long sizeBytes() {
        return queryOne(
                        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
                        row -> row.getLong(1))
                .orElse(0L);
    }

    /**
     * Writes all of the database, as it is at the moment of the call, into a new file. Nobody waits for it: others read and
     * write meanwhile. SQLite only; another database has its own means.
     */
    public void copyTo(Path file) {
        // A connection of its own: SQLite refuses beside the statements that the pool keeps, and polls need the pool's.
        try (Connection connection = DriverManager.getConnection(url());
                PreparedStatement copy = connection.prepareStatement("VACUUM INTO ?")) {
            copy.setString(1, file.toString());
            copy.executeUpdate();
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    private String url() throws SQLException {
        try (Connection connection = connect()) {
            return connection.getMetaData().getURL();
        }
    }

    /**
     * Does all of the work or, when it throws, nothing of it. Durable on return. Nobody else writes meanwhile, so it must
     * be quick, and never wait for a client.
     */
    public <T> T transaction(Function<Transaction, T> work) {
        try (Connection connection = connect()) {
            connection.setAutoCommit(false);
            try {
                T result = work.apply(new Transaction(connection));
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException | Error e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    private <T> T connected(Function<Transaction, T> work) {
        try (Connection connection = connect()) {
            return work.apply(new Transaction(connection));
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    private Connection connect() throws SQLException {
        return migrated ? dataSource.getConnection() : connectAndMigrate();
    }

    /**
     * One at a time; whoever waits for long gives up, because it may be a poll that a board waits for. Around the first
     * connection too: the pool makes that one under a lock of its own, for as long as another process locks the file.
     */
    private Connection connectAndMigrate() throws SQLException {
        try {
            if (!migrating.tryLock(MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new SQLException("the database is still being opened");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted", e);
        }
        try {
            Connection connection = dataSource.getConnection();
            try {
                if (!migrated) {
                    Migrations.run(connection);
                    migrated = true;
                }
                return connection;
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } finally {
            migrating.unlock();
        }
    }
}
