package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import javax.naming.InitialContext;
import javax.sql.DataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Inside the container, with the defaults that the WAR brings itself: what JNDI, the pool and the listener give to the
 * application.
 */
@ExtendWith(ArquillianExtension.class)
class ContainerIT {
    @Deployment
    static WebArchive war() {
        return ShrinkWrap.create(ZipImporter.class, "defaults.war")
                .importFrom(new File(System.getProperty("it.war")))
                .as(WebArchive.class);
    }

    @Test
    void poolsTheDatabaseUnderCatalinaBase() throws Exception {
        BasicDataSource pool = assertInstanceOf(BasicDataSource.class, lookup("jdbc/fuota"));

        assertEquals(16, pool.getMaxTotal());
        assertTrue(pool.isPoolPreparedStatements());
        assertTrue(
                pool.getUrl()
                        .startsWith("jdbc:sqlite:" + System.getProperty("catalina.base") + "/fuota/db/devices.db?"),
                pool.getUrl());
    }

    @Test
    void everyConnectionWritesDurablyAndWaitsForLocks() throws Exception {
        DataSource pool = (DataSource) lookup("jdbc/fuota");
        try (Connection first = pool.getConnection();
                Connection second = pool.getConnection()) {
            for (Connection connection : new Connection[] {first, second}) {
                assertEquals("wal", pragma(connection, "journal_mode"));
                assertEquals("2", pragma(connection, "synchronous"), "FULL");
                assertEquals("2000", pragma(connection, "busy_timeout"));
            }
        }
    }

    @Test
    void startsWithAnEmptyDatabaseAndAnEmptyFolder() throws Exception {
        Path files = Path.of((String) lookup("fuota/files"));

        assertEquals(Path.of(System.getProperty("catalina.base"), "fuota", "files"), files);
        assertTrue(Files.isDirectory(files), "the listener has made it");
        DataSource pool = (DataSource) lookup("jdbc/fuota");
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM device_app")) {
            assertEquals(0, rows.getInt(1));
        }
    }

    @Test
    @org.jboss.arquillian.container.test.api.RunAsClient
    void wrongPasswordsLockNobodyOutOfAWarWithoutOurRealm() {
        for (int i = 0; i < 20; i++) {
            assertEquals(403, poll(Server.basic("device", "wrong " + i)));
        }
        assertEquals(404, poll(Server.DEVICE), "the user is let in, the device unknown");
    }

    private static int poll(String authorization) {
        return Server.send("GET", "/defaults/devices/nobody?app_ver=1", authorization, (String) null)
                .statusCode();
    }

    /** The driver starts a process as it loads, and the JDK thread that waits for processes keeps what it inherited for a minute. */
    @Test
    void theThreadThatWaitsForProcessesKeepsNoApplication() {
        java.util.List<Thread> reapers = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("process reaper"))
                .toList();

        org.junit.jupiter.api.Assertions.assertFalse(reapers.isEmpty(), "the driver has just been loaded");
        for (Thread reaper : reapers) {
            ClassLoader loader = reaper.getContextClassLoader();
            assertTrue(loader == null || loader == ClassLoader.getSystemClassLoader(), reaper + " holds " + loader);
        }
    }

    private static Object lookup(String name) throws Exception {
        return new InitialContext().lookup("java:comp/env/" + name);
    }

    private static String pragma(Connection connection, String name) throws Exception {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA " + name)) {
            return row.getString(1);
        }
    }
}
