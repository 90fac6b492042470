package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The connector as boards find it, and the certificate that the set-up tool makes. */
class TlsIT {
    /** RFC 5280, by bit. */
    private static final List<String> KEY_USAGES = List.of(
            "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign");

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void speaks(String protocol) throws IOException {
        try (SSLSocket socket = Server.connect(protocol)) {
            assertEquals(protocol, socket.getSession().getProtocol());
            assertTrue(socket.getSession().getCipherSuite().contains("AES_128_GCM"), "the cheaper one first");
        }
    }

    /** ESP-IDF 4.4 with an ECDSA certificate; RSA's suites need an RSA key, which the server doesn't have here. */
    @ParameterizedTest
    @ValueSource(strings = {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"})
    void takes(String suite) throws IOException {
        assertEquals(suite, handshake("TLSv1.2", suite));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
                "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
                "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
                "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                "TLS_RSA_WITH_AES_128_GCM_SHA256",
                "TLS_RSA_WITH_AES_128_CBC_SHA",
                "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"
            })
    void refuses(String suite) throws IOException {
        if (!clientKnows(suite)) {
            // Newer JDKs have dropped it altogether; and the server runs on this one.
            return;
        }
        assertThrows(SSLException.class, () -> handshake("TLSv1.2", suite));
    }

    @Test
    void refusesChaChaInTls13() {
        assertThrows(SSLException.class, () -> handshake("TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256"));
    }

    @Test
    void hasOneCertificateForEveryWayToNameTheServer() throws Exception {
        X509Certificate certificate = Server.certificate();
        List<String> names = certificate.getSubjectAlternativeNames().stream()
                .map(name -> (name.get(0).equals(7) ? "IP:" : "DNS:") + name.get(1))
                .toList();

        assertTrue(
                names.containsAll(List.of("DNS:localhost", "DNS:127.0.0.1", "IP:127.0.0.1")),
                "ESP-IDF 4.4 compares an address with the DNS names: " + names);
        assertEquals("EC", certificate.getPublicKey().getAlgorithm());
        assertEquals(
                256,
                ((ECPublicKey) certificate.getPublicKey())
                        .getParams()
                        .getOrder()
                        .bitLength());
        assertTrue(certificate.getBasicConstraints() >= 0, "a CA, so that the same key can sign its successor");
        // ESP-IDF 4.4 can't do with keyCertSign alone; strict clients want it of who signs.
        assertEquals(
                List.of("digitalSignature", "keyCertSign"),
                IntStream.range(0, KEY_USAGES.size())
                        .filter(usage -> certificate.getKeyUsage()[usage])
                        .mapToObj(KEY_USAGES::get)
                        .toList());
        certificate.verify(certificate.getPublicKey());
    }

    @Test
    void keepsTheKeyToItself() throws IOException {
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(Server.DATA.resolve("tls/key.pem"))));
        assertFalse(Files.readString(Server.FOLDER.resolve("tomcat-users.xml")).contains(Server.DEVICE_PASSWORD));
    }

    @Test
    void logsNoConnectionThatEndsRudely() throws IOException {
        int before = Server.log().length();
        for (int i = 0; i < 3; i++) {
            SSLSocket socket = Server.connect("TLSv1.2");
            socket.getOutputStream().write("GET /devices/x?app_ver=1 HTTP/1.1\r\n".getBytes());
            socket.getOutputStream().flush();
            socket.setSoLinger(true, 0);
            socket.close();
        }
        // Another request after them, so that the server has seen them all.
        Server.send("GET", "/devices/x?app_ver=1", Server.DEVICE, (String) null);

        assertEquals("", Server.log().substring(before));
    }

    private static String handshake(String protocol, String suite) throws IOException {
        try (SSLSocket socket = (SSLSocket) Server.TLS.getSocketFactory().createSocket("localhost", Server.PORT)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setProtocols(new String[] {protocol});
            parameters.setCipherSuites(new String[] {suite});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket.getSession().getCipherSuite();
        }
    }

    private static boolean clientKnows(String suite) throws IOException {
        try (SSLSocket socket = (SSLSocket) Server.TLS.getSocketFactory().createSocket()) {
            return Arrays.asList(socket.getSupportedCipherSuites()).contains(suite);
        }
    }
}
