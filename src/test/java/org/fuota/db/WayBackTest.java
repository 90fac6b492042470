package org.fuota.db;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.dbcp2.BasicDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database of version 0.1, brought up to date and back again by {@code docs/back-to-0.1.sql}. */
class WayBackTest {
    private static final Path MIGRATIONS = Path.of("src/main/resources/db/migration");
    private static final String LAST_BEFORE = "0006";

    @TempDir
    Path folder;

    @Test
    void hasTheDatabaseAsItWas() throws Exception {
        try (BasicDataSource pool = TestDatabase.sqlite(folder)) {
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                makeBefore(statement);
                statement.executeUpdate("""
                        INSERT INTO device_app (device_id, app_ver, update_file_path)
                        VALUES ('both', '1', 'a.bin'), ('assigned', '1', 'a.bin'), ('by hand', '2', 'b.bin');
                        INSERT INTO device_assignment (device_id, assigned_at) VALUES ('both', 11), ('assigned', 12);
                        INSERT INTO device_status
                        VALUES ('both', 1, 2, 3, '4,5', '6', 7, 'address', 'update', 8, 'a.bin', 'digest', '1', 9, 10, 11,
                            '12', 13, 14, '15', 16, 17, '18', 19, 20, 'taken', 21, 22, 23);
                        INSERT INTO device_status (device_id, first_seen, last_seen, polls, recent_gaps, remote_addr, answer,
                            answer_since, version_flips, addr_flips)
                        VALUES ('polled', 1, 2, 3, '', 'address', 'unknown_device', 8, 0, 0);
                        """);
            }
            List<String> before = dump(pool);

            new Database(pool).migrate();
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate("""
                        UPDATE device_app SET app_ver = '1' WHERE device_id = 'by hand';
                        INSERT INTO device_app (device_id, app_ver, update_file_path) VALUES ('withdrawn', '1', 'a.bin');
                        INSERT INTO bulk (number, published, happened_at, actor, remote_addr)
                        VALUES (1, 1, 2, 'dev', '::1'), (2, 0, 2, 'dev', '::1');
                        INSERT INTO bulk_line (bulk, device_id, app_ver, update_file_path)
                        VALUES (1, 'by hand', '2', 'b.bin'), (1, 'withdrawn', NULL, NULL), (2, 'both', '9', 'c.bin');
                        """);
                statement.executeUpdate(Files.readString(Path.of("docs/back-to-0.1.sql")));
            }

            assertEquals(String.join("\n", before), String.join("\n", dump(pool)));
            new Database(pool).migrate();
            try (Connection connection = pool.getConnection()) {
                assertEquals(List.of("4"), rows(connection, "SELECT COUNT(*) FROM device_status"));
            }
        }
    }

    private static void makeBefore(Statement statement) throws Exception {
        statement.executeUpdate("CREATE TABLE schema_migration (number TEXT PRIMARY KEY NOT NULL)");
        try (Stream<Path> all = Files.list(MIGRATIONS)) {
            for (Path script : all.sorted().toList()) {
                String number = script.getFileName().toString().substring(0, LAST_BEFORE.length());
                if (number.compareTo(LAST_BEFORE) <= 0) {
                    statement.executeUpdate(Files.readString(script));
                    statement.executeUpdate("INSERT INTO schema_migration (number) VALUES ('" + number + "')");
                }
            }
        }
    }

    /** All tables with their columns and rows, and all indexes. */
    private static List<String> dump(BasicDataSource pool) throws SQLException {
        List<String> dump = new ArrayList<>();
        try (Connection connection = pool.getConnection()) {
            dump.addAll(rows(connection, "SELECT type, name FROM sqlite_schema ORDER BY type, name"));
            for (String table : rows(connection, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")) {
                dump.add(table);
                dump.addAll(rows(
                        connection,
                        "SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info('" + table + "')"));
                dump.addAll(rows(connection, "SELECT * FROM " + table + " ORDER BY 1"));
            }
        }
        return dump;
    }

    private static List<String> rows(Connection connection, String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                List<String> cells = new ArrayList<>();
                for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
                    cells.add(result.getString(column));
                }
                rows.add(String.join("|", cells.stream().map(String::valueOf).toList()));
            }
        }
        return rows;
    }
}
