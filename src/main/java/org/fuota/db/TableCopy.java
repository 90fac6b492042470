package org.fuota.db;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Copies the rows of a table from SQLite into an empty one of PostgreSQL, within a transaction of that, and counts them there. Those
 * whose key is NULL, which only SQLite takes, and which are no board's, are left out.
 */
final class TableCopy {
    private static final int BATCH_ROWS = 1_000;
    private static final int TOLD_ROWS = 100_000;

    private final String table;
    private final Connection from;
    private final Connection to;
    private final Consumer<String> log;
    private final List<String> columns = new ArrayList<>();
    private final List<Integer> types = new ArrayList<>();
    private final List<String> filled = new ArrayList<>();

    TableCopy(String table, Connection from, Connection to, Consumer<String> log) {
        this.table = table;
        this.from = from;
        this.to = to;
        this.log = log;
    }

    void run() {
        try {
            findColumns();
            copy();
        } catch (SQLException e) {
            // A batch tells all of its values, and then why.
            Exception reason =
                    e instanceof BatchUpdateException && e.getNextException() != null ? e.getNextException() : e;
            throw new DatabaseException(new SQLException("table " + table + ": " + reason.getMessage(), e));
        }
    }

    private void findColumns() throws SQLException {
        try (Statement statement = to.createStatement();
                ResultSet none = statement.executeQuery("SELECT * FROM " + table + " WHERE 1 = 0")) {
            ResultSetMetaData all = none.getMetaData();
            for (int i = 1; i <= all.getColumnCount(); i++) {
                columns.add(all.getColumnName(i));
                types.add(all.getColumnType(i));
                if (all.isNullable(i) == ResultSetMetaData.columnNoNulls) {
                    filled.add(all.getColumnName(i) + " IS NOT NULL");
                }
            }
        }
    }

    private void copy() throws SQLException {
        String rows = " FROM " + table + " WHERE " + String.join(" AND ", filled);
        long count = count(from, rows);
        long others = count(from, " FROM " + table) - count;
        log.accept("  " + table + ": " + count + " rows"
                + (others > 0 ? ", without " + others + " whose key is NULL" : ""));
        String names = String.join(", ", columns);
        deletePresent();
        try (Statement statement = from.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + names + rows);
                PreparedStatement insert = to.prepareStatement("INSERT INTO " + table + " (" + names + ") VALUES ("
                        + Transaction.questionMarks(columns.size()) + ")")) {
            for (long number = 1; row.next(); number++) {
                for (int i = 1; i <= columns.size(); i++) {
                    // SQLite has a value's type, and not a column's: text is text, however it was put there.
                    boolean isText = types.get(i - 1) == Types.VARCHAR;
                    insert.setObject(i, isText ? row.getString(i) : row.getObject(i), types.get(i - 1));
                }
                insert.addBatch();
                if (number % BATCH_ROWS == 0) {
                    insert.executeBatch();
                }
                if (number % TOLD_ROWS == 0) {
                    log.accept("    " + number + " of " + count);
                }
            }
            insert.executeBatch();
        }
        long copied = count(to, " FROM " + table);
        if (copied != count) {
            throw new SQLException("PostgreSQL has " + copied + " rows, and not " + count);
        }
    }

    /** What the schema itself put there has gone its own way in SQLite. */
    private void deletePresent() throws SQLException {
        try (Statement statement = to.createStatement()) {
            statement.executeUpdate("DELETE FROM " + table);
        }
    }

    private static long count(Connection connection, String rows) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT COUNT(*)" + rows)) {
            count.next();
            return count.getLong(1);
        }
    }
}
