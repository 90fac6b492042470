package org.fuota.faults;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fuota.tomcat.TomcatProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The role that {@code deploy/postgresql.sql} makes is enough, over the TLS of {@code deploy/ROOT.xml}, which takes no server for another. */
@Tag(Faults.TAG)
@Timeout(600)
class LeastRoleIT {
    private static final String WRONG_PASSWORD = "wrong-password-0123456789";
    private static final List<String> MORE = List.of(
            "CREATE DATABASE another",
            "CREATE ROLE another",
            "CREATE SCHEMA another",
            "CREATE TABLE public.another (number INT)",
            "CREATE TEMPORARY TABLE another (number INT)",
            "SELECT * FROM pg_authid",
            "COPY (SELECT 1) TO PROGRAM 'true'",
            "SELECT pg_read_file('postgresql.conf')");

    @TempDir
    Path folder;

    private BareDatabase database;
    private TomcatProcess tomcat;

    @BeforeEach
    void setUp() throws Exception {
        database = new BareDatabase(folder.resolve("database"));
        tomcat = new TomcatProcess(Files.createDirectory(folder.resolve("tomcat")));
        database.use(tomcat, BareDatabase.PASSWORD);
    }

    @AfterEach
    void end() {
        tomcat.close();
        database.close();
    }

    @Test
    void isEnoughAndItsSecretsStayOutOfTheLog() throws Exception {
        tomcat.start();
        Client client = new Client(tomcat);
        byte[] firmware = "firmware".repeat(300_000).getBytes(StandardCharsets.US_ASCII);

        assertEquals(200, client.put("/files/a.bin", firmware).status());
        assertEquals(200, client.assign("board", "1", "a.bin").status());
        assertEquals("a.bin", client.poll("board", "1").text());
        assertArrayEquals(firmware, client.download("a.bin").bytes());
        Faults.await(
                "the poll is told",
                () -> client.get("/fleet?fields=device_id,polls").text().contains("\"board\",\"1\""));
        assertEquals(200, client.get("/health/ready").status());
        assertEquals(200, client.delete("/devices/board").status());
        assertEquals(200, client.delete("/files/a.bin").status());

        assertEquals("t\n", database.ask("""
                SELECT count(*) > 0 AND bool_and(ssl)
                FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                WHERE usename = 'fuota'"""));
        assertEquals("fuota|fuota\n", database.ask("""
                SELECT DISTINCT schemaname, tableowner
                FROM pg_tables
                WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"""));

        database.cluster.stopProperly();
        assertTold(client, "Connection to localhost:" + database.cluster.port() + " refused");
        database.cluster.start();
        tomcat.stop();
        database.use(tomcat, WRONG_PASSWORD);
        tomcat.restart();
        assertTold(client, "password authentication failed for user \"fuota\"");
        assertNoSecretInTheLog();
    }

    @Test
    void allowsNoMore() throws Exception {
        assertEquals(
                "fuota\n", database.run("psql", "-Atc", "SELECT current_schema").output());
        for (String sql : MORE) {
            Program refused = database.run("psql", "-c", sql);
            assertEquals(1, refused.exit(), sql);
            assertTrue(
                    refused.output().matches("(?s)ERROR:  (permission denied|must be superuser) .*"),
                    sql + ": " + refused.output());
        }
    }

    @Test
    void takesNoServerForAnother() throws Exception {
        database.issue("elsewhere", "authority", "elsewhere.example.com");
        database.makeAuthority("stranger");
        database.issue("strange", "stranger", "localhost");
        database.show("elsewhere");
        tomcat.start();
        Client client = new Client(tomcat);

        assertTold(client, "The hostname localhost could not be verified");

        database.show("strange");
        assertTold(client, "unable to find valid certification path to requested target");

        database.show("server");
        Faults.await("ready", () -> client.get("/health/ready").status() == 200);
        assertNoSecretInTheLog();
    }

    private void assertTold(Client client, String reason) throws Exception {
        Faults.await("the log says " + reason, () -> {
            assertEquals(204, client.poll("board", "1").status());
            return tomcat.log().contains(reason);
        });
        Faults.await("not ready", () -> client.get("/health/ready").status() == 503);
    }

    /** Neither of the passwords, nor a URL with its options. */
    private void assertNoSecretInTheLog() throws IOException {
        for (String secret : List.of(BareDatabase.PASSWORD, WRONG_PASSWORD, "sslmode", "targetServerType=")) {
            assertFalse(tomcat.log().contains(secret), () -> secret + " is in the log");
        }
    }
}
