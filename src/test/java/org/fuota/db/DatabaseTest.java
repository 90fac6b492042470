package org.fuota.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.commons.dbcp2.BasicDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseTest {
    /** SQLite's SQLITE_OPEN_READONLY. */
    private static final int OPEN_READONLY = 1;

    @TempDir
    Path folder;

    private BasicDataSource pool = new BasicDataSource();
    private Database database = new Database(pool);

    @BeforeEach
    void open() {
        pool = TestDatabase.sqlite(folder);
        database = new Database(pool);
    }

    @AfterEach
    void close() throws Exception {
        pool.close();
    }

    @Test
    void makesTheSchemaOnce() throws Exception {
        database.migrate();
        database.update("INSERT INTO device_app (device_id) VALUES (?)", "1");
        pool.close();

        open();
        database.migrate();

        assertEquals(scripts(), numbers());
        assertEquals(1, count());
    }

    /** SQLite refuses to on a connection for which the pool keeps a statement that has written. */
    @Test
    void copiesAllWhateverThePoolKeeps() throws Exception {
        for (String id : List.of("1", "2")) {
            database.update("INSERT INTO device_app (device_id) VALUES (?)", id);
        }
        Path copy = Files.createDirectory(folder.resolve("it's a copy")).resolve("devices.db");

        database.copyTo(copy);
        database.update("INSERT INTO device_app (device_id) VALUES (?)", "3");

        pool.close();
        pool = TestDatabase.sqlite(copy.getParent());
        database = new Database(pool);
        assertEquals(2, count());
        assertEquals(scripts(), numbers());
    }

    @Test
    void knowsHowLargeItIs() throws Exception {
        long before = database.sizeBytes();
        database.update("INSERT INTO device_app (device_id) VALUES (?)", "x".repeat(1_000_000));

        assertTrue(before > 4096, before + " bytes");
        assertTrue(database.sizeBytes() - before > 1_000_000);
    }

    @Test
    void copiesOverNothing() throws Exception {
        Path there = Files.writeString(folder.resolve("there"), "something");

        assertThrows(DatabaseException.class, () -> database.copyTo(there));
        assertEquals("something", Files.readString(there));
    }

    @Test
    void opensTheDatabaseOfAPythonServer() throws Exception {
        Files.copy(Path.of("src/test/resources/seed/devices.db"), folder.resolve("devices.db"));

        database.migrate();

        assertEquals(10, count());
        assertEquals(
                Optional.of("esp32-fuota.bin.0.1.1"),
                database.queryOne(
                        "SELECT update_file_path FROM device_app WHERE device_id = ? ORDER BY device_id",
                        row -> row.getString(1),
                        "00001"));
    }

    @Test
    void failsWithoutItsFolderAndGoesOnWhenItComes() throws Exception {
        Files.delete(folder);
        assertThrows(DatabaseException.class, database::migrate);
        assertThrows(DatabaseException.class, this::count);

        Files.createDirectory(folder);

        assertEquals(0, count());
    }

    @Test
    void failsOnGarbage() throws Exception {
        Files.writeString(folder.resolve("devices.db"), "this is not a database ".repeat(1000));
        String before = Files.readString(folder.resolve("devices.db"));

        assertThrows(DatabaseException.class, database::migrate);
        assertThrows(DatabaseException.class, () -> database.update("DELETE FROM device_app"));
        assertThrows(DatabaseException.class, database::requireWritable);

        assertEquals(before, Files.readString(folder.resolve("devices.db")), "nothing is overwritten");
    }

    @Test
    void takesValuesAsTheyAre() {
        String hostile = "'; DROP TABLE device_app; --";

        assertEquals(1, database.update("INSERT INTO device_app (device_id) VALUES (?)", hostile));

        assertEquals(
                Optional.of(hostile),
                database.queryOne(
                        "SELECT device_id FROM device_app WHERE device_id = ?", row -> row.getString(1), hostile));
        assertEquals(0, database.update("DELETE FROM device_app WHERE device_id = ?", "x"));
        assertEquals(1, database.update("DELETE FROM device_app WHERE device_id = ?", hostile));
    }

    @Test
    void readsWhileSomebodyWrites() throws Exception {
        database.migrate();
        try (Connection writer = pool.getConnection()) {
            writer.setAutoCommit(false);
            writer.createStatement().executeUpdate("INSERT INTO device_app (device_id) VALUES ('1')");

            assertEquals(0, count(), "not committed yet");
            assertThrows(DatabaseException.class, () -> database.update("DELETE FROM device_app"), "locked");

            writer.commit();
        }
        assertEquals(1, count());
    }

    @Test
    void tellsWhetherItTakesWrites() throws Exception {
        database.requireWritable();
        assertEquals(scripts(), numbers());
        try (Connection writer = pool.getConnection()) {
            writer.setAutoCommit(false);
            writer.createStatement().executeUpdate("INSERT INTO device_app (device_id) VALUES ('1')");
            assertThrows(DatabaseException.class, database::requireWritable, "locked");
            writer.rollback();
        }
        database.requireWritable();
        pool.close();

        pool = TestDatabase.sqlite(folder);
        pool.addConnectionProperty("open_mode", String.valueOf(OPEN_READONLY));
        Database readOnly = new Database(pool);
        assertEquals(
                0, readOnly.query("SELECT device_id FROM device_app", row -> 1).size());
        assertThrows(DatabaseException.class, readOnly::requireWritable);
    }

    /**
     * Each would wait 2 s for the lock, and one after the other longer than any board waits: so they give up before. A Python
     * server's database isn't in WAL mode, and locked already when the pool opens it.
     */
    @Test
    void manyAtOnceDoNotQueueForALockedDatabase() throws Exception {
        Files.copy(Path.of("src/test/resources/seed/devices.db"), folder.resolve("devices.db"));
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("devices.db"))) {
            other.createStatement().executeUpdate("BEGIN EXCLUSIVE");
            ExecutorService threads = Executors.newFixedThreadPool(8);
            try {
                List<Future<Throwable>> failures = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    failures.add(threads.submit(() -> assertThrows(DatabaseException.class, database::migrate)
                            .getCause()));
                }
                int gaveUp = 0;
                for (Future<Throwable> failure : failures) {
                    gaveUp += failure.get().getMessage().contains("still being opened") ? 1 : 0;
                }
                assertTrue(gaveUp >= 1, "queued for it instead of giving up");
            } finally {
                threads.shutdown();
                other.createStatement().executeUpdate("ROLLBACK");
            }
        }
        assertEquals(10, count());
    }

    /** One that writes again and again must not keep others waiting. */
    @Test
    void letsWriteInTheOrderInWhichTheyCame() throws Exception {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        // More than once, because the first time all code is slow.
        for (int round = 0; round < 20; round++) {
            order.clear();
            Thread other = new Thread(() -> database.transaction(transaction -> order.add("other")));
            database.transaction(transaction -> {
                other.start();
                while (other.getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait();
                }
                assertEquals(1, pool.getNumActive(), "who waits has no connection");
                return order.add("first");
            });
            database.transaction(transaction -> order.add("again"));
            other.join();

            assertEquals(List.of("first", "other", "again"), order);
        }
    }

    @Test
    void givesItsConnectionsBackAfterAFailure() {
        for (int i = 0; i < 2 * pool.getMaxTotal(); i++) {
            assertThrows(DatabaseException.class, () -> database.query("SELECT nonsense", row -> 1));
            assertThrows(DatabaseException.class, () -> database.update("UPDATE nowhere SET x = ?", 1));
        }
        assertEquals(0, pool.getNumActive());
    }

    @Test
    void givesItsConnectionsBackWhenAMigrationFailsAndTriesAgain() throws Exception {
        execute("CREATE TABLE schema_migration (number TEXT NOT NULL CHECK (number = 'none'))");
        for (int i = 0; i < 2 * pool.getMaxTotal(); i++) {
            assertThrows(DatabaseException.class, database::migrate);
        }

        assertEquals(0, pool.getNumActive());
        try (Connection connection = pool.getConnection();
                ResultSet tables = connection
                        .createStatement()
                        .executeQuery("SELECT COUNT(*) FROM sqlite_master WHERE name = 'device_app'")) {
            assertEquals(0, tables.getInt(1), "all scripts or none");
        }
        execute("DROP TABLE schema_migration");
        assertEquals(0, count());
    }

    /** SQLite has rolled back by itself then, and refuses to do so again. */
    @Test
    void tellsWhatFailedAndNotThatRollingBackFailed() {
        DatabaseException failure = assertThrows(
                DatabaseException.class,
                () -> database.transaction(transaction -> {
                    transaction.update("INSERT INTO device_app (device_id) VALUES (?)", "1");
                    return transaction.update("INSERT OR ROLLBACK INTO device_app (device_id) VALUES (?)", "1");
                }));

        assertTrue(failure.getCause().getMessage().contains("UNIQUE constraint failed"), failure.getCause()::toString);
        assertEquals(0, count());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"a b", "a#b", "a%20b", "a&b", "a;b", "a'b", "a\u00fcb", "a$b", "a\"b", "a+b", "a:b"})
    void keepsItsSettingsInAnyFolder(String name) throws Exception {
        Path odd = Files.createDirectory(folder.resolve(name));
        try (BasicDataSource other = TestDatabase.sqlite(odd)) {
            Database there = new Database(other);

            assertEquals(
                    List.of("wal 2"),
                    List.of(there.queryOne("PRAGMA journal_mode", row -> row.getString(1))
                                    .orElseThrow()
                            + " "
                            + there.queryOne("PRAGMA synchronous", row -> row.getString(1))
                                    .orElseThrow()));
            assertTrue(Files.exists(odd.resolve("devices.db")));
        }
    }

    private void execute(String sql) throws Exception {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private List<String> numbers() {
        return database.query("SELECT number FROM schema_migration ORDER BY number", row -> row.getString(1));
    }

    private int count() {
        return database.queryOne("SELECT COUNT(*) FROM device_app", row -> row.getInt(1))
                .orElseThrow();
    }

    /** The numbers of all migrations. */
    private static List<String> scripts() throws IOException {
        try (Stream<Path> scripts = Files.list(Path.of("src/main/resources/db/migration"))) {
            return scripts.map(script -> script.getFileName().toString().substring(0, 4))
                    .sorted()
                    .toList();
        }
    }
}
