package org.fuota.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fuota.db.PostgresCluster;
import org.fuota.tomcat.TomcatProcess;

/** A PostgreSQL server over TLS, for localhost, that an operator has set up by {@code deploy/postgresql.sql}. */
final class BareDatabase implements AutoCloseable {
    static final String PASSWORD = "database-password-0123456789";

    private final Path folder;
    final PostgresCluster cluster;

    /** @param folder a new one: certificates and keys come to lie there */
    BareDatabase(Path folder) throws Exception {
        this.folder = Files.createDirectory(folder);
        makeAuthority("authority");
        issue("server", "authority", "localhost");
        cluster = PostgresCluster.bare(certificate("server"), key("server"));
        setUp(cluster, Files.writeString(folder.resolve("password"), PASSWORD + "\n"));
    }

    /** As PostgreSQL's image does it in {@code deploy/compose.yaml}. */
    static void setUp(PostgresCluster cluster, Path passwordFile) throws Exception {
        Map<String, String> environment = superuser(cluster);
        String sql = Files.readString(Path.of("deploy/postgresql.sql"));
        Program.require(environment, sql, "psql", "-v", "ON_ERROR_STOP=1");
        environment.put("FUOTA_DATABASE_PASSWORD_FILE", passwordFile.toString());
        Program.require(environment, "", "deploy/postgresql-password");
    }

    void makeAuthority(String name) throws Exception {
        Program.openssl(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout %s -out %s -subj /CN=%s",
                key(name), certificate(name), name);
    }

    void issue(String name, String authority, String host) throws Exception {
        Program.openssl(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout %s -out %s -subj /CN=%s"
                        + " -addext subjectAltName=DNS:%s -CA %s -CAkey %s",
                key(name), certificate(name), name, host, certificate(authority), key(authority));
    }

    /** Starts it again, with a certificate of that name. */
    void show(String name) throws IOException {
        cluster.stopProperly();
        cluster.show(certificate(name), key(name));
        cluster.start();
    }

    /** Has Tomcat {@code deploy/ROOT.xml}, with what that says is to be put in. */
    void use(TomcatProcess tomcat, String password) throws IOException {
        Files.writeString(
                tomcat.folder().resolve("conf/Catalina/localhost/ROOT.xml"),
                Files.readString(Path.of("deploy/ROOT.xml"))
                        .replace("db-1.example.com,db-2.example.com", "localhost:" + cluster.port())
                        .replace(
                                "/etc/fuota/database-ca.pem",
                                certificate("authority").toString())
                        .replace("THE_DATABASE_PASSWORD", password));
    }

    /** What its superuser is answered. */
    String ask(String sql) throws Exception {
        return Program.require(superuser(cluster), "", "psql", "-d", "fuota", "-Atc", sql);
    }

    /** By which psql and its like connect as the application does. */
    Map<String, String> environment() throws IOException {
        Path passwords = folder.resolve("pgpass");
        Files.writeString(passwords, "*:*:*:*:" + PASSWORD + "\n");
        Files.setPosixFilePermissions(passwords, PosixFilePermissions.fromString("rw-------"));
        return new HashMap<>(Map.of(
                "PGHOST", "localhost",
                "PGPORT", String.valueOf(cluster.port()),
                "PGUSER", "fuota",
                "PGPASSFILE", passwords.toString(),
                "PGDATABASE", "fuota",
                "PGSSLMODE", "verify-full",
                "PGSSLROOTCERT", certificate("authority").toString()));
    }

    /** A program, connected as the application is. */
    Program run(String... command) throws Exception {
        return Program.run(environment(), "", List.of(command));
    }

    private static Map<String, String> superuser(PostgresCluster cluster) {
        return new HashMap<>(Map.of(
                "PGHOST",
                cluster.folder().toString(),
                "PGPORT",
                String.valueOf(cluster.port()),
                "PGUSER",
                "postgres",
                "PGDATABASE",
                "postgres"));
    }

    private Path certificate(String name) {
        return folder.resolve(name + ".pem");
    }

    private Path key(String name) {
        return folder.resolve(name + ".key");
    }

    @Override
    public void close() {
        cluster.close();
    }
}
