package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import javax.net.ssl.SSLSocket;
import org.fuota.tomcat.TomcatProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a TLS scanner looks for, with an ECDSA key, as the set-up tool makes it, and with an RSA key. */
class TlsScanIT {
    private static final Set<Integer> TLS13_SUITES = Set.of(0x1301, 0x1302);
    /** secp256r1 and x25519. */
    private static final Set<Integer> GROUPS = Set.of(23, 29);
    /** Say something else than a suite: that there was a renegotiation, or a fallback. */
    private static final Set<Integer> SIGNALS = Set.of(0x00FF, 0x5600);

    @TempDir
    static Path folder;

    private static TomcatProcess rsa;

    /** ECDHE with AES-GCM, and nothing else. */
    enum Key {
        ECDSA(Set.of(0xC02B, 0xC02C)),
        RSA(Set.of(0xC02F, 0xC030));

        private final Set<Integer> suites;

        Key(Set<Integer> suites) {
            this.suites = suites;
        }

        int port() {
            return this == ECDSA ? Server.PORT : rsa.port();
        }

        int[] offer() {
            return suites.stream().mapToInt(suite -> suite).toArray();
        }
    }

    @BeforeAll
    static void start() throws Exception {
        rsa = new TomcatProcess(folder);
        makeRsaCertificate(rsa.data().resolve("tls"));
        rsa.start();
    }

    @AfterAll
    static void stop() {
        rsa.close();
    }

    @ParameterizedTest
    @EnumSource
    void speaksTls12And13Only(Key key) throws IOException {
        int[] all = IntStream.rangeClosed(0xC000, 0xC0FF).toArray();
        for (int version : new int[] {0x0200, TlsClient.SSL3, TlsClient.TLS10, TlsClient.TLS11}) {
            assertNull(client(key).version(version).suites(all).hello(), "version " + version);
            assertNull(client(key).version(version).suites(all).helloOfSsl2(), "SSL 2 hello of version " + version);
        }
        assertNull(client(key).version(TlsClient.TLS12).suites(all).helloOfSsl2());
        assertEquals(TlsClient.TLS12, accepted(client(key).suites(all)).version());
        assertEquals(
                TlsClient.TLS13,
                accepted(client(key).version(TlsClient.TLS13).suites(0x1301)).version());
    }

    /** Every one that could be, 65,536: no CBC, no RSA key exchange, NULL, EXPORT, anonymous, 3DES, RC4, ChaCha20. */
    @ParameterizedTest
    @EnumSource
    void takesNoOtherSuite(Key key) throws IOException {
        assertEquals(key.suites, scanSuites(key, TlsClient.TLS12));
        assertEquals(TLS13_SUITES, scanSuites(key, TlsClient.TLS13));
    }

    /** Whatever the client would like better. */
    @ParameterizedTest
    @EnumSource
    void prefersTheCheaperSuite(Key key) throws IOException {
        int cheaper = key == Key.ECDSA ? 0xC02B : 0xC02F;

        assertEquals(cheaper, accepted(client(key).suites(cheaper + 1, cheaper)).suite());
        assertEquals(
                0x1301,
                accepted(client(key).version(TlsClient.TLS13).suites(0x1302, 0x1301))
                        .suite());
    }

    /** Every one that could be, finite fields and post-quantum hybrids included. */
    @ParameterizedTest
    @EnumSource
    void takesNoOtherGroup(Key key) throws IOException {
        assertEquals(GROUPS, scanGroups(client(key).version(TlsClient.TLS13).suites(0x1301)));
        // In TLS 1.2 whoever lacks the curve of the certificate's key gets nothing, whatever else he has.
        assertEquals(
                key == Key.RSA ? GROUPS : Set.of(23), scanGroups(client(key).suites(key.offer())));
    }

    /** A board on mbed TLS 3.6 sends a key of X25519 alone, and can't read the JDK's request for another. */
    @ParameterizedTest
    @EnumSource
    void takesAKeyOfX25519WithoutAskingForAnother(Key key) throws IOException {
        TlsClient.Choice choice = accepted(client(key)
                .version(TlsClient.TLS13)
                .suites(0x1301)
                .groups(29, 23, 24, 25)
                .x25519Share());

        assertEquals(29, choice.group());
        assertFalse(choice.isRetry());
    }

    /** P-521, P-384 and X448 first: they cost the server up to ten times as much. */
    @ParameterizedTest
    @EnumSource
    void takesNoDearerGroupThatIsAskedForFirst(Key key) throws IOException {
        int[] dearFirst = {25, 24, 30, 23, 29};

        assertTrue(GROUPS.contains(
                accepted(client(key).version(TlsClient.TLS13).suites(0x1301).groups(dearFirst))
                        .group()));
        assertTrue(GROUPS.contains(
                accepted(client(key).suites(key.offer()).groups(dearFirst)).group()));
    }

    @ParameterizedTest
    @EnumSource
    void doesNotCompress(Key key) throws IOException {
        assertEquals(
                0,
                accepted(client(key).suites(key.offer()).compressions(1, 64, 0)).compression());
        TlsClient.Choice other = client(key).suites(key.offer()).compressions(1).hello();
        assertTrue(other == null || other.compression() == 0);
    }

    /** RFC 5746, which the client offers; boards on ESP-IDF 4.4 do. */
    @ParameterizedTest
    @EnumSource
    void knowsSecureRenegotiation(Key key) throws IOException {
        assertTrue(accepted(client(key).suites(key.offer())).has(TlsClient.RENEGOTIATION_INFO));
    }

    /** A client that does it again and again takes the server's time for little of its own. */
    @Test
    void refusesToRenegotiate() throws IOException {
        try (SSLSocket socket = Server.connect("TLSv1.2")) {
            get(socket);
            assertThrows(IOException.class, () -> {
                socket.startHandshake();
                get(socket);
            });
        }
    }

    /** A board that has tickets switched on saves the handshake. */
    @ParameterizedTest
    @EnumSource
    void offersSessionTickets(Key key) throws IOException {
        assertTrue(accepted(client(key).suites(key.offer())).has(TlsClient.SESSION_TICKET));
    }

    private static TlsClient client(Key key) {
        return new TlsClient(key.port());
    }

    private static TlsClient.Choice accepted(TlsClient client) throws IOException {
        TlsClient.Choice choice = client.hello();
        assertNotNull(choice, "refused: " + client);
        return choice;
    }

    /** As many at once as the server reads, without those that it took before, until it refuses all. */
    private static Set<Integer> scanSuites(Key key, int version) throws IOException {
        Set<Integer> taken = new TreeSet<>();
        int step = 4096;
        for (int first = 0; first < 65_536; first += step) {
            while (true) {
                int[] offer = IntStream.range(first, first + step)
                        .filter(suite -> !SIGNALS.contains(suite) && !taken.contains(suite))
                        .toArray();
                TlsClient.Choice choice =
                        client(key).version(version).suites(offer).hello();
                if (choice == null) {
                    break;
                }
                assertEquals(version, choice.version());
                assertTrue(taken.add(choice.suite()), "chosen, but not offered: " + choice);
            }
        }
        return taken;
    }

    private static Set<Integer> scanGroups(TlsClient client) throws IOException {
        Set<Integer> taken = new TreeSet<>();
        int step = 4096;
        for (int first = 0; first < 65_536; first += step) {
            boolean isAnyLeft = true;
            while (isAnyLeft) {
                int[] offer = IntStream.range(first, first + step)
                        .filter(group -> !taken.contains(group))
                        .toArray();
                TlsClient.Choice choice = client.groups(offer).hello();
                // JSSE takes a list in which it knows none for no list, and then chooses one of its own.
                isAnyLeft = choice != null && IntStream.of(offer).anyMatch(group -> group == choice.group());
                if (choice != null) {
                    assertTrue(GROUPS.contains(choice.group()), "group " + choice.group());
                    taken.addAll(isAnyLeft ? Set.of(choice.group()) : Set.of());
                }
            }
        }
        return taken;
    }

    private static void get(SSLSocket socket) throws IOException {
        socket.getOutputStream()
                .write("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        byte[] start = socket.getInputStream().readNBytes(12);
        assertEquals("HTTP/1.1 200", new String(start, StandardCharsets.US_ASCII));
        // The rest: a body of five bytes ends it.
        StringBuilder rest = new StringBuilder();
        while (!rest.toString().endsWith("\r\n\r\nlive\n")) {
            int octet = socket.getInputStream().read();
            if (octet < 0) {
                throw new IOException("closed");
            }
            rest.append((char) octet);
        }
    }

    private static void makeRsaCertificate(Path tls) throws Exception {
        Files.createDirectories(tls);
        Path store = folder.resolve("rsa.p12");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin/keytool").toString(), "-genkeypair"));
        command.addAll(List.of("-keyalg", "RSA", "-keysize", "2048", "-alias", "rsa", "-dname", "CN=localhost"));
        command.addAll(List.of("-ext", "SAN=dns:localhost,dns:127.0.0.1,ip:127.0.0.1", "-storetype", "PKCS12"));
        command.addAll(List.of("-keystore", store.toString(), "-storepass", "password", "-validity", "365"));
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
        KeyStore keys = KeyStore.getInstance(store.toFile(), "password".toCharArray());
        Certificate certificate = keys.getCertificate("rsa");
        Files.writeString(tls.resolve("cert.pem"), pem("CERTIFICATE", certificate.getEncoded()));
        Files.writeString(
                tls.resolve("key.pem"),
                pem("PRIVATE KEY", keys.getKey("rsa", "password".toCharArray()).getEncoded()));
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der)
                + "\n-----END " + type + "-----\n";
    }
}
