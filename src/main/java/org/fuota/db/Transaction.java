package org.fuota.db;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Statements on one connection. Values go in as {@code ?} parameters only. */
public final class Transaction {
    private final Connection connection;

    Transaction(Connection connection) {
        this.connection = connection;
    }

    Connection connection() {
        return connection;
    }

    /** Does all of the work or, when it throws, nothing of it; nobody else writes meanwhile. */
    static <T> T run(Connection connection, Dialect dialect, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            dialect.lockForWriting(connection);
            T result = work.run();
            connection.commit();
            connection.setAutoCommit(true);
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            undo(connection, e);
            throw e;
        }
    }

    interface Work<T> {
        T run() throws SQLException;
    }

    /** Makes a value of the current row. */
    public interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    /** SQLite has done so by itself after some failures, and then refuses: that mustn't hide what failed. */
    private static void undo(Connection connection, Throwable failure) {
        try {
            try {
                connection.rollback();
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    /** So many parameters, for a list of values in a statement. */
    public static String questionMarks(int count) {
        return String.join(", ", Collections.nCopies(count, "?"));
    }

    /** All rows, in the order of the statement. For results that are known to be small. */
    public <T> List<T> query(String sql, RowMapper<T> mapper, @Nullable Object... parameters) {
        try (PreparedStatement statement = prepare(sql, parameters);
                ResultSet rows = statement.executeQuery()) {
            List<T> result = new ArrayList<>();
            while (rows.next()) {
                result.add(mapper.map(rows));
            }
            return result;
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    /** The first row, or empty when there is none. */
    public <T> Optional<T> queryOne(String sql, RowMapper<T> mapper, @Nullable Object... parameters) {
        return query(sql, mapper, parameters).stream().findFirst();
    }

    /** Inserts, updates or deletes; returns the number of rows affected. */
    public int update(String sql, @Nullable Object... parameters) {
        try (PreparedStatement statement = prepare(sql, parameters)) {
            int rows = statement.executeUpdate();
            return rows;
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    /** Inserts, updates or deletes once for each list of values, in their order. */
    public void updateAll(String sql, List<@Nullable Object[]> parameters) {
        if (parameters.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (@Nullable Object[] values : parameters) {
                bind(statement, values);
                statement.addBatch();
            }
            statement.executeBatch();
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    boolean hasTable(String name) {
        return !tables(name).isEmpty();
    }

    /** The names of tables, and of views, that are as a pattern of {@code LIKE} says, in their order. */
    List<String> tables(String pattern, String... types) {
        try (ResultSet tables = connection
                .getMetaData()
                .getTables(null, connection.getSchema(), pattern, types.length == 0 ? null : types)) {
            List<String> names = new ArrayList<>();
            while (tables.next()) {
                names.add(tables.getString("TABLE_NAME"));
            }
            return names;
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    /** Runs all statements of a text without parameters. */
    void script(String sql) {
        try (Statement statement = connection.createStatement()) {
            // Not execute, with which SQLite stops after the first.
            statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    private PreparedStatement prepare(String sql, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            bind(statement, parameters);
            return statement;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    private static void bind(PreparedStatement statement, @Nullable Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
    }
}
