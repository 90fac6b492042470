package org.fuota.bench.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The devices of the benchmark: so many rows, of each of which the device runs another version than its row names, so that its poll is answered
 * by 204; and the files that are served. All have polled before, hourly for a day, as a fleet in the field has.
 */
public record Fleet(int rows) {
    public static final int MIB = 1 << 20;

    private static final int VERSIONS = 5;
    private static final Duration AGE = Duration.ofDays(1);
    private static final Duration GAP = Duration.ofHours(1);
    private static final int GAPS = 5;

    /** A poll of any of them. */
    public String anyPoll() {
        return anyPoll(rows);
    }

    /** A poll of any of the first so many. */
    public String anyPoll(int devices) {
        int number = ThreadLocalRandom.current().nextInt(devices);
        return "/devices/%s?app_ver=1.0.%d".formatted(id(number), 1 + number % VERSIONS);
    }

    public static String filePath(int mebibytes) {
        return "bench-" + mebibytes + ".bin";
    }

    public static String id(int number) {
        return String.format(Locale.ROOT, "%07d", number);
    }

    /** The body of a bulk {@code PUT /devices} for the first so many. */
    public static void writeCsv(Path file, int devices, String version) throws IOException {
        try (var out = Files.newBufferedWriter(file)) {
            for (int number = 0; number < devices; number++) {
                out.write("\"" + id(number) + "\",\"" + version + "\",\"" + filePath(1) + "\"\n");
            }
        }
    }

    /** Fills the tables that the application has made; it doesn't run. */
    public void fill(String url) throws IOException {
        try (Connection connection = DriverManager.getConnection(url)) {
            connection.setAutoCommit(false);
            long begun = Instant.now().minus(AGE).toEpochMilli();
            assign(connection);
            poll(connection, begun);
            connection.commit();
            connection.setAutoCommit(true);
            if (url.startsWith("jdbc:postgresql:")) {
                // As it does by itself some time after many rows were written.
                connection.createStatement().execute("VACUUM ANALYZE");
            }
        } catch (SQLException e) {
            throw new IOException("the database can't be filled", e);
        }
    }

    private void assign(Connection connection) throws SQLException {
        insert(connection, """
                INSERT INTO device_app (device_id, app_ver, update_file_path)
                SELECT substr(CAST(10000000 + number AS TEXT), 2), '1.0.0', '%s'
                FROM numbers
                """.formatted(filePath(1)));
    }

    private void poll(Connection connection, long since) throws SQLException {
        String gaps = String.join(",", Collections.nCopies(GAPS, String.valueOf(GAP.toMillis())));
        insert(connection, """
                INSERT INTO device_status (device_id, row_app_ver, row_file, assigned_at, state, state_since, check_at,
                    first_seen, last_seen, last_seen_served, polls, recent_gaps,
                    app_ver, app_ver_since, remote_addr, answer, answer_since, version_flips, addr_flips)
                SELECT substr(CAST(10000000 + number AS TEXT), 2), '1.0.0', '%6$s', %1$d, 1, %1$d, %7$d,
                    %1$d, %2$d + number %% %8$d, 0, %3$d, '%4$s',
                    '1.0.' || (1 + number %% %5$d), %1$d, '127.0.0.1', 'no_update', %1$d, 0, 0
                FROM numbers
                """.formatted(
                        since,
                        since + AGE.minus(GAP).toMillis(),
                        AGE.dividedBy(GAP),
                        gaps,
                        VERSIONS,
                        filePath(1),
                        GAPS * GAP.toMillis() + 1,
                        GAP.toMillis()));
        insert(connection, """
                INSERT INTO history (number, happened_at, device_id, event, value_after, remote_addr)
                SELECT number + 1, %d, substr(CAST(10000000 + number AS TEXT), 2), 'seen', '1.0.' || (1 + number %% %d), '127.0.0.1'
                FROM numbers
                """.formatted(since, VERSIONS));
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
    public static void writeFiles(Path folder) throws IOException {
        for (int mebibytes : new int[] {1, 4}) {
            byte[] content = new byte[mebibytes * MIB];
            new Random(mebibytes).nextBytes(content);
            // Not an ESP image's magic.
            content[0] = 0;
            Files.write(folder.resolve(filePath(mebibytes)), content);
        }
    }
}
