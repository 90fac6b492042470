package org.fuota.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fuota.tomcat.TomcatProcess;
import org.junit.jupiter.api.Assumptions;

/** Debian's PostgreSQL, a cluster in a temporary folder that nobody needs afterwards. It ends with this JVM at the latest. */
public final class PostgresCluster implements AutoCloseable {
    private static final Path PROGRAMS = Path.of("/usr/lib/postgresql");

    private final Path folder;
    private final int port;
    private final Durability durability;

    /** What takes away what it has acknowledged. */
    private enum Durability {
        /** A kill of its processes. */
        NONE("-c fsync=off -c full_page_writes=off -c synchronous_commit=off"),
        /** Only a power cut. */
        PROCESSES("-c fsync=off -c full_page_writes=off"),
        /** Nothing, as PostgreSQL is by itself. */
        DISK("");

        private final String options;

        Durability(String options) {
            this.options = options;
        }
    }

    private PostgresCluster(Path folder, int port, Durability durability) {
        this.folder = folder;
        this.port = port;
        this.durability = durability;
    }

    private static final class Shared {
        static final PostgresCluster CLUSTER = begun(Durability.NONE);
    }

    /** The one of this JVM, started when it is first asked for; the test is skipped where PostgreSQL isn't installed. */
    public static PostgresCluster shared() {
        requireInstalled();
        return Shared.CLUSTER;
    }

    /** One that a test may stop or kill, and start again: what it has acknowledged is still there. */
    public static PostgresCluster own() {
        requireInstalled();
        return begun(Durability.PROCESSES);
    }

    /** One that waits for the disk, as an operator's does, to measure it. */
    public static PostgresCluster lasting() {
        requireInstalled();
        return begun(Durability.DISK);
    }

    /**
     * One of a test's own that nobody has set up: it has the superuser postgres alone, who needs no password in its {@link #folder}; over the
     * network it takes passwords, and only with TLS.
     *
     * @param certificate PEM files, as those for {@link #show}
     */
    public static PostgresCluster bare(Path certificate, Path key) throws IOException {
        requireInstalled();
        PostgresCluster cluster = new PostgresCluster(
                Files.createTempDirectory("fuota-postgresql"), TomcatProcess.freePort(), Durability.PROCESSES);
        cluster.initialize("postgres");
        cluster.write("pg_hba.conf", "local all postgres trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n");
        cluster.write("postgresql.auto.conf", "ssl = on\n");
        cluster.show(certificate, key);
        cluster.start();
        Runtime.getRuntime().addShutdownHook(new Thread(cluster::end));
        return cluster;
    }

    /** Has it another certificate, from its next start on. */
    public void show(Path certificate, Path key) throws IOException {
        write("server.crt", Files.readString(certificate));
        write("server.key", Files.readString(key));
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve("data").resolve(file);
        Files.writeString(path, text);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        if (isRoot()) {
            run(List.of("chown", "postgres", path.toString()));
        }
    }

    private static PostgresCluster begun(Durability durability) {
        try {
            PostgresCluster cluster = new PostgresCluster(
                    Files.createTempDirectory("fuota-postgresql"), TomcatProcess.freePort(), durability);
            cluster.begin();
            Runtime.getRuntime().addShutdownHook(new Thread(cluster::end));
            return cluster;
        } catch (IOException e) {
            throw new IllegalStateException("PostgreSQL didn't start", e);
        }
    }

    /** One that has all that this one has, as this one tells it, which acknowledges nothing from then on that the other doesn't have. */
    public PostgresCluster standby() throws IOException {
        PostgresCluster other = new PostgresCluster(
                Files.createTempDirectory("fuota-postgresql"), TomcatProcess.freePort(), durability);
        if (isRoot()) {
            run(List.of("chown", "postgres", other.folder.toString()));
        }
        run(asPostgres(
                program("pg_basebackup"),
                "-D",
                other.folder.resolve("data").toString(),
                "-h",
                "127.0.0.1",
                "-p",
                String.valueOf(port),
                "-U",
                "fuota",
                "-c",
                "fast",
                "-X",
                "stream",
                "-R"));
        other.start();
        Runtime.getRuntime().addShutdownHook(new Thread(other::end));
        // After the copy, which would have it otherwise, and wait for a standby of its own.
        execute("ALTER SYSTEM SET synchronous_standby_names = '*'");
        execute("SELECT pg_reload_conf()");
        return other;
    }

    /** Makes a standby the primary; returns when it takes writes. */
    public void promote() throws IOException {
        run(asPostgres(program("pg_ctl"), "-D", folder.resolve("data").toString(), "-w", "promote"));
    }

    /** Ends it properly: clients are cut off, and its standby has all. */
    public void stopProperly() throws IOException {
        run(asPostgres(program("pg_ctl"), "-D", folder.resolve("data").toString(), "-w", "-m", "fast", "stop"));
    }

    public int port() {
        return port;
    }

    /** Where its socket is. */
    public Path folder() {
        return folder;
    }

    private void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(of("postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static void requireInstalled() {
        Assumptions.assumeTrue(Files.isDirectory(PROGRAMS), "this needs PostgreSQL (postgresql)");
    }

    /** {@code start} or {@code stop}, the folder and the port: one that outlives this JVM, with a database {@code fuota}. */
    public static void main(String[] arguments) throws IOException {
        PostgresCluster cluster =
                new PostgresCluster(Path.of(arguments[1]), Integer.parseInt(arguments[2]), Durability.NONE);
        if (arguments[0].equals("stop")) {
            cluster.end();
        } else {
            Files.createDirectories(cluster.folder);
            cluster.begin();
            cluster.url("fuota");
        }
    }

    private void begin() throws IOException {
        initialize("fuota");
        start();
    }

    private void initialize(String superuser) throws IOException {
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
                superuser,
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
    }

    /** Returns when it takes connections. */
    public void start() throws IOException {
        run(asPostgres(
                program("pg_ctl"),
                "-D",
                folder.resolve("data").toString(),
                "-l",
                folder.resolve("log").toString(),
                "-w",
                "-o",
                "-p " + port + " -k " + folder + " -c listen_addresses=127.0.0.1 -c max_connections=500 "
                        + durability.options,
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

    /** At once, as if its machine was gone. */
    public void stop() throws IOException {
        run(asPostgres(program("pg_ctl"), "-D", folder.resolve("data").toString(), "-m", "immediate", "stop"));
    }

    /** {@code STOP}: all of its processes hang; {@code CONT}: they go on; {@code KILL}. Nothing happens when there are none. */
    public void signal(String name) throws IOException {
        List<ProcessHandle> processes = processes().toList();
        String pids = processes.stream().map(process -> " " + process.pid()).collect(Collectors.joining());
        // One that has ended meanwhile is none to fail for.
        new ProcessBuilder("sh", "-c", "kill -" + name + pids).start().onExit().join();
        if (name.equals("KILL")) {
            processes.forEach(process -> process.onExit().join());
            Files.delete(folder.resolve("data/postmaster.pid"));
        }
    }

    /** Those that there are now; of a cluster that runs. */
    public Stream<ProcessHandle> processes() {
        try {
            long postmaster = Long.parseLong(
                    Files.readAllLines(folder.resolve("data/postmaster.pid")).get(0));
            return ProcessHandle.of(postmaster)
                    .map(server -> Stream.concat(Stream.of(server), server.descendants()))
                    .orElse(Stream.of());
        } catch (IOException e) {
            throw new IllegalStateException("PostgreSQL doesn't run", e);
        }
    }

    @Override
    public void close() {
        end();
    }

    private void end() {
        try {
            if (Files.exists(folder.resolve("data/postmaster.pid"))) {
                stop();
            }
            if (Files.notExists(folder)) {
                return;
            }
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
