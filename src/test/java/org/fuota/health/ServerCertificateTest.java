package org.fuota.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.CertificateException;
import java.time.Instant;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.fuota.LogCapture;
import org.fuota.TestClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerCertificateTest {
    private static final Instant END = Instant.parse("2030-01-01T00:00:00Z");
    private static final String ENDS_2030 = """
            -----BEGIN CERTIFICATE-----
            MIIBLjCB1aADAgECAghDctT8kd1g6TAKBggqhkjOPQQDAjAMMQowCAYDVQQDEwFh
            MB4XDTI5MTIzMTAwMDAwMFoXDTMwMDEwMTAwMDAwMFowDDEKMAgGA1UEAxMBYTBZ
            MBMGByqGSM49AgEGCCqGSM49AwEHA0IABCYaPQz1rk9osQ80SI3z2fsOEGRFAEoD
            vTezagcWUn4dYRvZ7o7GBe/PxlbTUGK+wiYKRJO7GLA2qpZnzhl1tQmjITAfMB0G
            A1UdDgQWBBQ+2Ha/JQDXzNJEppEkhnY7B8ItszAKBggqhkjOPQQDAgNIADBFAiEA
            mob/3rLmo4Hdvu6Kj3fM3mPuqg+GPDLl0TQg4IiAwG4CIFGcZbmtdUfcSfhVe2jM
            MxIZqAx7mv+pbg7q6nH0+1CA
            -----END CERTIFICATE-----
            """;
    private static final String ENDS_2031 = """
            -----BEGIN CERTIFICATE-----
            MIIBLzCB1qADAgECAgkAj6IT0iJlXfIwCgYIKoZIzj0EAwIwDDEKMAgGA1UEAxMB
            YjAeFw0yOTEyMzEwMDAwMDBaFw0zMTAxMDEwMDAwMDBaMAwxCjAIBgNVBAMTAWIw
            WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQXfp3Lk6ufHLFhrmH48xHtklWTuI2R
            Lmq63MgG5yDUYeJA4G5gZT7pems2bp5FVm5W8i/nHdsM3v/6dg9QrpIOoyEwHzAd
            BgNVHQ4EFgQUmSmCYCI9ECJH0pZS033FnSN5w9swCgYIKoZIzj0EAwIDSAAwRQIh
            ANDs75p9+z6nvJdamjIXUty0q6oJSZicASOmp8mgA1KwAiBLQaiLzfHuxufbDzb5
            Wx2AYR0eArI4bli5y4HkIaCNlQ==
            -----END CERTIFICATE-----
            """;

    private static final String ON_P_384 = """
            -----BEGIN CERTIFICATE-----
            MIIBrDCCATKgAwIBAgIUY6dlZrK9Gy/wcehCmxF+M1+CtmwwCgYIKoZIzj0EAwIw
            DDEKMAgGA1UEAwwBYzAgFw0yNjExMjUwMzQ1MTlaGA8yMTI2MTEwMTAzNDUxOVow
            DDEKMAgGA1UEAwwBYzB2MBAGByqGSM49AgEGBSuBBAAiA2IABHJCdm7oqFaZSFAx
            H5BkBVimcAJcy2axlDwmwyVrgkumKmu48YD0hG6kVy6UCMHX8+loP4wgATh4sYvC
            I/CBn6dkUfYAK/0eD+AulSml6/Yb4wHqdaMqr2vObUJ8HaDktqNTMFEwHQYDVR0O
            BBYEFBhnU7B7NmL5kNhaxOWJvNapoIE7MB8GA1UdIwQYMBaAFBhnU7B7NmL5kNha
            xOWJvNapoIE7MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDaAAwZQIwSA3Z
            7AvMkzvNmg9u7JwlTjT8YOsqIXH0BwDG1kFO+FemYg862HSfAHGSYFeP56F7AjEA
            jV4qIJ69/k1nhOBmmrTvhosBh31ANG/xkuQbr0ivEsnlnp25rvvQKPc67v7DEDC3
            -----END CERTIFICATE-----
            """;

    @TempDir
    Path folder;

    private Path file = Path.of("/");

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("cert.pem");
    }

    @ParameterizedTest(name = "at {0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            2029-01-01T00:00:00Z     | 365 days left, but by this server's clock it isn't valid before 2029-12-31T00:00:00Z | 365
            2029-12-30T00:00:00Z     | 2 days left, but by this server's clock it isn't valid before 2029-12-31T00:00:00Z   | 2
            2029-12-30T23:59:59.999Z | 1 day left, but by this server's clock it isn't valid before 2029-12-31T00:00:00Z    | 1
            2029-12-31T00:00:00Z     | 1 day left    | 1
            2029-12-31T00:00:01Z     | 0 days left   | 0
            2030-01-01T00:00:00Z     | 0 days left   | 0
            2030-01-01T00:00:01Z     | expired       | -1
            2030-01-03T00:00:00Z     | expired       | -2
            """)
    void countsWholeDays(Instant now, String sentence, long days) throws Exception {
        Files.writeString(file, ENDS_2030);

        assertEquals(sentence, certificate(now).sentence());
        assertEquals(days, certificate(now).daysLeft());
    }

    @Test
    void takesTheFirstCertificateOfTheFile() throws Exception {
        String key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        Files.writeString(file, "Bag Attributes\n" + key + ENDS_2030 + ENDS_2031);

        assertEquals(END, certificate(END).end());
    }

    @Test
    void readsTheFileAgainWhenItsTimeChanges() throws Exception {
        ServerCertificate certificate = certificate(END);
        Files.writeString(file, ENDS_2030);
        FileTime time = Files.getLastModifiedTime(file);
        assertEquals(END, certificate.end());

        Files.writeString(file, ENDS_2031);
        Files.setLastModifiedTime(file, time);
        assertEquals(END, certificate.end(), "not each time");

        Files.setLastModifiedTime(file, FileTime.from(time.toInstant().minusSeconds(1)));
        assertEquals(Instant.parse("2031-01-01T00:00:00Z"), certificate.end());
    }

    @Test
    void saysWhyTheEndIsNotKnown() throws Exception {
        ServerCertificate certificate = certificate(END);
        assertThrows(IOException.class, certificate::end);
        assertEquals("not known, its file can't be read", certificate.sentence());

        for (String content : List.of("", "garbage", "-----BEGIN CERTIFICATE-----\ngarbage")) {
            Files.writeString(file, content);
            assertThrows(CertificateException.class, certificate::end, content);
            assertEquals("not known, its file holds none", certificate.sentence());
        }

        Files.writeString(file, ENDS_2030);
        assertEquals(END, certificate.end());
    }

    @ParameterizedTest(name = "at {0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            2030-12-02T00:00:00Z | INFO    | 30 days left
            2030-12-02T00:00:01Z | WARNING | 29 days left
            2031-01-02T00:00:00Z | WARNING | expired
            2029-12-30T00:00:00Z | WARNING | 367 days left, but by this server's clock it isn't valid before 2029-12-31T00:00:00Z
            """)
    void warnsOfAnEndThatIsNearAndOfABeginningThatIsStillToCome(Instant now, String level, String sentence)
            throws Exception {
        Files.writeString(file, ENDS_2031);

        LogRecord logged = log(certificate(now));

        assertEquals(Level.parse(level), logged.getLevel());
        assertEquals("the certificate, " + file + ", ends at 2031-01-01T00:00:00Z: " + sentence, logged.getMessage());
    }

    @Test
    void warnsOfACurveThatIsNotOfferedByDefault() throws Exception {
        Files.writeString(file, ON_P_384);

        List<LogRecord> logged = logAll(certificate(END));

        assertEquals(2, logged.size());
        assertEquals(Level.WARNING, logged.get(1).getLevel());
        assertEquals(
                "the certificate, " + file + ", has a key on another curve than P-256: unless the connector's groups"
                        + " have that curve, nobody can connect (with setenv.sh:"
                        + " FUOTA_TLS_GROUPS=secp256r1,x25519,secp384r1)",
                logged.get(1).getMessage());
    }

    @Test
    void doesNotWarnOfACertificateThatMayBeElsewhere() {
        LogRecord logged = log(certificate(END));

        assertEquals(Level.INFO, logged.getLevel());
        assertEquals(
                "the certificate's end isn't known: java.nio.file.NoSuchFileException: " + file, logged.getMessage());
    }

    private ServerCertificate certificate(Instant now) {
        return new ServerCertificate(file, new TestClock(now));
    }

    /** The one line that it logs. */
    private static LogRecord log(ServerCertificate certificate) {
        List<LogRecord> logged = logAll(certificate);
        assertEquals(1, logged.size());
        return logged.get(0);
    }

    private static List<LogRecord> logAll(ServerCertificate certificate) {
        try (LogCapture logged = new LogCapture(ServerCertificate.class)) {
            certificate.log();
            return logged.records();
        }
    }
}
