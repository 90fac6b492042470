package org.fuota.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.db.Database;
import org.fuota.db.DatabaseFile;
import org.fuota.db.PostgresCluster;
import org.fuota.db.TestDatabase;
import org.fuota.tomcat.TomcatProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Moves an installation from SQLite to PostgreSQL by the set-up tool of the WAR, which is killed on the way, again and again. */
@Tag(Faults.TAG)
@Timeout(600)
class MoveToPostgresIT {
    private static final String SECRET = "never-to-be-shown";
    private static final int FILES = 250;
    private static final int BOARDS = 30;
    /** What it says as it begins, or goes on with, something: where it is killed. */
    private static final List<String> MOMENTS = List.of(
            "Moving ",
            "Update files: ",
            "  100 of 25",
            "  200 of 25",
            "Tables:",
            "  device_status: ",
            "    100000 of 2");

    @TempDir
    Path folder;

    private final Random random = new Random(Faults.seed(MoveToPostgresIT.class));
    private final String name = "move-" + UUID.randomUUID().toString().substring(0, 8);

    /** What a run of the tool has come to. */
    private record Run(int exit, String output) {}

    @Test
    void losesNothingAndDoublesNothing() throws Exception {
        PostgresCluster cluster = PostgresCluster.shared();
        String url = cluster.url(name);
        try (TomcatProcess old = new TomcatProcess(Files.createDirectory(folder.resolve("old")));
                TomcatProcess node = new TomcatProcess(Files.createDirectory(folder.resolve("node")))) {
            old.start();
            fill(new Client(old));
            refuses(old.data(), url, "another server uses the database, " + old.data() + "/db/devices.db: process ");
            Map<String, String> before = answers(new Client(old));
            addWhatNoRequestCan(old.data());
            // Its last transactions are in the write-ahead log only.
            old.kill();
            Files.delete(old.data().resolve("db/devices.db-shm"));
            Map<String, String> files = hashes(old.data());

            DatabaseAwayIT.use("127.0.0.1:" + cluster.port(), node);
            Path context = node.folder().resolve("conf/Catalina/localhost/ROOT.xml");
            Files.writeString(
                    context, Files.readString(context).replace("/fuota?targetServer", "/" + name + "?targetServer"));
            for (String moment : MOMENTS) {
                killAt(moment, old.data(), url);
                assertEquals(0, count(url, "device_app"), moment);
                assertEquals(0, count(url, "history"), moment);
                if (moment.equals("  100 of 25")) {
                    servesNothing(node);
                }
            }
            assertTrue(
                    node.log().contains("isn't complete: run java -jar fuota.war --data DIR --move-to URL again"),
                    node.log());

            Run run = move(old.data(), url);

            assertEquals(0, run.exit(), run.output());
            assertEquals(files, hashes(old.data()), "SQLite's side is only read");
            assertTrue(
                    run.output().contains("  device_app: " + (BOARDS - 1) + " rows, without 1 whose key is NULL"),
                    run.output());
            assertEquals(counts(sqlite(old.data())), counts(url));
            assertEquals("ä", first(url, "SELECT app_ver FROM file_report WHERE sha256 = 'x'"));
            // It has waited for that.
            Client client = new Client(node);
            Faults.await("ready", () -> client.get("/health/ready").status() == 200);
            Map<String, String> after = answers(client);
            assertEquals(before, after);
            goesOn(client, url);

            Map<String, Long> counts = counts(url);
            Run again = move(old.data(), url);
            assertEquals(0, again.exit(), again.output());
            assertTrue(again.output().contains("All was moved before"), again.output());
            assertEquals(counts, counts(url));

            isNotServedOnSqlite(old, again.output(), url);
        }
    }

    private void fill(Client client) throws Exception {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            byte[] content = new byte[1_000 + random.nextInt(4_000)];
            random.nextBytes(content);
            done(client.put("/files/v/" + i % 10 + "/" + i + ".bin", content));
        }
        byte[] large = new byte[(3 << 20) + 1];
        random.nextBytes(large);
        for (String path : List.of("large.bin", "the-same.bin", "deleted.bin")) {
            done(client.put("/files/" + path, large));
        }
        done(client.put("/files/gone.bin", "of no path any more".getBytes(StandardCharsets.UTF_8)));
        done(client.delete("/files/deleted.bin"));
        done(client.delete("/files/gone.bin"));
        for (int i = 0; i < BOARDS; i++) {
            rows.add(Client.row("bö-" + i, "1", "v/0/0.bin").strip());
        }
        done(client.put("/devices", String.join("\n", rows)));
        done(client.delete("/devices/b%C3%B6-0"));
        for (int i = 1; i < 12; i++) {
            client.poll("b%C3%B6-" + i, "1");
            if (i < 6) {
                client.poll("b%C3%B6-" + i, "2");
            }
            if (i < 3) {
                client.poll("b%C3%B6-" + i, "1");
            }
        }
        client.poll("stranger", "7");
        Faults.await(
                "polls are written", () -> client.get("/fleet?by=state").text().contains("\"discovered\",\"1\""));
    }

    private static void done(Client.Answer answer) {
        assertEquals(2, answer.status() / 100, answer.text());
    }

    /** What people and boards see, but for what time alone changes. */
    private static Map<String, String> answers(Client client) throws IOException {
        Map<String, String> answers = new TreeMap<>();
        String fields =
                "device_id,state,since,app_version,app_version_since,last_seen,usual_gap_seconds,remote_addr,answer,polls,"
                        + "update_file_path,replaces_version,offers,clone";
        List<String> paths = new ArrayList<>(List.of(
                "/devices", "/files", "/fleet?by=state", "/fleet?by=version", "/fleet?limit=1000&fields=" + fields));
        Stream.of(1, 4, 8, 20).forEach(board -> paths.add("/fleet/b%C3%B6-" + board));
        for (int i = 0; i < FILES; i++) {
            paths.add("/files/v/" + i % 10 + "/" + i + ".bin");
        }
        paths.addAll(List.of("/files/large.bin", "/files/the-same.bin", "/files/gone.bin"));
        for (String path : paths) {
            Client.Answer answer = client.get(path);
            answers.put(
                    path,
                    path.startsWith("/files/") ? answer.status() + " " + Hashes.sha256(answer.bytes()) : answer.text());
        }
        return answers;
    }

    /** A row without an id, as SQLite takes it, a value that isn't text, and enough that a table takes its time. */
    private static void addWhatNoRequestCan(Path data) throws SQLException {
        execute(sqlite(data), """
                WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 200000)
                INSERT INTO history (number, happened_at, event, remote_addr)
                SELECT -n, 1000 * unixepoch(), 'polled', ''
                FROM c
                """);
        execute(sqlite(data), "INSERT INTO device_app (device_id, app_ver, update_file_path) VALUES (NULL, '1', 'f')");
        execute(
                sqlite(data),
                "INSERT INTO file_report (sha256, app_ver, devices, last_at) VALUES ('x', X'C3A4', 1, 1)");
    }

    private void killAt(String moment, Path data, String url) throws Exception {
        Path output = folder.resolve("killed.log");
        Process process = begin(output, Map.of(), data, url);
        try {
            Faults.await(
                    moment,
                    () -> Files.readString(output).contains("\n" + moment)
                            || Files.readString(output).startsWith(moment)
                            || !process.isAlive());
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertEquals(128 + 9, process.exitValue(), "it had ended before: " + Files.readString(output));
    }

    private static void servesNothing(TomcatProcess node) throws Exception {
        node.start();
        Client client = new Client(node);
        assertEquals(503, client.get("/health/ready").status());
        assertEquals(204, client.poll("b%C3%B6-20", "1").status());
        assertEquals(503, client.get("/devices").status());
        assertEquals(503, client.assign("new", "1", "f").status());
        // Once more, as it would write what that poll has told.
        node.kill();
        node.restart();
    }

    /** A change there gets the number that follows the last one. */
    private static void goesOn(Client client, String url) throws Exception {
        String last = first(url, "SELECT MAX(number) FROM history");
        assertEquals(200, client.assign("new", "1", "large.bin").status());
        assertEquals(200, client.poll("new", "1").status());
        assertEquals(
                "1", first(url, "SELECT COUNT(*) FROM history WHERE device_id = 'new' AND number = " + last + " + 1"));
        Faults.await(
                "the poll is written",
                () -> "1".equals(first(url, "SELECT MAX(polls) FROM device_status WHERE device_id = 'new'")));
    }

    /** As the tool says: after that nothing is served by mistake; and without it, a move is no longer what it was. */
    private void isNotServedOnSqlite(TomcatProcess old, String advice, String url) throws Exception {
        old.restart();
        old.stop();
        refuses(old.data(), url, "a server has used it since: use one of them only");
        Matcher moves = Pattern.compile("(?m)^ +mv (\\S+) (\\S+)$").matcher(advice);
        int moved = 0;
        for (; moves.find(); moved++) {
            Files.move(Path.of(moves.group(1)), Path.of(moves.group(2)));
        }
        assertEquals(2, moved, advice);
        old.restart();
        assertEquals(503, new Client(old).get("/devices").status());
        assertTrue(old.log().contains("devices.db, is missing or empty, but"), old.log());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            # what is wrong           | SQL for SQLite                                            | what it says
            missing                   |                                                           | there is no FOLDER/db/devices.db: --data must name
            older                     | DELETE FROM schema_migration WHERE number = '0010'        | is of an older version: start this version on it once
            never started             | DELETE FROM database_use | devices.db, is empty, but
            newer                     | INSERT INTO schema_migration (number) VALUES ('9999')     | the database has schema 9999, and this program knows 0001 to
            not taken in              |                                                           | 1 files in FOLDER/files aren't taken in, such as FOLDER/files/v/left.bin: start this version once
            bytes are missing         | INSERT INTO update_file VALUES ('f', '0000000000000000000000000000000000000000000000000000000000000000', '', 1, NULL, NULL, NULL, NULL, 0, '') | 1 update files can't be moved, which are named above: start the server, upload them again
            PostgreSQL isn't there    |                                                           | Connection to 127.0.0.1:1 refused
            no such database          |                                                           | database "none" does not exist
            a server's                |                                                           | isn't empty, but has other tables, or a server of Fuota uses it: make a new one
            somebody else's           |                                                           | isn't empty, but has other tables, or a server of Fuota uses it: make a new one
            no URL                    |                                                           | --move-to isn't jdbc:postgresql://HOST/DATABASE
            out of place              |                                                           | isn't an option with a value
            """)
    void refuses(String what, String sql, String sentence) throws Exception {
        Path data = folder.resolve("data");
        Files.createDirectories(data.resolve("db"));
        Files.createDirectories(data.resolve("files/v"));
        Files.createDirectories(data.resolve("blobs"));
        start(data, TestDatabase.sqlite(data.resolve("db")));
        if (sql != null) {
            execute(sqlite(data), sql);
        }
        String url = PostgresCluster.shared().url(name);
        switch (what) {
            case "missing" -> Files.delete(data.resolve("db/devices.db"));
            case "not taken in" -> Files.writeString(data.resolve("files/v/left.bin"), "left");
            case "PostgreSQL isn't there" -> url = "jdbc:postgresql://127.0.0.1:1/none?user=fuota";
            case "no such database" -> url = url.replace(name, "none");
            case "a server's" -> {
                try (BasicDataSource pool = new BasicDataSource()) {
                    pool.setUrl(url);
                    new Database(pool).migrate();
                }
            }
            case "somebody else's" -> execute(url, "CREATE TABLE theirs (id BIGINT)");
            case "no URL" -> url = "postgresql://fuota@127.0.0.1/" + name + "?";
            case "out of place" -> url = url + " " + url;
            default -> {}
        }
        Map<String, String> before = hashes(data);
        refuses(data, url + "&password=" + SECRET, sentence.replace("FOLDER", data.toString()));
        assertEquals(before, hashes(data));
        if (what.equals("bytes are missing")) {
            // It was there before; and nobody's bytes are in the way of a move.
            execute(url, "INSERT INTO blob_chunk VALUES ('" + "1".repeat(64) + "', 0, '')");
            execute(sqlite(data), "DELETE FROM update_file");
            assertEquals(0, move(data, url).exit());
            assertEquals(0, count(url, "blob_chunk"));
        }
    }

    private static void start(Path data, BasicDataSource pool) throws Exception {
        DatabaseFile file = new DatabaseFile(data.resolve("db/devices.db"), data.resolve("files"), Clock.systemUTC());
        try (pool;
                Database database = new Database(pool, file)) {
            database.migrate();
        }
    }

    private void refuses(Path data, String url, String sentence) throws Exception {
        Run run = move(data, url);

        assertEquals(1, run.exit(), run.output());
        assertTrue(run.output().contains("Fuota set-up: ") && run.output().contains(sentence), run.output());
        assertFalse(run.output().contains("\tat "), run.output());
    }

    private Run move(Path data, String url) throws Exception {
        Path output = folder.resolve("move.log");
        int exit = begin(output, Map.of("FUOTA_DATABASE_USER", "fuota", "FUOTA_DATABASE_PASSWORD", SECRET), data, url)
                .waitFor();
        Run run = new Run(exit, Files.readString(output));
        assertFalse(run.output().contains(SECRET), run.output());
        return run;
    }

    /** The command that README shows. */
    private static Process begin(Path output, Map<String, String> environment, Path data, String url)
            throws IOException {
        Files.deleteIfExists(output);
        Matcher readme = Pattern.compile("(?m)java -jar fuota\\.war --data (\\S+) --move-to (\\S+)$")
                .matcher(Files.readString(Path.of("README.md")));
        assertTrue(readme.find());
        List<String> command = new ArrayList<>(Arrays.asList(readme.group().split(" ")));
        command.set(0, Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.set(2, System.getProperty("tomcat.war"));
        command.set(4, data.toString());
        command.remove(6);
        command.addAll(Arrays.asList(url.split(" ")));
        // What a kill leaves there goes with the test.
        command.add(1, "-Djava.io.tmpdir=" + output.getParent());
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static String sqlite(Path data) {
        return "jdbc:sqlite:" + data.resolve("db/devices.db");
    }

    private static Map<String, Long> counts(String url) throws SQLException {
        Map<String, Long> counts = new TreeMap<>();
        for (String table : List.of(
                "bulk",
                "bulk_line",
                "device_app",
                "device_status",
                "file_report",
                "file_report_device",
                "history",
                "loose_blob",
                "offered_image",
                "schema_migration",
                "served_day",
                "update_file")) {
            counts.put(
                    table,
                    Long.parseLong(first(
                            url,
                            "SELECT COUNT(*) FROM " + table
                                    + (table.equals("device_app") ? " WHERE device_id IS NOT NULL" : ""))));
        }
        return counts;
    }

    private static long count(String url, String table) throws SQLException {
        return first(url, "SELECT to_regclass('" + table + "') IS NULL").equals("t")
                ? 0
                : Long.parseLong(first(url, "SELECT COUNT(*) FROM " + table));
    }

    private static String first(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    /** Of all that isn't the lock, nor what SQLite itself has for those who read. */
    private static Map<String, String> hashes(Path data) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        try (Stream<Path> all = Files.walk(data)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String path = data.relativize(file).toString();
                if (!path.endsWith(".lock") && !path.endsWith("-shm") && Files.size(file) > 0) {
                    hashes.put(path, Hashes.sha256(Files.readAllBytes(file)));
                }
            }
        }
        return hashes;
    }
}
