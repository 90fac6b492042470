package org.fuota.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** All that the server keeps, as lines that can be compared: each row of its database, each file with its digest. */
final class ServerState {
    // What polls tell is written a second later, malformed ones included: of that, nothing is to be kept from anybody.
    // Nor is the time that was served.
    private static final List<String> POLLS =
            List.of("served_day", "device_status", "file_report", "file_report_device", "offered_image");

    private static final String SQLITE_SCHEMA = "SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2";
    private static final String SQLITE_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1";
    private static final String POSTGRESQL_SCHEMA = "SELECT table_name, column_name, data_type, is_nullable"
            + " FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2";
    private static final String POSTGRESQL_TABLES =
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1";

    private ServerState() {}

    static List<String> now() throws IOException, SQLException {
        List<String> lines = new ArrayList<>();
        addDatabase(lines);
        addFiles(lines, Server.FILES);
        addFiles(lines, Server.BLOBS);
        addFiles(lines, Server.DATA.resolve("tls"));
        addFiles(lines, Server.FOLDER.resolve("tomcat/conf"));
        addFiles(lines, Server.FOLDER.resolve("tomcat/webapps"));
        return lines;
    }

    private static void addDatabase(List<String> lines) throws SQLException {
        try (Connection connection = DriverManager.getConnection(Server.DATABASE_URL);
                Statement statement = connection.createStatement()) {
            lines.addAll(rows(statement, Server.IS_ON_SQLITE ? SQLITE_SCHEMA : POSTGRESQL_SCHEMA));
            for (String table : rows(statement, Server.IS_ON_SQLITE ? SQLITE_TABLES : POSTGRESQL_TABLES)) {
                // Of the history, only what users did: the rest is of polls, too.
                String which = table.equals("history") ? " WHERE actor IS NOT NULL" : "";
                if (!POLLS.contains(table)) {
                    rows(statement, "SELECT * FROM " + table + which + " ORDER BY 1")
                            .forEach(row -> lines.add(table + ": " + row));
                }
            }
        }
    }

    private static List<String> rows(Statement statement, String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (ResultSet result = statement.executeQuery(query)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    row.add(String.valueOf(result.getString(i)));
                }
                rows.add(String.join("\u241f", row));
            }
        }
        return rows;
    }

    private static void addFiles(List<String> lines, Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile).sorted().forEach(file -> lines.add(file + ": " + sha256(file)));
        }
    }

    private static String sha256(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
