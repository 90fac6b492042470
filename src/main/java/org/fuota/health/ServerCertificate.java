package org.fuota.health;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * When the certificate that boards see is valid: the first one in its PEM file, which is read again whenever it has changed. The
 * container may show an older one until it is told to reload.
 */
public final class ServerCertificate {
    private static final Logger LOG = Logger.getLogger(ServerCertificate.class.getName());
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final Pattern CERTIFICATE = Pattern.compile(BEGIN + "[A-Za-z0-9+/=\\s]+-----END CERTIFICATE-----");
    private static final long FEW_DAYS = 30;
    private static final int DEFAULT_CURVE_BITS = 256;

    private final Path file;
    private final Clock clock;
    private volatile @Nullable Known known;

    public ServerCertificate(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    public Instant begin() throws IOException, CertificateException {
        return certificate().getNotBefore().toInstant();
    }

    public Instant end() throws IOException, CertificateException {
        return certificate().getNotAfter().toInstant();
    }

    /** It and those that vouch for it, as they stand in the file; empty when that can't be read. The key, which may stand there too, isn't among them. */
    public Optional<String> pem() {
        try {
            String certificates = CERTIFICATE
                    .matcher(Files.readString(file, StandardCharsets.ISO_8859_1))
                    .results()
                    .map(found -> found.group().replace("\r", "") + "\n")
                    .collect(Collectors.joining());
            return Optional.of(certificates).filter(pem -> !pem.isEmpty());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Empty when it is valid already. */
    Optional<Instant> validFrom() throws IOException, CertificateException {
        return Optional.of(begin()).filter(begin -> clock.instant().isBefore(begin));
    }

    /** Whole days until the end; negative after it. */
    long daysLeft() throws IOException, CertificateException {
        return Math.floorDiv(
                Duration.between(clock.instant(), end()).toSeconds(),
                Duration.ofDays(1).toSeconds());
    }

    /** Days left, that it has expired or isn't valid yet, or why none is known; without the file's name. */
    String sentence() {
        try {
            long days = daysLeft();
            return days < 0
                    ? "expired"
                    : days
                            + (days == 1 ? " day left" : " days left")
                            + validFrom()
                                    .map(begin -> ", but by this server's clock it isn't valid before " + begin)
                                    .orElse("");
        } catch (IOException e) {
            return "not known, its file can't be read";
        } catch (CertificateException e) {
            return "not known, its file holds none";
        }
    }

    /** Tells the log when the certificate ends; as a warning when that is in less than 30 days, or it isn't valid yet. */
    public void log() {
        try {
            Level level = daysLeft() < FEW_DAYS || validFrom().isPresent() ? Level.WARNING : Level.INFO;
            Instant end = end();
            LOG.log(level, () -> "the certificate, " + file + ", ends at " + end + ": " + sentence());
            warnOfCurve(certificate());
        } catch (IOException | CertificateException e) {
            // Not a warning: behind a proxy that ends TLS there needn't be one.
            LOG.info(() -> "the certificate's end isn't known: " + e);
        }
    }

    /** Of the curves for certificates the connector has P-256 alone by default, and JSSE takes no certificate of a curve that isn't offered. */
    private void warnOfCurve(X509Certificate certificate) {
        if (certificate.getPublicKey() instanceof ECPublicKey key
                && key.getParams().getCurve().getField().getFieldSize() != DEFAULT_CURVE_BITS) {
            LOG.warning(
                    () -> "the certificate, " + file + ", has a key on another curve than P-256: unless the connector's"
                            + " groups have that curve, nobody can connect (with setenv.sh: FUOTA_TLS_GROUPS=secp256r1,x25519,secp384r1)");
        }
    }

    private X509Certificate certificate() throws IOException, CertificateException {
        FileTime modified = Files.getLastModifiedTime(file);
        Known last = known;
        if (last != null && last.modified().equals(modified)) {
            return last.certificate();
        }
        Known now = new Known(modified, read());
        known = now;
        return now.certificate();
    }

    private X509Certificate read() throws IOException, CertificateException {
        String pem = Files.readString(file, StandardCharsets.ISO_8859_1);
        // The key may stand in the same file, and first.
        int begin = pem.indexOf(BEGIN);
        if (begin < 0) {
            throw new CertificateException("there is no certificate in " + file);
        }
        byte[] certificate = pem.substring(begin).getBytes(StandardCharsets.ISO_8859_1);
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
    }

    private record Known(FileTime modified, X509Certificate certificate) {}
}
