package org.fuota.setup;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The server's certificate and key as PEM files. A new one is self-signed with an ECDSA P-256 key, which costs half the CPU of RSA
 * at each poll. An address is in it as DNS name, too, which is all that ESP-IDF 4.4 looks at. It is a CA, so that boards which have
 * it built in also accept its successor that the same key has signed, and says what its key is for, which strict clients want of a CA.
 */
final class Certificate {
    private static final Duration VALID = Duration.ofDays(3650);

    /** A machine without a battery begins in 1970: its clock is wrong when it is before this. */
    private static final Instant RELEASED = Instant.parse("2026-11-01T00:00:00Z");

    private static final DateTimeFormatter START = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss");
    private static final byte[] PROBE = {1};
    private static final String ALIAS = "fuota";

    /** ESP-IDF 4.4 wants a server's key to be for signatures. */
    private static final String OPTIONS = """
            -genkeypair -storetype PKCS12 -alias fuota -keyalg EC -groupname secp256r1 -sigalg SHA256withECDSA
            -ext BasicConstraints:critical=ca:true -ext ExtendedKeyUsage=serverAuth
            -ext KeyUsage:critical=digitalSignature,keyCertSign""";

    private Certificate() {}

    /** Makes certificate and key, both or none, when neither is there; tells whether it did. */
    static boolean require(Path certificate, Path key, List<String> hosts, Instant now)
            throws IOException, SetupException {
        Path prepared = certificate.resolveSibling(certificate.getFileName() + ".new");
        if (Files.notExists(certificate) && Files.exists(key) && Files.exists(prepared) && isPair(prepared, key)) {
            // The last step of a run that was cut short.
            Files.move(prepared, certificate, StandardCopyOption.ATOMIC_MOVE);
            return true;
        }
        if (Files.exists(certificate) != Files.exists(key)) {
            throw new SetupException(
                    "there is only one of " + certificate + " and " + key
                            + ": bring the other one back, or remove both to have new ones made, which boards must then be given");
        }
        if (Files.exists(certificate)) {
            return false;
        }
        make(prepared, key, names(hosts), now);
        Files.move(prepared, certificate, StandardCopyOption.ATOMIC_MOVE);
        return true;
    }

    /** The names and addresses that the certificate is good for. */
    static Set<String> names(Path certificate) throws IOException, SetupException {
        try {
            Collection<List<?>> names = read(certificate).getSubjectAlternativeNames();
            return names == null
                    ? Set.of()
                    : names.stream()
                            .map(name -> String.valueOf(name.get(1)))
                            .collect(Collectors.toCollection(LinkedHashSet::new));
        } catch (GeneralSecurityException e) {
            throw new SetupException(certificate + " isn't a certificate: " + e.getMessage(), e);
        }
    }

    private static boolean isPair(Path certificate, Path key) throws IOException {
        try {
            byte[] der = Base64.getMimeDecoder().decode(Files.readString(key).replaceAll("-----[A-Z ]+-----", ""));
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der)));
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(read(certificate));
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private static X509Certificate read(Path certificate) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(certificate)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    /** The first is the one that boards are to use; no name twice. */
    private static Set<String> names(List<String> hosts) throws IOException {
        Set<String> names = new LinkedHashSet<>(hosts);
        names.addAll(List.of(machineName(), "localhost", "127.0.0.1", "::1"));
        for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (InetAddress address : Collections.list(network.getInetAddresses())) {
                if (address instanceof Inet4Address && !address.isLoopbackAddress()) {
                    names.add(address.getHostAddress());
                }
            }
        }
        return names;
    }

    private static String machineName() {
        try {
            String name = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
            return name.matches("[a-z0-9]([a-z0-9.-]*[a-z0-9])?") ? name : "localhost";
        } catch (UnknownHostException e) {
            // The machine doesn't know itself, as containers may be made not to.
            return "localhost";
        }
    }

    private static void make(Path certificate, Path key, Set<String> names, Instant now)
            throws IOException, SetupException {
        // A board whose clock is somewhat behind takes it, too.
        Instant start = now.minus(Duration.ofDays(1));
        Instant end = (now.isBefore(RELEASED) ? RELEASED : now).plus(VALID);
        Path folder = Files.createTempDirectory("fuota-setup");
        Path keyStore = folder.resolve("key.p12");
        try {
            String password = Passwords.generate();
            keytool(
                    password,
                    OPTIONS,
                    "-keystore",
                    keyStore.toString(),
                    "-startdate",
                    START.format(start.atZone(ZoneId.systemDefault())),
                    "-validity",
                    String.valueOf(Duration.between(start, end).toDays()),
                    "-dname",
                    "CN=" + names.iterator().next(),
                    "-ext",
                    "SAN=" + alternativeNames(names));
            KeyStore store = KeyStore.getInstance(keyStore.toFile(), password.toCharArray());
            Key privateKey = store.getKey(ALIAS, password.toCharArray());
            Files.write(
                    certificate, pem("CERTIFICATE", store.getCertificate(ALIAS).getEncoded()));
            PrivateFile.write(key, pem("PRIVATE KEY", privateKey.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new SetupException("making a certificate failed: " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(keyStore);
            Files.deleteIfExists(folder);
        }
    }

    private static String alternativeNames(Set<String> names) {
        List<String> alternatives = new ArrayList<>();
        for (String name : names) {
            if (isAddress(name)) {
                alternatives.add("IP:" + name);
            }
            // keytool refuses a colon in a DNS name; boards on IPv6 need ESP-IDF 5.
            if (!name.contains(":")) {
                alternatives.add("DNS:" + name);
            }
        }
        return String.join(",", alternatives);
    }

    private static boolean isAddress(String name) {
        return name.contains(":") || name.matches("[0-9.]+");
    }

    /** The runtime's own keytool: the JDK has no public class that makes a certificate. */
    private static void keytool(String password, String options, String... more) throws IOException, SetupException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "keytool");
        command.addAll(List.of(options.split("\\s+")));
        command.addAll(List.of(more));
        command.addAll(List.of("-storepass:env", "FUOTA_SETUP_STOREPASS"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("FUOTA_SETUP_STOREPASS", password);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new SetupException("making a certificate failed: " + output.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SetupException("interrupted", e);
        }
    }

    private static byte[] pem(String type, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return ("-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
