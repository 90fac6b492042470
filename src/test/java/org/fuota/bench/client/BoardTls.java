package org.fuota.bench.client;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS as a board speaks it: AES-128-GCM, P-256 or, as mbed TLS 3.6 likes it best, X25519, SNI, no ALPN, no session ticket, always a full handshake. The server's signature is
 * verified, its certificate isn't: that would cost the machine time, and the server nothing.
 *
 * <p>Must be used before anything else of TLS in this process.
 */
public enum BoardTls {
    TLS_1_2("TLSv1.2", "secp256r1"),
    TLS_1_3("TLSv1.3", "secp256r1"),
    /** P-256 second, for the certificate's key. */
    TLS_1_2_X25519("TLSv1.2", "x25519", "secp256r1"),
    /** With a key of that alone. */
    TLS_1_3_X25519("TLSv1.3", "x25519");

    private final SSLContext context;
    private final SSLParameters parameters;

    BoardTls(String protocol, String... groups) {
        context = trustingAll();
        parameters = new SSLParameters(Java.SUITES, new String[] {protocol});
        if (Java.CAN_CHOOSE_GROUPS) {
            setGroups(parameters, groups);
        }
        parameters.setServerNames(List.of(new SNIHostName("localhost")));
    }

    /** Whether this Java can speak it; Java 17 has one list of groups for the whole process. */
    public boolean isThere() {
        return Java.CAN_CHOOSE_GROUPS || !name().endsWith("X25519");
    }

    private static void setGroups(SSLParameters parameters, String... groups) {
        try {
            SSLParameters.class.getMethod("setNamedGroups", String[].class).invoke(parameters, (Object) groups);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For any server, with what it is limited to here. */
    public SSLContext context() {
        return context;
    }

    /** For one connection. As it isn't told its peer's name, it has no session to offer, and keeps none. */
    SSLEngine engine() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static SSLContext trustingAll() {
        // JSSE reads them once, at its first use. Boards have no RSA-PSS, which TLS 1.3 can't do without.
        System.setProperty("jdk.tls.namedGroups", Java.CAN_CHOOSE_GROUPS ? "secp256r1,x25519" : "secp256r1");
        System.setProperty("jdk.tls.client.enableSessionTicketExtension", "false");
        System.setProperty(
                "jdk.tls.client.SignatureSchemes", "ecdsa_secp256r1_sha256,rsa_pkcs1_sha256,rsa_pss_rsae_sha256");
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustsAll()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Apart, because an enum's constants are made before its other fields. */
    private static final class Java {
        /** Since Java 20. */
        static final boolean CAN_CHOOSE_GROUPS = Runtime.version().feature() >= 20;

        static final String[] SUITES = {
            "TLS_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
        };
    }

    private static final class TrustsAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
