package org.fuota.db;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.jspecify.annotations.Nullable;

/**
 * Runs SQL on a pooled connection, with values as {@code ?} parameters only. An update is durable when it returns.
 *
 * <p>The migrations run before the first statement, and again before the next one as long as they failed: so the database may come
 * after the application has started.
 */
public final class Database implements Closeable {
    private static final Logger LOG = Logger.getLogger(Database.class.getName());
    private static final int MAX_WAIT_SECONDS = 1;
    private static final int MAX_WRITE_SECONDS = 2;
    // Larger ones would take minutes to check.
    private static final long MAX_CHECKED_BYTES = 1 << 30;

    private final DataSource dataSource;
    private final @Nullable DatabaseFile file;
    private final Turns turns = new Turns(connector(this::connect));
    private final Reserved reserved = new Reserved(connector(this::connectAnyway), this::dropIdle);
    private final Lock migrating = new ReentrantLock();
    /** Who writes, in the order in which they came: SQLite itself lets whoever asks at the right moment. */
    private final Lock writing = new ReentrantLock(true);
    // Null as long as it isn't open.
    private volatile @Nullable Dialect dialect;
    private volatile @Nullable String trouble;
    private volatile boolean isChecked;

    public Database(DataSource dataSource) {
        this(dataSource, null);
    }

    /** @param file where SQLite keeps it; null for another database */
    public Database(DataSource dataSource, @Nullable DatabaseFile file) {
        this.dataSource = dataSource;
        this.file = file;
    }

    /** One whose schema is up to date, or somebody else's to look after. */
    static Database opened(DataSource dataSource, Dialect dialect) {
        Database database = new Database(dataSource);
        database.dialect = dialect;
        return database;
    }

    /** Brings the schema up to date, if that didn't happen yet. */
    public void migrate() {
        // Connecting migrates.
        connected(statements -> statements);
    }

    /** As {@link Transaction#query}. */
    public <T> List<T> query(String sql, Transaction.RowMapper<T> mapper, @Nullable Object... parameters) {
        return connected(statements -> statements.query(sql, mapper, parameters));
    }

    /** As {@link Transaction#queryOne}. */
    public <T> Optional<T> queryOne(String sql, Transaction.RowMapper<T> mapper, @Nullable Object... parameters) {
        return connected(statements -> statements.queryOne(sql, mapper, parameters));
    }

    /** The same for a board that waits: a server that hangs is given up after a second, and one that is gone at once. */
    public <T> Optional<T> queryOneSoon(String sql, Transaction.RowMapper<T> mapper, @Nullable Object... parameters) {
        return querySoon(sql, mapper, parameters).stream().findFirst();
    }

    /** As {@link #queryOneSoon}, all rows. */
    public <T> List<T> querySoon(String sql, Transaction.RowMapper<T> mapper, @Nullable Object... parameters) {
        return noted(() -> dialect() == Dialect.SQLITE
                ? query(sql, mapper, parameters)
                : reserved.run(connection -> new Transaction(connection).query(sql, mapper, parameters)));
    }

    /** A condition in the database's words, from one that may compare by {@code ILIKE}, to which the case of ASCII doesn't matter. */
    public String condition(String sql) {
        return dialect().condition(sql);
    }

    /** What time it is by the database's clock, which all nodes share. */
    public Instant now() {
        return queryOne(dialect().now(), row -> Instant.ofEpochMilli(row.getLong(1)))
                .orElseThrow();
    }

    /** As {@link Transaction#update}, in a transaction of its own. */
    public int update(String sql, @Nullable Object... parameters) {
        return transaction(statements -> statements.update(sql, parameters));
    }

    /** Changes nothing, but throws unless the database takes writes now. */
    public void requireWritable() {
        // A table of this package's own; a write, though no row can be so.
        update("DELETE FROM schema_migration WHERE number IS NULL");
    }

    /**
     * A sentence for anybody when the database is damaged, or mustn't be used. Damage counts until a {@link #check} or the next start,
     * because what is whole of the database goes on.
     */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** Reads all of it, unless it is very large, for damage: once, and while something is wrong. PostgreSQL has its own means. */
    public void check() {
        if (isChecked && trouble == null) {
            return;
        }
        try {
            if (dialect() == Dialect.SQLITE && sizeBytes() <= MAX_CHECKED_BYTES) {
                note(query("PRAGMA quick_check(1)", row -> row.getString(1)));
            }
            isChecked = true;
        } catch (DatabaseException e) {
            LOG.log(Level.FINE, e, () -> "the database can't be checked; its health tells why");
        }
    }

    /** The container closes the pool; its driver stays registered, and would keep this class loader alive. */
    public static void deregisterDrivers() {
        for (Driver driver : Collections.list(DriverManager.getDrivers())) {
            if (driver.getClass().getClassLoader() == Database.class.getClassLoader()) {
                try {
                    DriverManager.deregisterDriver(driver);
                } catch (SQLException e) {
                    LOG.log(Level.WARNING, "a database driver stays registered", e);
                }
            }
        }
    }

    private void note(List<String> faults) {
        if (faults.equals(List.of("ok"))) {
            trouble = null;
            return;
        }
        DatabaseException damage = new DatabaseException(new SQLException("[SQLITE_CORRUPT] " + faults));
        note(damage);
        LOG.log(Level.SEVERE, damage.getCause(), damage::sentence);
    }

    /**
     * Whether work of that name is this node's to do: of the nodes on one database only one is told so, until it ends, or is cut off
     * from the database. To be asked each time, and at least once a minute. Nobody's, while the database doesn't answer.
     */
    public boolean isOurs(String work) {
        try {
            return dialect() == Dialect.SQLITE || turns.take(work);
        } catch (SQLException e) {
            LOG.log(Level.FINE, e, () -> "nobody knows whose work this is: " + work);
            return false;
        }
    }

    /** Lets another server use it; the pool is its owner's to close. */
    @Override
    public void close() throws IOException {
        reserved.close();
        turns.close();
        if (file != null) {
            file.close();
        }
    }

    public long sizeBytes() {
        return queryOne(dialect().size(), row -> row.getLong(1)).orElse(0L);
    }

    /** Writes all of SQLite's database, as it is now, into a new file, while others read and write; refuses for PostgreSQL. */
    public void copyTo(Path file) {
        if (dialect() != Dialect.SQLITE) {
            throw new FuotaException(ErrorCode.CONFLICT, "the database is PostgreSQL: back it up by pg_dump");
        }
        String url = on(connection -> connection.getMetaData().getURL());
        // A connection of its own: SQLite refuses beside the statements that the pool keeps, and polls need the pool's.
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement copy = connection.prepareStatement("VACUUM INTO ?")) {
            copy.setString(1, file.toString());
            copy.executeUpdate();
        } catch (SQLException e) {
            throw note(new DatabaseException(e));
        }
    }

    /** Reads a copy that {@link #copyTo} wrote, and leaves nothing beside it. */
    public static <T> T readCopy(Path file, Function<Transaction, T> work) {
        try (Connection connection =
                DriverManager.getConnection("jdbc:sqlite:file:" + file.toUri().getRawPath() + "?immutable=1")) {
            return work.apply(new Transaction(connection));
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    /** Runs statements on one connection, each by itself; whoever only reads waits for nobody. */
    public <T> T connected(Function<Transaction, T> work) {
        return on(connection -> work.apply(new Transaction(connection)));
    }

    /** Does all of the work, durably, or nothing when it throws. Nobody else writes meanwhile, so it is quick, and waits for no client. */
    public <T> T transaction(Function<Transaction, T> work) {
        return noted(() -> {
            // Before it has a connection, which a poll may need.
            take(writing, MAX_WRITE_SECONDS, "others are writing all the time");
            try (Connection connection = connect()) {
                return Transaction.run(connection, dialect(), () -> work.apply(new Transaction(connection)));
            } finally {
                writing.unlock();
            }
        });
    }

    private static void take(Lock lock, int seconds, String failure) throws SQLException {
        try {
            if (!lock.tryLock(seconds, TimeUnit.SECONDS)) {
                throw new SQLException(failure);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted", e);
        }
    }

    <T> T on(Reserved.Work<T> work) {
        return noted(() -> {
            try (Connection connection = connect()) {
                return work.run(connection);
            }
        });
    }

    private <T> T noted(Transaction.Work<T> work) {
        try {
            return work.run();
        } catch (SQLException e) {
            throw note(new DatabaseException(e));
        } catch (DatabaseException e) {
            throw note(e);
        }
    }

    private DatabaseException note(DatabaseException failure) {
        failure.special().ifPresent(sentence -> trouble = sentence);
        return failure;
    }

    private Dialect dialect() {
        Dialect known = dialect;
        if (known == null) {
            migrate();
            return dialect();
        }
        return known;
    }

    private Connection connect() throws SQLException {
        // Told at once, rather than after what the driver waits for.
        reserved.requireServer();
        return connectAnyway();
    }

    private Connection connectAnyway() throws SQLException {
        return dialect == null ? connectAndMigrate() : dataSource.getConnection();
    }

    /** The pool's connections that nobody uses; those in use are found broken by whoever uses them. */
    private interface Opening {
        Connection connect() throws SQLException;
    }

    private Turns.Connector connector(Opening opening) {
        return new Turns.Connector() {
            @Override
            public Connection connect() throws SQLException {
                return opening.connect();
            }

            @Override
            public void end(Connection connection) {
                Database.this.end(connection);
            }
        };
    }

    /** Closed alone, it would go back to the pool; aborted alone, the pool of its statements would stay registered in JMX, and in memory. */
    private void end(Connection connection) {
        try {
            if (dataSource instanceof BasicDataSource pool) {
                pool.invalidateConnection(connection);
            } else {
                connection.abort(Runnable::run);
            }
        } catch (SQLException | RuntimeException e) {
            LOG.log(Level.FINE, e, () -> "a connection that is given up is gone already");
        }
    }

    private void dropIdle() {
        if (dataSource instanceof BasicDataSource pool) {
            try {
                pool.setMinEvictableIdle(Duration.ofMillis(1));
                pool.setNumTestsPerEvictionRun(Integer.MAX_VALUE);
                pool.evict();
            } catch (Exception e) {
                LOG.log(Level.FINE, "connections that may be broken stay in the pool", e);
            }
        }
    }

    /**
     * One at a time; whoever waits for long gives up, because it may be a poll that a board waits for. Around the first
     * connection too: the pool makes that one under a lock of its own, for as long as another process locks the file.
     */
    private Connection connectAndMigrate() throws SQLException {
        take(migrating, MAX_WAIT_SECONDS, "the database is still being opened");
        try {
            return dialect == null ? open() : dataSource.getConnection();
        } finally {
            migrating.unlock();
        }
    }

    private Connection open() throws SQLException {
        DatabaseFile claimed = file;
        if (claimed == null) {
            return open(null);
        }
        try {
            claimed.claim();
            return open(claimed);
        } catch (SQLException | RuntimeException e) {
            claimed.release(e);
            throw e;
        }
    }

    private Connection open(@Nullable DatabaseFile claimed) throws SQLException {
        Connection connection = dataSource.getConnection();
        try {
            Dialect words = Dialect.of(connection);
            Transaction statements = new Transaction(connection);
            if (claimed != null) {
                claimed.verify(statements);
            }
            words.patiently(connection, () -> {
                Migrations.run(connection, words);
                return words;
            });
            if (claimed != null) {
                claimed.mark(statements);
            }
            dialect = words;
            trouble = null;
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }
}
