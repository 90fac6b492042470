package org.fuota.setup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SetupTest {
    @TempDir
    static Path made;

    @TempDir
    Path folder;

    private Path data = Path.of("");
    private Path users = Path.of("");

    /** With a certificate: making one takes half a second, and most tests aren't about it. */
    @BeforeAll
    static void makeCertificate() throws Exception {
        Setup.run(new String[] {"--data", made.toString()}, Map.of(), nowhere(), nowhere());
    }

    @BeforeEach
    void inANewFolder() {
        data = folder.resolve("data");
        users = data.resolve("conf/tomcat-users.xml");
    }

    @Test
    void makesAllOnTheFirstRun() throws Exception {
        String shown = setUp(Map.of());

        for (String made : List.of("db", "files", "blobs", "tls")) {
            assertTrue(Files.isDirectory(data.resolve(made)), made);
        }
        String device = shownPassword(shown, "device");
        String admin = shownPassword(shown, "admin");
        assertEquals(22, device.length(), "128 bits in base64");
        assertFalse(device.equals(admin));
        assertTrue(Passwords.matches(device, storedPassword("device")));
        assertTrue(Passwords.matches(admin, storedPassword("admin")));
        String xml = Files.readString(users);
        assertFalse(xml.contains(device) || xml.contains(admin), "digests only");
        assertTrue(xml.contains("roles=\"fuota-device\""));
        assertTrue(xml.contains("roles=\"fuota-device,fuota-admin\""));
        assertTrue(shown.contains("curl --cacert " + data.resolve("tls/cert.pem") + " -u device:" + device));
        for (String secret : List.of("tls/key.pem", "conf/tomcat-users.xml")) {
            assertEquals(
                    "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(secret))));
        }
    }

    @Test
    void letsOthersReadTheCertificateOnly() throws Exception {
        setUp(Map.of());

        assertTrue(
                Files.getPosixFilePermissions(data.resolve("tls/cert.pem")).contains(PosixFilePermission.OTHERS_READ));
        assertTrue(Files.getPosixFilePermissions(data.resolve("tls")).contains(PosixFilePermission.OTHERS_EXECUTE));
        assertFalse(Files.getPosixFilePermissions(data.resolve("db")).contains(PosixFilePermission.OTHERS_EXECUTE));
        assertFalse(Files.getPosixFilePermissions(data.resolve("files")).contains(PosixFilePermission.OTHERS_EXECUTE));
    }

    @Test
    void keepsAllOnLaterRuns() throws Exception {
        haveCertificate();
        String first = setUp(Map.of());
        List<String> before = contents();

        String second = setUp(Map.of());

        assertEquals(before, contents());
        assertFalse(second.contains(shownPassword(first, "admin")), "passwords are shown once");
        assertFalse(second.contains("New passwords"));
    }

    @Test
    void takesPasswordsFromTheEnvironment() throws Exception {
        haveCertificate();
        String shown = setUp(Map.of(
                "FUOTA_DEVICE_PASSWORD", "built into every board", "FUOTA_ADMIN_PASSWORD", "p\u00e4ssw\u00f6rd"));

        assertTrue(Passwords.matches("built into every board", storedPassword("device")));
        assertTrue(Passwords.matches("p\u00e4ssw\u00f6rd", storedPassword("admin")));
        assertFalse(shown.contains("built into every board"));
        assertTrue(shown.contains("WARNING: FUOTA_ADMIN_PASSWORD is shorter than 16 characters"), shown);

        setUp(Map.of("FUOTA_ADMIN_PASSWORD", "changed in the environment"));

        assertTrue(Passwords.matches("changed in the environment", storedPassword("admin")));
        assertFalse(Passwords.matches("p\u00e4ssw\u00f6rd", storedPassword("admin")));
        assertTrue(Passwords.matches("built into every board", storedPassword("device")));
        List<String> before = contents();
        setUp(Map.of("FUOTA_ADMIN_PASSWORD", "changed in the environment"));
        assertEquals(before, contents(), "the same password isn't digested anew");
    }

    @Test
    void takesEmptyVariablesAsUnset() throws Exception {
        haveCertificate();
        String shown = setUp(Map.of("FUOTA_DEVICE_PASSWORD", "", "FUOTA_ADMIN_PASSWORD", ""));

        assertEquals(22, shownPassword(shown, "device").length());
    }

    @Test
    void addsUsersToAFileThatIsThere() throws Exception {
        haveCertificate();
        Files.createDirectories(users.getParent());
        Files.writeString(users, """
                <?xml version="1.0" encoding="UTF-8"?>
                <tomcat-users xmlns="http://tomcat.apache.org/xml" version="1.0">
                  <!-- <user username="admin" password="must-be-changed" roles="manager-gui"/> -->
                  <role rolename="fuota-device"/>
                  <user username="robot" password="plain" roles="manager-script"/>
                  <user username="device" password="chosen" roles=" somebody , fuota-device"/>
                </tomcat-users>
                """);
        Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-r-----"));

        String shown = setUp(Map.of());

        String xml = Files.readString(users);
        assertTrue(
                xml.contains("<!-- <user username=\"admin\" password=\"must-be-changed\" roles=\"manager-gui\"/> -->"));
        assertTrue(xml.contains("<user password=\"plain\" roles=\"manager-script\" username=\"robot\"/>"));
        assertEquals("chosen", storedPassword("device"));
        assertTrue(Passwords.matches(shownPassword(shown, "admin"), storedPassword("admin")));
        assertEquals(1, xml.split("rolename=\"fuota-device\"", -1).length - 1);
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(users)));
    }

    @Test
    void makesUsersOfOtherRolesWhenAskedTo() throws Exception {
        haveCertificate();
        String without = setUp(Map.of());
        assertFalse(without.contains("  ci  "));

        String shown = setUp(Map.of(), "--viewer-user", "eve", "--publisher-user", "ci");

        assertTrue(Passwords.matches(shownPassword(shown, "eve"), storedPassword("eve")));
        assertTrue(Passwords.matches(shownPassword(shown, "ci"), storedPassword("ci")));
        assertFalse(shownPassword(shown, "eve").equals(shownPassword(shown, "ci")));
        String xml = Files.readString(users);
        assertTrue(xml.contains(" roles=\"fuota-viewer\" username=\"eve\""), xml);
        assertTrue(xml.contains(" roles=\"fuota-publisher\" username=\"ci\""), xml);
        assertEquals(1, xml.split("rolename=\"fuota-publisher\"", -1).length - 1);
        assertFalse(shown.contains("curl"), "the examples are for those who have a new password");
        assertFalse(setUp(Map.of(), "--viewer-user", "eve", "--publisher-user", "ci")
                .contains("New passwords"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--viewer-user device", "--publisher-user admin", "--viewer-user x --publisher-user x"})
    void refusesOneUserForTwoRoles(String options) throws Exception {
        haveCertificate();

        SetupException refused = assertThrows(SetupException.class, () -> setUp(Map.of(), options.split(" ")));

        assertTrue(refused.getMessage().contains(" lacks a role: give it roles="), refused.getMessage());
        assertFalse(Files.exists(users));
    }

    @Test
    void refusesAUserThatLacksARole() throws Exception {
        haveCertificate();
        Files.createDirectories(users.getParent());
        String before = "<tomcat-users><user username=\"admin\" password=\"x\" roles=\"manager-gui\"/></tomcat-users>";
        Files.writeString(users, before);

        SetupException refused = assertThrows(SetupException.class, () -> setUp(Map.of()));

        assertTrue(refused.getMessage().contains("user admin in " + users + " lacks a role"), refused.getMessage());
        assertEquals(before, Files.readString(users));
    }

    @Test
    void refusesAUsersFileThatIsNone() throws Exception {
        haveCertificate();
        Files.createDirectories(users.getParent());
        for (String broken :
                List.of("", "<tomcat-users>", "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><x>&y;</x>")) {
            Files.writeString(users, broken);

            assertThrows(SetupException.class, () -> setUp(Map.of()));

            assertEquals(broken, Files.readString(users));
        }
    }

    @Test
    void takesOtherUserNames() throws Exception {
        haveCertificate();
        setUp(Map.of("FUOTA_DEVICE_PASSWORD", "server_password"), "--device-user", "server_username");

        assertTrue(Passwords.matches("server_password", storedPassword("server_username")));
        assertFalse(Files.readString(users).contains("username=\"device\""));
    }

    @ParameterizedTest
    @CsvSource({
        "fuota.example.com, CN=fuota.example.com, 'DNS:fuota.example.com'",
        "Fuota.Example.COM, CN=fuota.example.com, 'DNS:fuota.example.com'",
        "192.168.1.41, CN=192.168.1.41, 'DNS:192.168.1.41,IP:192.168.1.41'",
        "'fuota.lan,192.168.1.41', CN=fuota.lan, 'DNS:fuota.lan,DNS:192.168.1.41,IP:192.168.1.41'",
        "2001:db8::1, CN=2001:db8::1, 'IP:2001:db8:0:0:0:0:0:1'",
    })
    void namesTheHostInTheCertificate(String host, String subject, String names) throws Exception {
        setUp(Map.of(), "--host", host);

        X509Certificate certificate = certificate();
        List<String> alternatives = new ArrayList<>();
        for (List<?> name : certificate.getSubjectAlternativeNames()) {
            alternatives.add((name.get(0).equals(7) ? "IP:" : "DNS:") + name.get(1));
        }
        assertEquals(subject, certificate.getSubjectX500Principal().getName());
        assertTrue(alternatives.containsAll(List.of(names.split(","))), alternatives + " has " + names);
        assertTrue(
                alternatives.containsAll(
                        List.of("DNS:localhost", "DNS:127.0.0.1", "IP:127.0.0.1", "IP:0:0:0:0:0:0:0:1")),
                alternatives.toString());
        assertEquals("SHA256withECDSA", certificate.getSigAlgName());
        assertTrue(certificate.getBasicConstraints() >= 0, "a CA");
        certificate.checkValidity(Date.from(Instant.now().plus(Duration.ofDays(3649))));
        certificate.checkValidity(Date.from(Instant.now().minus(Duration.ofHours(23))));
        assertEquals(
                256,
                ((ECPublicKey) certificate.getPublicKey())
                        .getParams()
                        .getOrder()
                        .bitLength());
    }

    @Test
    void warnsWhenTheCertificateIsForAnotherHost() throws Exception {
        setUp(Map.of(), "--host", "old.example.com");
        byte[] before = Files.readAllBytes(data.resolve("tls/cert.pem"));

        String shown = setUp(Map.of(), "--host", "new.example.com");

        assertTrue(shown.contains("WARNING: the certificate isn't for new.example.com"), shown);
        assertArrayEquals(before, Files.readAllBytes(data.resolve("tls/cert.pem")));
        assertFalse(setUp(Map.of(), "--host", "OLD.example.com").contains("WARNING"));
        assertFalse(setUp(Map.of(), "--host", "").contains("WARNING"));
    }

    /** A machine without a battery, before it has found a time server. */
    @Test
    void makesACertificateThatLastsWhateverTheClockSays() throws Exception {
        Files.createDirectories(data.resolve("tls"));

        Certificate.require(data.resolve("tls/cert.pem"), data.resolve("tls/key.pem"), List.of(), Instant.EPOCH);

        for (String date : List.of("1970-01-01T00:00:00Z", "2026-11-26T00:00:00Z", "2036-10-01T00:00:00Z")) {
            certificate().checkValidity(Date.from(Instant.parse(date)));
        }
    }

    /** As Python 3.13 verifies by default; boards that have the certificate built in accept what it has signed. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({"itself", "successor with the same key", "successor with a new key"})
    void holdsStrictVerification(String which) throws Exception {
        setUp(Map.of(), "--host", "fuota.example.com");
        Path tls = data.resolve("tls");
        String leaf = which.equals("itself") ? "cert.pem" : "leaf.pem";
        if (!which.equals("itself")) {
            Files.writeString(tls.resolve("leaf.cnf"), """
                    basicConstraints=critical,CA:false
                    keyUsage=critical,digitalSignature
                    extendedKeyUsage=serverAuth
                    subjectAltName=DNS:fuota.example.com
                    subjectKeyIdentifier=hash
                    authorityKeyIdentifier=keyid:always
                    """);
            boolean isNew = which.endsWith("a new key");
            if (isNew) {
                openssl(tls, "ecparam -name prime256v1 -genkey -noout -out leaf.key");
            }
            openssl(tls, "req -new -subj /CN=successor -out leaf.csr -key " + (isNew ? "leaf.key" : "key.pem"));
            openssl(
                    tls,
                    "x509 -req -days 30 -in leaf.csr -out leaf.pem -CA cert.pem -CAkey key.pem -CAcreateserial -extfile leaf.cnf");
        }

        assertTrue(openssl(
                        tls,
                        "verify -x509_strict -purpose sslserver -verify_hostname fuota.example.com -CAfile cert.pem "
                                + leaf)
                .contains(leaf + ": OK"));
    }

    @Test
    void endsWhatACutShortRunHasBegun() throws Exception {
        setUp(Map.of());
        Path certificate = data.resolve("tls/cert.pem");
        Path key = data.resolve("tls/key.pem");
        Path prepared = data.resolve("tls/cert.pem.new");
        byte[] made = Files.readAllBytes(certificate);
        byte[] madeKey = Files.readAllBytes(key);
        assertFalse(Files.exists(prepared));

        Files.move(certificate, prepared);
        assertTrue(setUp(Map.of()).contains(certificate + ", new"));
        assertArrayEquals(made, Files.readAllBytes(certificate));
        assertArrayEquals(madeKey, Files.readAllBytes(key), "the key is never another");

        Files.move(certificate, prepared);
        Files.delete(key);
        setUp(Map.of());
        assertFalse(Files.exists(prepared));

        Files.write(prepared, made);
        Files.delete(certificate);
        byte[] another = Files.readAllBytes(key);
        assertThrows(SetupException.class, () -> setUp(Map.of()), "another key's");
        assertArrayEquals(another, Files.readAllBytes(key));
    }

    private static String openssl(Path folder, String arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments.split(" ")));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }

    @Test
    void refusesHalfACertificate() throws Exception {
        setUp(Map.of());
        for (String half : List.of("tls/key.pem", "tls/cert.pem")) {
            Path other = data.resolve(half.equals("tls/key.pem") ? "tls/cert.pem" : "tls/key.pem");
            byte[] kept = Files.readAllBytes(other);
            byte[] removed = Files.readAllBytes(data.resolve(half));
            Files.delete(data.resolve(half));

            SetupException refused = assertThrows(SetupException.class, () -> setUp(Map.of()));

            assertTrue(refused.getMessage().contains("there is only one of"), refused.getMessage());
            assertArrayEquals(kept, Files.readAllBytes(other));
            Files.write(data.resolve(half), removed);
        }
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            --data,                             isn't an option with a value
            --host x,                           --data DIR is missing
            --dat x,                            unknown option --dat
            --data d --port 0,                  isn't a port
            --data d --port 65536,              isn't a port
            --data d --port x,                  isn't a port
            --data d --host a_b,                isn't host names or IP addresses
            --data d --host a;b,                isn't host names or IP addresses
            --data d --device-user a:b,         colon
            --data d --device-user admin,       must differ
            --data d --move-to sqlite,          --move-to isn't jdbc:postgresql://HOST/DATABASE
            --data d --move-to jdbc:postgresql://h,               --move-to isn't jdbc:postgresql://HOST/DATABASE
            --data d --move-to jdbc:postgresql://u:secret@h/d,    --move-to isn't jdbc:postgresql://HOST/DATABASE
            --data d --move-to jdbc:postgresql://h/d?a=secret%2,  has a parameter with a %
            --data --move-to jdbc:postgresql://h/d?a=secret,      jdbc:postgresql://h/d isn't an option with a value
            --data d jdbc:postgresql://h/d?a=secret x,            unknown option jdbc:postgresql://h/d;
            """)
    void refusesOptions(String options, String reason) {
        SetupException refused =
                assertThrows(SetupException.class, () -> Setup.run(options.split(" "), Map.of(), nowhere(), nowhere()));

        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
        assertFalse(refused.getMessage().contains("secret"), refused.getMessage());
    }

    @Test
    void takesUserAndPasswordOfTheTargetFromTheEnvironmentFirst() throws Exception {
        String url = "jdbc:postgresql://a,b:5433/d";
        String[] arguments = {"--data", "d", "--move-to", url + "?user=u&password=a%26b%3D&tcpKeepAlive"};

        MoveTarget plain = Options.parse(arguments, Map.of()).moveTo().orElseThrow();
        MoveTarget other = Options.parse(
                        arguments, Map.of("FUOTA_DATABASE_USER", "other", "FUOTA_DATABASE_PASSWORD", "secret"))
                .moveTo()
                .orElseThrow();

        assertEquals(url, plain.url());
        assertEquals("u", plain.properties().getProperty("user"));
        assertEquals("a&b=", plain.properties().getProperty("password"));
        assertEquals("", plain.properties().getProperty("tcpKeepAlive"));
        assertEquals("other", other.properties().getProperty("user"));
        assertEquals("secret", other.properties().getProperty("password"));
    }

    @Test
    void refusesAPasswordWithALineEnd() {
        assertThrows(SetupException.class, () -> setUp(Map.of("FUOTA_DEVICE_PASSWORD", "password\n")));
        assertFalse(Files.exists(data));
    }

    @ParameterizedTest
    @CsvSource({
        "p\ufffdss, FUOTA_DEVICE_PASSWORD",
        "p\ufffdss, FUOTA_ADMIN_PASSWORD",
        "d\ufffdta, --host",
        "d\ufffdta, --admin-user",
    })
    void refusesWhatTheLocaleHasMangled(String value, String name) {
        SetupException refused = assertThrows(SetupException.class, () -> {
            if (name.startsWith("--")) {
                setUp(Map.of(), name, value);
            } else {
                setUp(Map.of(name, value));
            }
        });

        assertEquals(
                name + " has a character that this shell's locale can't express: set LC_ALL=C.UTF-8",
                refused.getMessage());
        assertFalse(Files.exists(data));
    }

    @ParameterizedTest
    @ValueSource(strings = {"$", "\"", "`", "\\", "?"})
    void refusesADataFolderThatTomcatWouldNotFind(String character) {
        data = folder.resolve("da" + character + "ta");

        SetupException refused = assertThrows(SetupException.class, () -> setUp(Map.of()));

        assertEquals(
                "--data " + data + " has the character " + character
                        + ", with which Tomcat doesn't find it: choose another folder",
                refused.getMessage());
        assertFalse(Files.exists(data));
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "#", "%", "&", "\u00fc"})
    void takesOtherDataFolders(String character) throws Exception {
        data = folder.resolve("da" + character + "ta");

        setUp(Map.of());

        assertTrue(Files.exists(data.resolve("tls/cert.pem")));
    }

    /** A JVM of its own, because that takes the locale as it starts. */
    @ParameterizedTest(name = "LC_ALL={0}")
    @CsvSource({"C, 1", "POSIX, 1", "C.UTF-8, 0"})
    void refusesAPasswordThatJavaCannotRead(String locale, int status) throws Exception {
        // By a shell, because this JVM may not be able to say it, either.
        ProcessBuilder builder = new ProcessBuilder(
                "sh",
                "-c",
                "FUOTA_ADMIN_PASSWORD=$(printf 'p\\303\\244ssw\\303\\266rd with letters') LC_ALL=$0 exec \"$@\"",
                locale,
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Setup.class.getName(),
                "--data",
                data.toString());
        builder.environment().put("FUOTA_ADMIN_PASSWORD", "");
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(status, process.waitFor(), output);
        assertEquals(status == 1, output.contains("Fuota set-up: FUOTA_ADMIN_PASSWORD has a character that"), output);
    }

    @Test
    void refusesOnePasswordForBothUsers() throws Exception {
        haveCertificate();
        String shared = "the same for both of them";
        for (Map<String, String> both :
                List.of(Map.of("FUOTA_DEVICE_PASSWORD", shared, "FUOTA_ADMIN_PASSWORD", shared))) {
            assertThrows(SetupException.class, () -> setUp(both));
        }
        setUp(Map.of("FUOTA_DEVICE_PASSWORD", "the boards' password", "FUOTA_ADMIN_PASSWORD", "the admin's password"));
        String before = Files.readString(users);

        SetupException device = assertThrows(
                SetupException.class, () -> setUp(Map.of("FUOTA_DEVICE_PASSWORD", "the admin's password")));
        SetupException admin =
                assertThrows(SetupException.class, () -> setUp(Map.of("FUOTA_ADMIN_PASSWORD", "the boards' password")));

        assertEquals(
                "FUOTA_DEVICE_PASSWORD is the password of admin, too: whoever holds a board would be admin; choose two",
                device.getMessage());
        assertTrue(
                String.valueOf(admin.getMessage()).startsWith("FUOTA_ADMIN_PASSWORD is the password of device, too"));
        assertEquals(before, Files.readString(users));
        // Exchanged, they are two.
        setUp(Map.of("FUOTA_DEVICE_PASSWORD", "the admin's password", "FUOTA_ADMIN_PASSWORD", "the boards' password"));
    }

    /** A container sets up at each start: boards that poll with it must not be cut off. */
    @Test
    void onlyWarnsOfOnePasswordThatBothUsersHaveAlready() throws Exception {
        haveCertificate();
        setUp(Map.of("FUOTA_DEVICE_PASSWORD", "the boards' password"));
        String digest = Files.readString(users)
                .lines()
                .filter(line -> line.contains("username=\"device\""))
                .map(line -> line.replaceAll(".* password=\"([^\"]+)\".*", "$1"))
                .findFirst()
                .orElseThrow();
        Files.writeString(
                users,
                Files.readString(users)
                        .replaceAll(
                                "( password=\")[^\"]+(\"[^>]*username=\"admin\")",
                                "$1" + digest.replace("$", "\\$") + "$2"));

        String output = setUp(Map.of(
                "FUOTA_DEVICE_PASSWORD", "the boards' password", "FUOTA_ADMIN_PASSWORD", "the boards' password"));

        assertTrue(output.contains("WARNING: device and admin have one password"), output);
    }

    @ParameterizedTest
    @CsvSource({"rw-r--r--, rw-r-----", "rw-rw-r--, rw-rw----", "rw-r-----, rw-r-----", "rw-------, rw-------"})
    void letsNotEverybodyReadTheUsers(String before, String after) throws Exception {
        haveCertificate();
        Files.createDirectories(users.getParent());
        Files.writeString(users, "<tomcat-users/>");
        Files.setPosixFilePermissions(users, PosixFilePermissions.fromString(before));

        String output = setUp(Map.of());

        assertEquals(
                before.endsWith("r--"),
                output.contains("WARNING: everybody could read " + users + ", and can't any more"),
                output);
        assertEquals(after, PosixFilePermissions.toString(Files.getPosixFilePermissions(users)));
    }

    @ParameterizedTest
    @CsvSource({
        "fuota.example.com, https://fuota.example.com:8443/",
        "2001:db8::1, https://[2001:db8:0:0:0:0:0:1]:8443/"
    })
    void showsExamplesForTheHostAndPort(String host, String url) throws Exception {
        String shown = setUp(Map.of(), "--host", host, "--port", "8443");

        assertEquals(3, shown.split(Pattern.quote(url), -1).length - 1, shown);
        assertFalse(shown.contains(":50000"), shown);
    }

    @Test
    void givesEachDeviceAUser() throws Exception {
        haveCertificate();
        setUp(Map.of());
        String shown = setUp(
                Map.of(),
                "--devices",
                ids("00001", "", "a\"b&<c", "bj\u00f8rn", "00001").toString());

        Matcher csv = Pattern.compile(
                        "\"00001\",\"([^\"]{22})\"\n\"a\"\"b&<c\",\"([^\"]{22})\"\n\"bj\u00f8rn\",\"[^\"]{22}\"\n")
                .matcher(shown);
        assertTrue(csv.matches(), "passwords, and nothing else: " + shown);
        assertTrue(Passwords.matches(csv.group(1), storedPassword("00001")));
        assertTrue(Passwords.matches(csv.group(2), storedPassword("a&quot;b&amp;&lt;c")));
        assertTrue(Files.readString(users).contains("roles=\"fuota-device\" username=\"00001\""));
    }

    @Test
    void keepsTheUsersOfDevicesThatHaveOne() throws Exception {
        haveCertificate();
        setUp(Map.of(), "--devices", ids("00001").toString());
        String stored = storedPassword("00001");

        String shown = setUp(Map.of(), "--devices", ids("00001", "00002").toString());

        assertTrue(shown.matches("\"00002\",\"[^\"]{22}\"\n"), shown);
        assertEquals(stored, storedPassword("00001"));
    }

    @Test
    void addsTenThousandUsers() throws Exception {
        haveCertificate();
        String shown = setUp(
                Map.of(),
                "--devices",
                ids(IntStream.range(0, 10_000).mapToObj("%05d"::formatted).toArray(String[]::new))
                        .toString());

        assertEquals(10_000, shown.lines().distinct().count());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "'a:b', has a colon",
        "'a ', has a leading or trailing space",
        "'a/b', has a slash",
        "'a\tb', has a slash or control character",
        "admin, is the name of the admin",
    })
    void refusesAnIdThatNoUserCanHave(String id, String reason) throws Exception {
        haveCertificate();
        setUp(Map.of());
        String before = Files.readString(users);

        SetupException refusal = assertThrows(
                SetupException.class,
                () -> setUp(Map.of(), "--devices", ids("00001", id).toString()));

        assertTrue(String.valueOf(refusal.getMessage()).contains(reason), refusal.getMessage());
        assertEquals(before, Files.readString(users), "nobody is added");
    }

    /** What nobody has seen would be of no use. */
    @Test
    void addsNobodyWhosePasswordCannotBeShown() throws Exception {
        haveCertificate();
        setUp(Map.of());
        String before = Files.readString(users);
        OutputStream full = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("no space left on device");
            }
        };
        String[] arguments = {
            "--data", data.toString(), "--devices", ids("00001").toString()
        };

        assertThrows(IOException.class, () -> Setup.run(arguments, Map.of(), new PrintStream(full), nowhere()));
        assertEquals(before, Files.readString(users));
    }

    private String setUp(Map<String, String> environment, String... options) throws IOException, SetupException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<String> arguments = new ArrayList<>(List.of("--data", data.toString()));
        arguments.addAll(List.of(options));
        PrintStream shown = new PrintStream(out, true, StandardCharsets.UTF_8);
        Setup.run(arguments.toArray(String[]::new), environment, shown, nowhere());
        return out.toString(StandardCharsets.UTF_8);
    }

    private void haveCertificate() throws IOException {
        Path tls = Files.createDirectories(data.resolve("tls"));
        for (String file : List.of("cert.pem", "key.pem")) {
            Files.copy(made.resolve("tls").resolve(file), tls.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private static PrintStream nowhere() {
        return new PrintStream(OutputStream.nullOutputStream());
    }

    private Path ids(String... lines) throws IOException {
        return Files.write(folder.resolve("ids.txt"), List.of(lines));
    }

    private X509Certificate certificate() throws Exception {
        try (InputStream in = Files.newInputStream(data.resolve("tls/cert.pem"))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private String storedPassword(String user) throws IOException {
        return group("<user password=\"([^\"]*)\"[^>]* username=\"" + user + "\"/>", Files.readString(users));
    }

    private static String shownPassword(String shown, String user) {
        return group("(?m)^  " + user + "  (\\S+)$", shown);
    }

    private static String group(String regex, String text) {
        Matcher matcher = Pattern.compile(regex).matcher(text);
        assertTrue(matcher.find(), () -> regex + " in " + text);
        return matcher.group(1);
    }

    private List<String> contents() throws IOException {
        List<String> contents = new ArrayList<>();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                contents.add(file + ": " + Files.readString(file));
            }
        }
        return contents;
    }
}
