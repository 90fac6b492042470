package org.fuota.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.fuota.tomcat.TomcatProcess;
import org.junit.jupiter.api.Assumptions;

/** Debian's PostgreSQL, a cluster in a temporary folder that nobody needs afterwards. It ends with this JVM. */
public final class PostgresCluster {
    private static final Path PROGRAMS = Path.of("/usr/lib/postgresql");

    private final Path folder;
    private final int port;

    private PostgresCluster(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    private static final class Shared {
        static final PostgresCluster CLUSTER = start();

        private static PostgresCluster start() {
            try {
                PostgresCluster cluster =
                        new PostgresCluster(Files.createTempDirectory("fuota-postgresql"), TomcatProcess.freePort());
                cluster.begin();
                Runtime.getRuntime().addShutdownHook(new Thread(cluster::end));
                return cluster;
            } catch (IOException e) {
                throw new IllegalStateException("PostgreSQL didn't start", e);
            }
        }
    }

    /** The one of this JVM, started when it is first asked for; the test is skipped where PostgreSQL isn't installed. */
    public static PostgresCluster shared() {
        Assumptions.assumeTrue(Files.isDirectory(PROGRAMS), "this needs PostgreSQL (postgresql)");
        return Shared.CLUSTER;
    }

    /** {@code start} or {@code stop}, the folder and the port: one that outlives this JVM, with a database {@code fuota}. */
    public static void main(String[] arguments) throws IOException {
        PostgresCluster cluster = new PostgresCluster(Path.of(arguments[1]), Integer.parseInt(arguments[2]));
        if (arguments[0].equals("stop")) {
            cluster.end();
        } else {
            Files.createDirectories(cluster.folder);
            cluster.begin();
            cluster.url("fuota");
        }
    }

    private void begin() throws IOException {
        if (isRoot()) {
            // It refuses to run as root.
            run(List.of("chown", "postgres", folder.toString()));
        }
        String data = folder.resolve("data").toString();
        run(asPostgres(
                program("initdb"),
                "-D",
                data,
                "-U",
                "fuota",
                "-A",
                "trust",
                // No fsync: what a power cut would take isn't tested here.
                "-N",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                // Whose order of text isn't that of bytes, as most operators have it.
                "--locale-provider=icu",
                "--icu-locale=en"));
        run(asPostgres(
                program("pg_ctl"),
                "-D",
                data,
                "-l",
                folder.resolve("log").toString(),
                "-w",
                "-o",
                "-p " + port + " -k " + folder + " -c listen_addresses=127.0.0.1 -c fsync=off"
                        + " -c full_page_writes=off -c synchronous_commit=off -c max_connections=500",
                "start"));
    }

    /** The URL of a database of that name, which is made if it isn't there. */
    public synchronized String url(String database) {
        try (Connection connection = DriverManager.getConnection(of("postgres"));
                Statement statement = connection.createStatement()) {
            boolean isThere = statement
                    .executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + database + "'")
                    .next();
            if (!isThere) {
                statement.executeUpdate("CREATE DATABASE \"" + database + "\" STRATEGY file_copy");
            }
            return of(database);
        } catch (SQLException e) {
            throw new IllegalStateException("no database " + database, e);
        }
    }

    /** The URL of a schema of that name in a database of tests, which is made if it isn't there: a hundred times as fast as a database. */
    public synchronized String schema(String schema) {
        String url = url("tests");
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("CREATE SCHEMA IF NOT EXISTS \"" + schema + "\"");
            return url + "&currentSchema=" + schema;
        } catch (SQLException e) {
            throw new IllegalStateException("no schema " + schema, e);
        }
    }

    private String of(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=fuota";
    }

    private void end() {
        try {
            run(asPostgres(program("pg_ctl"), "-D", folder.resolve("data").toString(), "-m", "immediate", "stop"));
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String program(String name) throws IOException {
        try (Stream<Path> versions = Files.list(PROGRAMS)) {
            return versions.map(version -> version.resolve("bin").resolve(name))
                    .filter(Files::isExecutable)
                    .max(Comparator.naturalOrder())
                    .orElseThrow(() -> new IOException("PostgreSQL isn't installed: no " + name + " below " + PROGRAMS))
                    .toString();
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static List<String> asPostgres(String... command) {
        List<String> all = new ArrayList<>();
        if (isRoot()) {
            all.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        all.addAll(Arrays.asList(command));
        return all;
    }

    private static void run(List<String> command) throws IOException {
        Path output = Files.createTempFile("fuota-postgresql", ".log");
        try {
            // Not through a pipe, which the server would hold open.
            Process process = new ProcessBuilder(command)
                    .directory(Path.of("/").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(command + " failed: " + Files.readString(output));
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            Files.deleteIfExists(output);
        }
    }
}
