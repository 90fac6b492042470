package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.fuota.tomcat.TomcatProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** setenv.sh puts the native crypto provider in front where it can, and the server says who computes its handshakes. */
class CryptoIT {
    private static final String COMPUTED_BY = "TLS handshakes are computed by ";

    @TempDir
    Path folder;

    @Test
    void usesTheNativeProviderWhereItFits() throws Exception {
        try (TomcatProcess server = new TomcatProcess(folder)) {
            String log = logOfAPoll(server);

            boolean fits = System.getProperty("os.name").equals("Linux")
                    && List.of("amd64", "aarch64").contains(System.getProperty("os.arch"));
            assertTrue(log.contains(COMPUTED_BY + (fits ? "AmazonCorrettoCryptoProvider" : "Sun")), log);
        }
    }

    @Test
    void doesWithoutWhereItsLibraryCannotBeLoaded() throws Exception {
        try (TomcatProcess server = new TomcatProcess(folder)) {
            // No folder, where it would unpack its library.
            server.option("-Dcom.amazon.corretto.crypto.provider.tmpdir=" + folder.resolve("conf/server.xml"));

            String log = logOfAPoll(server);

            assertTrue(log.contains(COMPUTED_BY + "SunEC"), log);
            assertTrue(log.contains("the JDK's own; Amazon Corretto Crypto Provider would halve their cost"), log);
        }
    }

    @Test
    void doesWithoutWhereItIsNotThere() throws Exception {
        try (TomcatProcess server = new TomcatProcess(folder)) {
            try (Stream<Path> jars = Files.list(folder.resolve("crypto"))) {
                for (Path jar : jars.toList()) {
                    Files.delete(jar);
                }
            }

            String log = logOfAPoll(server);

            assertTrue(log.contains(COMPUTED_BY + "SunEC"), log);
            assertFalse(log.contains("java.security.properties"), log);
        }
    }

    private static String logOfAPoll(TomcatProcess server) throws IOException, InterruptedException {
        server.start();
        HttpClient client = HttpClient.newBuilder().sslContext(server.tls()).build();
        HttpRequest poll = HttpRequest.newBuilder(URI.create(server.root() + "/devices/1?app_ver=1"))
                .header("Authorization", Server.basic("device", TomcatProcess.DEVICE_PASSWORD))
                .build();
        HttpResponse<String> answer = client.send(poll, HttpResponse.BodyHandlers.ofString());
        assertEquals(404, answer.statusCode(), answer.body());
        return server.log();
    }
}
