package org.fuota.db;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Logger;

/**
 * Brings a database's schema up to date: runs each numbered script of {@code db/migration} that it hasn't seen yet, in
 * order and in one transaction, and keeps their numbers in the table {@code schema_migration}.
 */
final class Migrations {
    /** In the order of the list beside them. A script is never edited or removed after a release: a change is a new one. */
    private static final List<String> SCRIPTS = read("scripts.txt").lines().toList();

    private static final Logger LOG = Logger.getLogger(Migrations.class.getName());

    private Migrations() {}

    static void run(Connection connection, Dialect dialect) throws SQLException {
        Transaction statements = new Transaction(connection);
        // First without a transaction: whoever can't write may still read.
        if (missing(statements).isEmpty()) {
            return;
        }
        List<String> run = Transaction.run(connection, dialect, () -> runMissing(statements, dialect));
        LOG.info(() -> "database schema brought up to date by " + String.join(", ", run));
    }

    /** Within a transaction; returns those that were missing. */
    static List<String> runMissing(Transaction statements, Dialect dialect) throws SQLException {
        // Another node may have run them meanwhile.
        List<String> missing = missing(statements);
        for (String script : missing) {
            // Not one of the scripts: it is what tells which of them have run.
            statements.script(
                    dialect.script("CREATE TABLE IF NOT EXISTS schema_migration (number TEXT PRIMARY KEY NOT NULL)"));
            statements.script(dialect.script(read(script)));
            statements.update("INSERT INTO schema_migration (number) VALUES (?)", number(script));
        }
        return missing;
    }

    static List<String> missing(Transaction statements) throws SQLException {
        List<String> applied = statements.hasTable("schema_migration")
                ? statements.query("SELECT number FROM schema_migration ORDER BY number", row -> row.getString(1))
                : List.of();
        refuseNewer(applied);
        return SCRIPTS.stream()
                .filter(script -> !applied.contains(number(script)))
                .toList();
    }

    /** What a newer program relies on, this one would break. */
    private static void refuseNewer(List<String> applied) throws SQLException {
        Set<String> unknown = new TreeSet<>(applied);
        SCRIPTS.forEach(script -> unknown.remove(number(script)));
        if (unknown.contains(DatabaseMove.MARK)) {
            throw new DatabaseException.Refused(
                    "the database isn't complete, because another is being moved into it; the server's log tells what to do",
                    "the move of a SQLite database into this one isn't complete: run java -jar fuota.war --data DIR --move-to URL"
                            + " again until it says so; or have this server use another database");
        }
        if (!unknown.isEmpty()) {
            String sentence = "the database has schema " + String.join(", ", unknown) + ", and this program knows "
                    + number(SCRIPTS.get(0)) + " to " + number(SCRIPTS.get(SCRIPTS.size() - 1))
                    + ": run the newer program again, or restore a backup that was taken before it";
            throw new DatabaseException.Refused(sentence, sentence);
        }
    }

    private static String number(String script) {
        return script.substring(0, script.indexOf('_'));
    }

    private static String read(String script) {
        try (InputStream in = Migrations.class.getResourceAsStream("/db/migration/" + script)) {
            if (in == null) {
                throw new IllegalStateException("no migration script " + script);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
