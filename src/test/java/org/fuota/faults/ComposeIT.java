package org.fuota.faults;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.fuota.db.PostgresCluster;
import org.fuota.tomcat.TomcatProcess;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code deploy/make-secrets} makes is enough for a node and for PostgreSQL; without Docker, so as processes of this machine. */
@Tag(Faults.TAG)
@Timeout(600)
class ComposeIT {
    // Takes the place of Docker: runs the set-up tool with what the image would be told.
    private static final String DOCKER = """
            #!/usr/bin/env bash
            [[ "$*" == "run --rm --pull never --user 0 --volume $8 --entrypoint java fuota -jar webapps/ROOT.war --data /secrets --host localhost" ]] || exit 64
            exec '%s' -jar '%s' --data "${8%%:/secrets}" --host localhost
            """;
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin/java");

    @TempDir
    Path folder;

    private Path secrets;

    @BeforeEach
    void makeSecrets() throws Exception {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "this needs root, for chown");
        Path deploy = Files.createDirectory(folder.resolve("deploy"));
        secrets = deploy.resolve("secrets");
        for (String file : List.of("make-secrets", "ROOT.xml")) {
            Files.copy(Path.of("deploy", file), deploy.resolve(file));
        }
        Path docker = folder.resolve("docker");
        Files.writeString(docker, DOCKER.formatted(JAVA, System.getProperty("tomcat.war")));
        Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwxr-xr-x"));
        Program made = run();
        assertEquals(0, made.exit(), made.output());
    }

    private Program run() throws Exception {
        Map<String, String> environment = Map.of(
                "PATH", folder + ":" + System.getenv("PATH"),
                "FUOTA_ADMIN_PASSWORD", TomcatProcess.ADMIN_PASSWORD,
                "FUOTA_DEVICE_PASSWORD", TomcatProcess.DEVICE_PASSWORD);
        return Program.run(environment, "", List.of("bash", folder + "/deploy/make-secrets", "localhost"));
    }

    @Test
    void isEnough() throws Exception {
        try (PostgresCluster database = PostgresCluster.bare(
                        secrets.resolve("database-cert.pem"), secrets.resolve("database-key.pem"));
                TomcatProcess tomcat = new TomcatProcess(Files.createDirectory(folder.resolve("tomcat")))) {
            BareDatabase.setUp(database, secrets.resolve("database-password"));
            String context = Files.readString(secrets.resolve("ROOT.xml"));
            assertFalse(context.contains("THE_DATABASE_PASSWORD"), context);
            assertTrue(context.contains("://database/fuota?"), context);
            Files.writeString(
                    tomcat.folder().resolve("conf/Catalina/localhost/ROOT.xml"),
                    context.replace("://database/", "://database:" + database.port() + "/")
                            .replace(
                                    "/etc/fuota/database-ca.pem",
                                    secrets.resolve("database-cert.pem").toString()));
            // The name by which a container finds the other.
            Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 database localhost\n");
            Files.createDirectory(tomcat.data());
            Files.createSymbolicLink(tomcat.data().resolve("conf"), secrets.resolve("conf"));
            tomcat.certificate(secrets.resolve("tls/cert.pem"), secrets.resolve("tls/key.pem"))
                    .option("-Djdk.net.hosts.file=" + hosts)
                    .option(enter(tomcat))
                    .restart();

            Client client = new Client(tomcat);
            assertEquals(200, client.put("/files/a.bin", "firmware").status());
            assertEquals(200, client.assign("board", "1", "a.bin").status());
            assertEquals("a.bin", client.poll("board", "1").text());
            assertEquals(200, client.get("/health/ready").status());
        }
    }

    /** Runs the image's entry point, which has nothing left to make; returns the option that it gives Tomcat. */
    private String enter(TomcatProcess tomcat) throws Exception {
        byte[] users = Files.readAllBytes(secrets.resolve("conf/tomcat-users.xml"));
        Map<String, String> environment = Map.of(
                "PATH", JAVA.getParent() + ":" + System.getenv("PATH"),
                "CATALINA_HOME", tomcat.folder().toString(),
                "FUOTA_DATA", tomcat.data().toString(),
                "FUOTA_HTTPS_PORT", String.valueOf(tomcat.port()),
                "FUOTA_TLS_CERTIFICATE", secrets.resolve("tls/cert.pem").toString(),
                "FUOTA_TLS_KEY", secrets.resolve("tls/key.pem").toString());
        String output = Program.require(environment, "", "bash", "tomcat-conf/docker-entrypoint.sh", "env");
        assertFalse(output.contains("New passwords"), output);
        assertArrayEquals(users, Files.readAllBytes(secrets.resolve("conf/tomcat-users.xml")));
        String option = "-Dfuota.users=" + tomcat.data().resolve("conf/tomcat-users.xml");
        assertTrue(output.contains(option), output);
        return option;
    }

    @Test
    void belongsToTheImagesUsersAndIsMadeOnce() throws Exception {
        for (String theirs : List.of("ROOT.xml", "tls/key.pem", "conf/tomcat-users.xml")) {
            assertEquals("10001 rw-------", access(theirs), theirs);
        }
        for (String theirs : List.of("database-password", "superuser-password", "database-key.pem")) {
            assertEquals("999 rw-------", access(theirs), theirs);
        }
        byte[] password = Files.readAllBytes(secrets.resolve("database-password"));
        assertEquals(33, password.length);

        Program again = run();

        assertEquals(1, again.exit(), again.output());
        assertTrue(again.output().contains("secrets is there already"), again.output());
        assertArrayEquals(password, Files.readAllBytes(secrets.resolve("database-password")));
    }

    private String access(String file) throws Exception {
        Path path = secrets.resolve(file);
        return Files.getAttribute(path, "unix:uid") + " "
                + PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
