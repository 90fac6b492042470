package org.fuota.db;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.db.DatabaseException.Refused;
import org.fuota.db.DatabaseFile.Use;

/**
 * Moves all tables of a SQLite database, which is only read, and which no server uses meanwhile, into an empty PostgreSQL database: all
 * at once at the end, after whatever else must be there. Until then a mark keeps every server from using that, and whoever was cut off
 * may begin again. Knows no table of a feature.
 */
public final class DatabaseMove implements Closeable {
    /** Among the numbers of the migrations: one that no server knows. */
    static final String MARK = "move";

    private final DatabaseFile file;
    private final BasicDataSource from;
    private final BasicDataSource to;
    private final Database source;
    private final Database target;

    /**
     * @param files the folder of update files to be taken in
     * @param properties of the connection to PostgreSQL, such as user and password
     */
    public DatabaseMove(Path sqlite, Path files, String url, Properties properties) {
        file = new DatabaseFile(sqlite, files, Clock.systemUTC());
        from = pool(
                "org.sqlite.JDBC", "jdbc:sqlite:file:" + sqlite.toUri().getRawPath() + "?mode=ro", new Properties());
        to = pool("org.postgresql.Driver", url, properties);
        source = Database.opened(from, Dialect.SQLITE);
        target = Database.opened(to, Dialect.POSTGRESQL);
    }

    private static BasicDataSource pool(String driver, String url, Properties properties) {
        BasicDataSource pool = new BasicDataSource();
        pool.setDriverClassName(driver);
        pool.setUrl(url);
        properties
                .stringPropertyNames()
                .forEach(name -> pool.addConnectionProperty(name, properties.getProperty(name)));
        return pool;
    }

    public Database source() {
        return source;
    }

    public Database target() {
        return target;
    }

    /**
     * Keeps servers from using either, makes the target's tables, and marks it; whether anything is left to be moved.
     *
     * @throws DatabaseException when the source is in use, or isn't as this version has it, or the target isn't empty
     */
    public boolean begin() {
        return source.on(connection -> {
            file.claim();
            Transaction statements = new Transaction(connection);
            file.verify(statements);
            List<String> missing = Migrations.missing(statements);
            Use use = DatabaseFile.use(statements).orElse(null);
            if (!missing.isEmpty() || use == null) {
                throw refused(
                        "the SQLite database is of an older version: start this version on it once, stop it, and move it then");
            }
            return to(use);
        });
    }

    private boolean to(Use use) {
        return target.transaction(statements -> {
            List<String> tables = statements.tables("%", "TABLE", "VIEW");
            boolean isMarked = tables.contains("schema_migration") && unmark(statements);
            if (!isMarked && !tables.isEmpty()) {
                requireMoved(use, statements);
                return false;
            }
            try {
                Migrations.runMissing(statements, Dialect.POSTGRESQL);
            } catch (SQLException e) {
                throw new DatabaseException(e);
            }
            statements.update("INSERT INTO schema_migration (number) VALUES (?)", MARK);
            return true;
        });
    }

    private static boolean unmark(Transaction statements) {
        return statements.update("DELETE FROM schema_migration WHERE number = ?", MARK) > 0;
    }

    /** The id of a SQLite database goes with it: nobody else has it. */
    private static void requireMoved(Use use, Transaction statements) {
        Use moved = DatabaseFile.use(statements).orElse(null);
        if (moved == null || !moved.id().equals(use.id())) {
            throw new DatabaseException(
                    refused("the PostgreSQL database isn't empty, but has other tables, or a server of Fuota"
                            + " uses it: make a new one, and name that"));
        }
        if (moved.starts() != use.starts()) {
            throw new DatabaseException(
                    refused(
                            "the SQLite database was moved into this PostgreSQL database before, and a server has"
                                    + " used it since: use one of them only; to move it once more, make a new PostgreSQL database"));
        }
    }

    /** Moves all rows of all tables but one, which the target has already, and takes the mark away; or does nothing, when it throws. */
    public void finish(String other, Consumer<String> log) {
        source.on(connection -> target.transaction(statements -> {
            if (!unmark(statements)) {
                throw new DatabaseException(
                        refused("somebody else has moved a database into this PostgreSQL database meanwhile"));
            }
            // To count a table of the source takes as long as its disk needs.
            statements.script("SET LOCAL idle_in_transaction_session_timeout = '10min'");
            for (String table : statements.tables("%", "TABLE")) {
                if (!table.equals("schema_migration") && !table.equals(other)) {
                    new TableCopy(table, connection, statements.connection(), log).run();
                }
            }
            return true;
        }));
    }

    private static Refused refused(String sentence) {
        return new Refused(sentence, sentence);
    }

    /** Lets servers use the source again. */
    @Override
    public void close() throws IOException {
        try (file;
                from;
                to) {
            // Each is closed, whatever happens to the others.
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }
}
