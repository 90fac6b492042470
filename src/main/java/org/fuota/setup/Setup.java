package org.fuota.setup;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes what Fuota needs to start and isn't there yet, and keeps what is there, so that it may run before each start. */
public final class Setup {
    private static final int SHORT_PASSWORD = 16;

    private final Options options;
    private final PrintStream out;
    private final PrintStream csv;

    /** @param csv gets the passwords of devices, and nothing else */
    private Setup(Options options, PrintStream out, PrintStream csv) {
        this.options = options;
        this.out = out;
        // Whatever the machine's own encoding is.
        this.csv = new PrintStream(csv, false, StandardCharsets.UTF_8);
    }

    /** Exits with 0 when all is there, 1 with a sentence on standard error otherwise. */
    public static void main(String[] arguments) {
        boolean isSimulation = List.of(arguments).contains("--simulate");
        if (arguments.length == 0 || !isSimulation && List.of(arguments).contains("--help")) {
            System.out.print(Options.USAGE);
            return;
        }
        try {
            if (isSimulation) {
                Application.simulate(arguments, System.getenv().getOrDefault("FUOTA_DEVICE_PASSWORD", ""), System.out);
                return;
            }
            run(arguments, System.getenv(), System.out, System.err);
        } catch (SetupException | IOException e) {
            System.err.println("Fuota set-up: " + (e instanceof IOException ? "file trouble: " + e : e.getMessage()));
            System.exit(1);
        }
    }

    /** @return the admin's password, where it is a new one */
    static Optional<String> run(String[] arguments, Map<String, String> environment, PrintStream out, PrintStream err)
            throws IOException, SetupException {
        return run(Options.parse(arguments, environment), out, err);
    }

    static Optional<String> run(Options options, PrintStream out, PrintStream err) throws IOException, SetupException {
        if (options.moveTo().isPresent()) {
            Application.move(options.data(), options.moveTo().get(), out);
            return Optional.empty();
        }
        return new Setup(options, options.devices().isPresent() ? err : out, out).run();
    }

    private Optional<String> run() throws IOException, SetupException {
        makeFolder(options.data().resolve("db"), "rwxr-x---");
        makeFolder(options.data().resolve("files"), "rwxr-x---");
        makeFolder(options.data().resolve("blobs"), "rwxr-x---");
        makeFolder(options.data().resolve("tls"), "rwxr-xr-x");
        Path certificate = options.data().resolve("tls/cert.pem");
        boolean newCertificate =
                Certificate.require(certificate, options.data().resolve("tls/key.pem"), options.hosts(), Instant.now());
        Set<String> names = Certificate.names(certificate);

        TomcatUsers users = TomcatUsers.open(options.users());
        requireOther(
                users, options.adminUser(), options.adminPassword(), "FUOTA_DEVICE_PASSWORD", options.devicePassword());
        requireOther(
                users, options.deviceUser(), options.devicePassword(), "FUOTA_ADMIN_PASSWORD", options.adminPassword());
        Optional<String> devicePassword =
                users.require(options.deviceUser(), options.devicePassword(), List.of("fuota-device"));
        Optional<String> adminPassword =
                users.require(options.adminUser(), options.adminPassword(), List.of("fuota-device", "fuota-admin"));
        Map<String, String> others = new LinkedHashMap<>();
        addUser(users, options.viewerUser(), "fuota-viewer", others);
        addUser(users, options.publisherUser(), "fuota-publisher", others);
        if (options.devices().isPresent()) {
            addDevices(DeviceUsers.read(options.devices().get()), users);
        }
        boolean wasForEverybody = PrivateFile.isForEverybody(options.users());
        users.save();
        boolean isPrivateNow = wasForEverybody && !PrivateFile.isForEverybody(options.users());

        out.println("Fuota is set up:");
        out.println("  data         " + options.data());
        out.println("  users        " + options.users());
        out.println("  certificate  " + certificate + (newCertificate ? ", new, for " : ", for ")
                + (names.isEmpty() ? "its common name only" : String.join(" ", names)));
        if (isPrivateNow) {
            out.println("  WARNING: everybody could read " + options.users()
                    + ", and can't any more: if Tomcat's user isn't its owner nor in its group, make it so.");
        }
        warnAboutHosts(certificate, names);
        warnAboutPassword("FUOTA_DEVICE_PASSWORD", options.devicePassword());
        warnAboutPassword("FUOTA_ADMIN_PASSWORD", options.adminPassword());
        if (devicePassword.isPresent() || adminPassword.isPresent() || !others.isEmpty()) {
            out.println();
            out.println("New passwords. Only their digests are stored, so keep them now: they aren't shown again.");
            devicePassword.ifPresent(password -> showPassword(options.deviceUser(), password));
            adminPassword.ifPresent(password -> showPassword(options.adminUser(), password));
            others.forEach(this::showPassword);
        }
        if (devicePassword.isPresent() || adminPassword.isPresent()) {
            showExamples(certificate, names, devicePassword.orElse("PASSWORD"), adminPassword.orElse("PASSWORD"));
        }
        return adminPassword;
    }

    /** Whoever was asked for; the password comes to the new ones, where one was generated. */
    private static void addUser(TomcatUsers users, Optional<String> name, String role, Map<String, String> passwords)
            throws SetupException {
        if (name.isPresent()) {
            users.require(name.get(), Optional.empty(), List.of(role))
                    .ifPresent(password -> passwords.put(name.get(), password));
        }
    }

    /** Before the users are saved: passwords that nobody got to see would be of no use. */
    private void addDevices(List<String> ids, TomcatUsers users) throws IOException, SetupException {
        for (String id : ids) {
            if (id.equals(options.adminUser())) {
                throw new SetupException("the device id " + id + " is the name of the admin's user");
            }
            Optional<String> password = users.require(id, Optional.empty(), List.of("fuota-device"));
            password.ifPresent(value -> csv.print(DeviceUsers.csv(id, value)));
        }
        if (csv.checkError()) {
            throw new IOException("the passwords can't be written; no user was added");
        }
    }

    /** What the boards' user has lies in the flash of each board. */
    private void requireOther(
            TomcatUsers users, String user, Optional<String> userPassword, String variable, Optional<String> password)
            throws SetupException {
        if (password.isPresent()
                && users.has(options.deviceUser(), password.get())
                && users.has(options.adminUser(), password.get())) {
            // Boards poll with it: to refuse the start now would cut them off.
            out.println("  WARNING: " + options.deviceUser() + " and " + options.adminUser()
                    + " have one password: whoever holds a board is admin. Give the admin another.");
        } else if (password.isPresent()
                && (password.equals(userPassword) || userPassword.isEmpty() && users.has(user, password.get()))) {
            throw new SetupException(variable + " is the password of " + user
                    + ", too: whoever holds a board would be admin; choose two");
        }
    }

    private static void makeFolder(Path folder, String permissions) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Files.createDirectories(folder);
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
        }
    }

    private void warnAboutHosts(Path certificate, Set<String> names) {
        for (String host : options.hosts()) {
            if (!names.isEmpty() && names.stream().noneMatch(host::equalsIgnoreCase)) {
                out.println("  WARNING: the certificate isn't for " + host + ". To have a new one made, remove "
                        + certificate + " and key.pem beside it; boards that have the old one built in must then be"
                        + " given the new one.");
            }
        }
    }

    private void warnAboutPassword(String variable, Optional<String> password) {
        if (password.isPresent() && password.get().length() < SHORT_PASSWORD) {
            out.println(
                    "  WARNING: " + variable + " is shorter than " + SHORT_PASSWORD
                            + " characters: guessing is slowed down, not prevented. Unset, a strong one is generated for a new user.");
        }
    }

    private void showPassword(String user, String password) {
        out.println("  " + user + "  " + password);
    }

    private void showExamples(Path certificate, Set<String> names, String devicePassword, String adminPassword) {
        String host = names.isEmpty() ? "localhost" : names.iterator().next();
        String curl = "  curl --cacert " + certificate + " -u " + options.adminUser() + ":" + adminPassword;
        String url = " https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + options.port();
        out.println();
        out.println(
                "Upload an update file, offer it to device 00001 where it runs 0.1.0, and poll as that device does:");
        out.println(curl + " -T esp32-fuota.bin" + url + "/files/esp32-fuota.bin.0.1.1");
        out.println(curl + " -X PUT -d '\"00001\",\"0.1.0\",\"esp32-fuota.bin.0.1.1\"'" + url + "/devices/00001");
        out.println("  curl --cacert " + certificate + " -u " + options.deviceUser() + ":" + devicePassword + " '"
                + url.strip() + "/devices/00001?app_ver=0.1.0'");
        out.println();
    }
}
