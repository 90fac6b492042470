package org.fuota.bench.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The devices of the benchmark: so many rows, of each of which the device runs another version than its row names, so that its poll is answered
 * by 204; and the files that are served.
 */
public record Fleet(int rows) {
    public static final int MIB = 1 << 20;

    private static final long ASSIGNED_AT = 1_700_000_000_000L;

    /** A poll of any of them. */
    public String anyPoll() {
        return "/devices/%s?app_ver=1.0.1"
                .formatted(id(ThreadLocalRandom.current().nextInt(rows)));
    }

    public static String filePath(int mebibytes) {
        return "bench-" + mebibytes + ".bin";
    }

    static String id(int number) {
        return String.format(Locale.ROOT, "%07d", number);
    }

    /** The body of a bulk {@code PUT /devices} of all rows. */
    public void writeCsv(Path file, String version) throws IOException {
        try (var out = Files.newBufferedWriter(file)) {
            for (int number = 0; number < rows; number++) {
                out.write("\"" + id(number) + "\",\"" + version + "\",\"" + filePath(1) + "\"\n");
            }
        }
    }

    /** Fills the tables that the application has made; it doesn't run. */
    void fill(Path database) throws IOException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database)) {
            connection.setAutoCommit(false);
            insert(
                    connection,
                    "INSERT INTO device_app (device_id, app_ver, update_file_path) "
                            + "SELECT printf('%07d', number), '1.0.0', '" + filePath(1) + "' FROM numbers");
            insert(
                    connection,
                    "INSERT INTO device_assignment (device_id, assigned_at) " + "SELECT printf('%07d', number), "
                            + ASSIGNED_AT + " FROM numbers");
            connection.commit();
        } catch (SQLException e) {
            throw new IOException("the database can't be filled", e);
        }
    }

    private void insert(Connection connection, String insert) throws SQLException {
        String numbers = "WITH RECURSIVE numbers(number) AS "
                + "(SELECT 0 UNION ALL SELECT number + 1 FROM numbers WHERE number + 1 < ?) ";
        try (PreparedStatement statement = connection.prepareStatement(numbers + insert)) {
            statement.setInt(1, rows);
            statement.executeUpdate();
        }
    }

    /** Files of 1 and 4 MiB, which can't be compressed. */
    static void writeFiles(Path folder) throws IOException {
        for (int mebibytes : new int[] {1, 4}) {
            byte[] content = new byte[mebibytes * MIB];
            new Random(mebibytes).nextBytes(content);
            // Not an ESP image's magic.
            content[0] = 0;
            Files.write(folder.resolve(filePath(mebibytes)), content);
        }
    }
}
