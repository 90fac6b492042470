package org.fuota.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a database that several nodes share can do, or get wrong. */
@Timeout(120)
class PostgresTest {
    private static final int NODES = 5;
    private static final String INSERT =
            "INSERT INTO device_app (device_id, app_ver, update_file_path) VALUES (?, '1', 'f')";

    @TempDir
    Path folder;

    private final String name = "p" + UUID.randomUUID().toString().substring(0, 8);

    @Test
    void makesItsSchemaOnceWhenFiveNodesStartAtOnce() throws Exception {
        inParallel(node -> {
            node.migrate();
            return null;
        });

        try (BasicDataSource pool = pool()) {
            assertEquals(
                    List.of("1 0001"),
                    new Database(pool)
                            .query(
                                    "SELECT COUNT(*), number FROM schema_migration WHERE number = '0001' GROUP BY number",
                                    row -> row.getLong(1) + " " + row.getString(2)));
        }
    }

    /** What is read in a transaction stays so until it commits. */
    @Test
    void countsRightThoughAllNodesReadAndThenWrite() throws Exception {
        try (BasicDataSource pool = pool()) {
            Database database = new Database(pool);
            database.update("CREATE TABLE counter (id INTEGER PRIMARY KEY, value BIGINT NOT NULL)");
            database.update("INSERT INTO counter (id, value) VALUES (1, 0)");

            inParallel(node -> {
                for (int i = 0; i < 40; i++) {
                    node.transaction(transaction -> {
                        long value = transaction
                                .queryOne("SELECT value FROM counter WHERE id = 1", row -> row.getLong(1))
                                .orElseThrow();
                        return transaction.update("UPDATE counter SET value = ? WHERE id = 1", value + 1);
                    });
                }
                return null;
            });

            assertEquals(
                    NODES * 40L,
                    database.queryOne("SELECT value FROM counter WHERE id = 1", row -> row.getLong(1))
                            .orElseThrow());
        }
    }

    /** The cluster's own order is that of a language: a, B, c. */
    @Test
    void ordersTextByItsBytes() throws Exception {
        try (BasicDataSource pool = pool()) {
            Database database = new Database(pool);
            for (String id : List.of("a", "B", "c", "_", "é")) {
                database.update(INSERT, id);
            }

            assertEquals(
                    List.of("B", "_", "a", "c", "é"),
                    database.query("SELECT device_id FROM device_app ORDER BY device_id", row -> row.getString(1)));
        }
    }

    @Test
    void leavesBackupsToPgDump() throws Exception {
        try (BasicDataSource pool = pool()) {
            Database database = new Database(pool);

            FuotaException refused =
                    assertThrows(FuotaException.class, () -> database.copyTo(folder.resolve("copy.db")));

            assertEquals(ErrorCode.CONFLICT, refused.code());
            assertTrue(refused.sentence().contains("pg_dump"), refused.sentence());
            assertTrue(database.sizeBytes() > 1_000_000);
        }
    }

    @Test
    void hasOneNodeDoAPieceOfWorkUntilThatIsCutOff() throws Exception {
        try (BasicDataSource pool = pool();
                BasicDataSource another = pool();
                Database first = new Database(pool)) {
            Database second = new Database(another);
            assertTrue(first.isOurs("prune"));
            assertFalse(second.isOurs("prune"));
            assertTrue(second.isOurs("scrub"));
            assertFalse(first.isOurs("scrub"));
            assertTrue(first.isOurs("prune"), "still");

            cutOffWhoHas("prune", second);

            while (!second.isOurs("prune")) {
                Thread.onSpinWait();
            }
            assertFalse(first.isOurs("prune"));
            assertTrue(second.isOurs("scrub"));
            second.close();
            while (!first.isOurs("scrub")) {
                Thread.onSpinWait();
            }
            assertTrue(first.isOurs("prune"), "one that ends gives up all");
        }
    }

    /** In a container each connection's pool of statements is registered: what stays there stays in memory, with the application's class loader. */
    @Test
    void leavesNothingOfAConnectionThatItHasGivenUp() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName pools = new ObjectName("org.fuota." + name + ":*");
        try (BasicDataSource pool = pool()) {
            pool.setJmxName("org.fuota." + name + ":type=pool");
            try (Database database = new Database(pool)) {
                assertTrue(database.isOurs("prune"));
                assertEquals(
                        1, database.querySoon("SELECT 1", row -> row.getInt(1)).size());
                assertTrue(server.queryNames(pools, null).size() > 2, "those that are kept");
            }
        }

        assertEquals(Set.of(), server.queryNames(pools, null));
    }

    /** A staging server, say. */
    @Test
    void leavesAnotherInstallationInTheSameDatabaseAlone() throws Exception {
        try (BasicDataSource pool = pool();
                BasicDataSource staging = TestDatabase.postgresql(folder, name + "-staging");
                Database production = new Database(pool);
                Database other = new Database(staging)) {
            assertTrue(production.isOurs("prune"));
            assertTrue(other.isOurs("prune"));
            production.transaction(transaction -> {
                transaction.update(INSERT, "of production");
                return other.update(INSERT, "of staging");
            });
        }
    }

    /** Nobody could write until the operating system finds out, which takes hours. */
    @Test
    void takesTheWriteLockFromANodeThatHangs() throws Exception {
        try (BasicDataSource pool = pool();
                BasicDataSource another = pool();
                Database hanging = new Database(pool);
                Database other = new Database(another)) {
            assertThrows(
                    DatabaseException.class,
                    () -> hanging.transaction(transaction -> {
                        transaction.update(INSERT, "of the one that hangs");
                        while (!writes(other)) {
                            Thread.onSpinWait();
                        }
                        return transaction.update(INSERT, "goes on too late");
                    }));

            assertEquals(
                    List.of("of the other"),
                    other.query("SELECT device_id FROM device_app ORDER BY device_id", row -> row.getString(1)));
            assertEquals(1, hanging.update("DELETE FROM device_app"), "it can go on by another connection");
        }
    }

    /** A server that is gone may let whoever connects wait for ever: that must be nobody who can't wait. */
    @Test
    void tellsThoseInAHurryAtOnceAndHasThemBackByItself() throws Exception {
        try (BasicDataSource pool = pool();
                Hanging source = new Hanging(pool.getUrl());
                Database database = new Database(source)) {
            database.migrate();
            assertEquals("1", one(database));
            source.hang(new Database(pool));

            // At once: if each waited, it would be minutes, and all threads would be taken.
            for (int poll = 0; poll < 200; poll++) {
                assertThrows(DatabaseException.class, () -> one(database));
            }
            // Nor does anybody else, as long as it is known to be gone.
            assertThrows(DatabaseException.class, () -> database.update("DELETE FROM device_app"));

            source.goOn();
            while (!isThere(database)) {
                Thread.onSpinWait();
            }
            assertEquals(0, database.update("DELETE FROM device_app"));
        }
    }

    private static String one(Database database) {
        return database.queryOneSoon("SELECT 1", row -> row.getString(1)).orElseThrow();
    }

    private static boolean isThere(Database database) {
        try {
            return one(database).equals("1");
        } catch (DatabaseException e) {
            return false;
        }
    }

    /** A pool that is cut off from its server, and then has everybody wait who asks for more. */
    private static final class Hanging extends BasicDataSource {
        private final String application = "hanging-" + UUID.randomUUID();
        private volatile CountDownLatch hanging = new CountDownLatch(0);

        Hanging(String url) {
            setUrl(url + "&ApplicationName=" + application);
        }

        @Override
        public Connection getConnection() throws SQLException {
            try {
                hanging.await();
            } catch (InterruptedException e) {
                throw new SQLException(e);
            }
            return super.getConnection();
        }

        void hang(Database other) {
            hanging = new CountDownLatch(1);
            other.query(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = ?",
                    row -> row.getBoolean(1),
                    application);
        }

        void goOn() {
            hanging.countDown();
        }
    }

    private static boolean writes(Database database) {
        try {
            database.transaction(transaction -> transaction.update(INSERT, "of the other"));
            return true;
        } catch (DatabaseException e) {
            return false;
        }
    }

    private static void cutOffWhoHas(String work, Database database) {
        database.query("""
                SELECT pg_terminate_backend(pid)
                FROM pg_locks
                WHERE locktype = 'advisory' AND objsubid = 2 AND objid::bigint = ? AND pid <> pg_backend_pid()
                """, row -> row.getBoolean(1), Integer.toUnsignedLong(work.hashCode()));
    }

    private void inParallel(Work work) throws Exception {
        ExecutorService nodes = Executors.newFixedThreadPool(NODES);
        CountDownLatch start = new CountDownLatch(NODES);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < NODES; i++) {
                running.add(nodes.submit(() -> {
                    try (BasicDataSource pool = pool()) {
                        start.countDown();
                        start.await();
                        return work.on(new Database(pool));
                    }
                }));
            }
            for (Future<?> node : running) {
                node.get();
            }
        } finally {
            nodes.shutdownNow();
        }
    }

    private interface Work {
        Object on(Database node) throws Exception;
    }

    private BasicDataSource pool() {
        return TestDatabase.postgresql(folder, name);
    }
}
