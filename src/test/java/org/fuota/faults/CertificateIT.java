package org.fuota.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.fuota.tomcat.TomcatProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that end, and their successors, which the server takes up while boards poll. */
@Tag(Faults.TAG)
class CertificateIT {
    private final Path folder;
    private final TomcatProcess tomcat;

    CertificateIT(@TempDir Path folder) throws IOException {
        this.folder = folder;
        tomcat = new TomcatProcess(folder)
                .option("-XX:TieredStopAtLevel=1")
                .option("-Dfuota.tls.reload.days=36500")
                .option("-Dfuota.tls.reload.seconds=1");
    }

    @AfterEach
    void stop() {
        tomcat.close();
    }

    @Test
    void takesUpARenewedCertificateOfTheSameKey() throws Exception {
        tomcat.start();
        // Pins the first certificate for good.
        SSLSocketFactory pinned = tomcat.tls().getSocketFactory();
        try (Boards boards = new Boards(tomcat.port(), pinned)) {
            boards.awaitPolls(10);
            Path renewed = folder.resolve("renewed.pem");
            openssl("x509 -in %s -signkey %s -days 900 -out %s", tomcat.certificate(), key(), renewed);
            replace(renewed, tomcat.certificate());

            awaitShown(pinned);
            boards.awaitPolls(50);
            assertEquals(List.of(), List.copyOf(boards.failures()));
        }
        assertEquals(
                "certificate: 899 days left",
                new Client(tomcat).get("/health/ready").text().lines().toList().get(1));
    }

    @Test
    void takesUpANewKeyOfAPinnedAuthority() throws Exception {
        tomcat.setUp();
        authority();
        issue("first");
        Path caOnly = folder.resolve("ca.pem");
        Path second = issue("second");
        replace(folder.resolve("first.key"), key());
        replace(folder.resolve("first.pem"), tomcat.certificate());
        Certificate shownFirst = certificate(tomcat.certificate());
        tomcat.restart();
        SSLSocketFactory pinned = tomcat.tls(caOnly).getSocketFactory();
        try (Boards boards = new Boards(tomcat.port(), pinned)) {
            boards.awaitPolls(10);
            assertEquals(shownFirst, shown(pinned));

            replace(second, tomcat.certificate());
            replace(folder.resolve("second.key"), key());

            awaitShown(pinned);
            boards.awaitPolls(50);
            assertEquals(List.of(), List.copyOf(boards.failures()));
        }
    }

    @Test
    void servesWithAnExpiredCertificateAndSaysSo() throws Exception {
        tomcat.setUp();
        authority();
        replace(issue("expired", "-startdate 20200101000000Z -enddate 20210101000000Z"), tomcat.certificate());
        replace(folder.resolve("expired.key"), key());
        // The board that pins its certificate doesn't look at dates, and nor does Java at those of an anchor.
        tomcat.restart();
        try (Boards boards = new Boards(tomcat)) {
            boards.awaitPolls(10);
            assertEquals(List.of(), List.copyOf(boards.failures()));
        }
        assertTrue(
                tomcat.log().lines().anyMatch(line -> line.contains("WARNING") && line.contains(": expired")),
                "the log says so");
        assertEquals(
                List.of("ready", "certificate: expired"),
                new Client(tomcat).get("/health/ready").text().lines().limit(2).toList());
    }

    private void awaitShown(SSLSocketFactory pinned) throws Exception {
        Certificate wanted = certificate(tomcat.certificate());
        assertFalse(wanted.equals(shown(pinned)), "it shows it already");
        Faults.await("the new certificate", () -> wanted.equals(shown(pinned)));
    }

    private Certificate shown(SSLSocketFactory tls) throws IOException {
        try (SSLSocket socket = (SSLSocket) tls.createSocket("localhost", tomcat.port())) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    private static Certificate certificate(Path pem) throws Exception {
        try (InputStream in = Files.newInputStream(pem)) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private Path key() {
        return tomcat.data().resolve("tls/key.pem");
    }

    private void authority() throws Exception {
        Files.writeString(folder.resolve("index"), "");
        openssl(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout %s -out %s -days 3650 -subj /CN=authority",
                folder.resolve("ca.key"), folder.resolve("ca.pem"));
    }

    /** A certificate of the authority, with a key of its own beside it. */
    private Path issue(String name, String... dates) throws Exception {
        Path certificate = folder.resolve(name + ".pem");
        Path request = folder.resolve(name + ".csr");
        Path config = Files.writeString(folder.resolve("ca.conf"), """
                [ca]
                default_ca = own
                [own]
                database = %1$s/index
                new_certs_dir = %1$s
                rand_serial = yes
                unique_subject = no
                policy = any
                x509_extensions = server
                [any]
                commonName = supplied
                [server]
                subjectAltName = DNS:localhost
                """.formatted(folder));
        openssl(
                "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout %s -out %s -subj /CN=localhost",
                folder.resolve(name + ".key"), request);
        openssl(
                "ca -batch -notext -config %s -md sha256 -cert %s -keyfile %s -in %s -out %s "
                        + (dates.length > 0 ? dates[0] : "-days 100"),
                config,
                folder.resolve("ca.pem"),
                folder.resolve("ca.key"),
                request,
                certificate);
        if (dates.length == 0) {
            Files.writeString(certificate, Files.readString(certificate) + Files.readString(folder.resolve("ca.pem")));
        }
        return certificate;
    }

    private static void replace(Path source, Path target) throws IOException {
        Files.copy(source, target.resolveSibling("new"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(target.resolveSibling("new"), target, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void openssl(String arguments, Object... files) throws Exception {
        Process process = new ProcessBuilder(("openssl " + arguments.formatted(files)).split(" "))
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
    }
}
