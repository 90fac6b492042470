package org.fuota.bench.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/** A certificate and its key, as PEM files. */
public record KeyPair(Path certificate, Path key) {
    /** A new RSA key of 2048 bits with a self-signed certificate, made by the JDK's keytool; the folder is there. */
    static KeyPair rsa(Path folder, Path javaHome) throws IOException, InterruptedException {
        KeyPair made = new KeyPair(folder.resolve("rsa-cert.pem"), folder.resolve("rsa-key.pem"));
        Path store = folder.resolve("rsa.p12");
        String password = "only-for-the-benchmark";
        List<String> command = List.of(
                javaHome.resolve("bin/keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                password,
                "-alias",
                "bench",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-sigalg",
                "SHA256withRSA",
                "-validity",
                "30",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=DNS:localhost,IP:127.0.0.1");
        Process keytool = new ProcessBuilder(command).inheritIO().start();
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool failed");
        }
        try {
            KeyStore keys = KeyStore.getInstance(store.toFile(), password.toCharArray());
            write(
                    made.key(),
                    "PRIVATE KEY",
                    keys.getKey("bench", password.toCharArray()).getEncoded());
            write(
                    made.certificate(),
                    "CERTIFICATE",
                    keys.getCertificate("bench").getEncoded());
            return made;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static void write(Path file, String type, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        Files.writeString(file, "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
    }
}
