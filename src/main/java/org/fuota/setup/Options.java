package org.fuota.setup;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the operator asked for on the command line and, for passwords, in the environment; {@link #USAGE} tells of each. */
record Options(
        Path data,
        List<String> hosts,
        int port,
        Path users,
        String deviceUser,
        Optional<String> devicePassword,
        String adminUser,
        Optional<String> adminPassword,
        Optional<String> viewerUser,
        Optional<String> publisherUser,
        Optional<Path> devices,
        Optional<MoveTarget> moveTo) {

    static final String USAGE = """
            Sets up Fuota: makes what is missing of folders, certificate and users, and keeps what is there.

              java -jar fuota.war --data DIR [options]

              --data DIR          where everything lies: DIR/db, DIR/files, DIR/tls
              --host NAME,...     host names and IP addresses by which boards reach this server, the main one
                                  first (default: this machine's name; its addresses are always included)
              --port N            HTTPS port, for the examples that are printed (default: 50000)
              --users FILE        tomcat-users.xml to put the users into (default: DIR/conf/tomcat-users.xml)
              --device-user NAME  user of the boards, role fuota-device (default: device)
              --admin-user NAME   user of developers and operators, both roles (default: admin)
              --viewer-user NAME  one more user, role fuota-viewer: reads everything, changes nothing
              --publisher-user NAME
                                  one more user, role fuota-publisher: a CI that uploads new files, and replaces none
              --devices FILE      ids of devices, one a line: each gets a user of its own, named like it. Their
                                  passwords are the output, as CSV: id, password; all else that is said goes to
                                  standard error. Users that are there keep their password, and are left out
              --move-to URL       does nothing of all that, but moves what DIR has from SQLite into an empty PostgreSQL
                                  database, jdbc:postgresql://HOST/DATABASE. Stop the server first. If it is cut
                                  off, run it again
              --simulate URL      does nothing of all that either, but simulates boards that poll the server at this
                                  URL: --simulate --help tells of them

            The environment variables FUOTA_DEVICE_PASSWORD and FUOTA_ADMIN_PASSWORD set the passwords;
            without them new users get generated ones, which are shown once. FUOTA_DATABASE_USER and
            FUOTA_DATABASE_PASSWORD are for --move-to.
            """;

    static Options parse(String[] arguments, Map<String, String> environment) throws SetupException {
        Path data = null;
        List<String> hosts = List.of();
        int port = 50000;
        Path users = null;
        String deviceUser = "device";
        String adminUser = "admin";
        Optional<String> viewerUser = Optional.empty();
        Optional<String> publisherUser = Optional.empty();
        Optional<Path> devices = Optional.empty();
        Optional<MoveTarget> moveTo = Optional.empty();
        for (int i = 0; i < arguments.length; i += 2) {
            // It may be a URL that is out of place: what follows, a password maybe, is nobody's to see.
            String name = arguments[i].replaceFirst("\\?.*", "");
            if (i + 1 == arguments.length) {
                throw new SetupException(name + " isn't an option with a value; --help lists them");
            }
            String value = arguments[i + 1];
            requireReadable(name, value);
            switch (name) {
                case "--data" -> data = Path.of(value).toAbsolutePath().normalize();
                case "--host" -> hosts = hosts(value);
                case "--port" -> port = port(value);
                case "--users" -> users = Path.of(value).toAbsolutePath().normalize();
                case "--device-user" -> deviceUser = userName(value);
                case "--admin-user" -> adminUser = userName(value);
                case "--viewer-user" -> viewerUser = Optional.of(userName(value));
                case "--publisher-user" -> publisherUser = Optional.of(userName(value));
                case "--devices" -> devices = Optional.of(Path.of(value));
                case "--move-to" ->
                    moveTo = Optional.of(MoveTarget.parse(
                            value,
                            secret(environment, "FUOTA_DATABASE_USER"),
                            secret(environment, "FUOTA_DATABASE_PASSWORD")));
                default -> throw new SetupException("unknown option " + name + "; --help lists them");
            }
        }
        if (data == null) {
            throw new SetupException("--data DIR is missing; --help lists the options");
        }
        requirePlain(data);
        if (deviceUser.equals(adminUser)) {
            throw new SetupException("--device-user and --admin-user must differ: boards get the least role");
        }
        return new Options(
                data,
                hosts,
                port,
                users == null ? data.resolve("conf/tomcat-users.xml") : users,
                deviceUser,
                secret(environment, "FUOTA_DEVICE_PASSWORD"),
                adminUser,
                secret(environment, "FUOTA_ADMIN_PASSWORD"),
                viewerUser,
                publisherUser,
                devices,
                moveTo);
    }

    /** None means the default, so that scripts can pass a variable that isn't set. */
    private static List<String> hosts(String value) throws SetupException {
        if (!value.matches("[A-Za-z0-9.:-]{0,253}(,[A-Za-z0-9.:-]{1,253})*")) {
            throw new SetupException("--host " + value + " isn't host names or IP addresses, with commas between");
        }
        return value.isEmpty()
                ? List.of()
                : List.of(value.toLowerCase(Locale.ROOT).split(","));
    }

    private static int port(String value) throws SetupException {
        if (!value.matches("[0-9]{1,5}") || Integer.parseInt(value) < 1 || Integer.parseInt(value) > 65535) {
            throw new SetupException("--port " + value + " isn't a port: 1 to 65535");
        }
        return Integer.parseInt(value);
    }

    /** What the shell that starts Tomcat, Tomcat's XML, or the database's URL would take for something else. */
    private static void requirePlain(Path data) throws SetupException {
        for (char special : "$\"`\\?".toCharArray()) {
            if (special != File.separatorChar && data.toString().indexOf(special) >= 0) {
                throw new SetupException("--data " + data + " has the character " + special
                        + ", with which Tomcat doesn't find it: choose another folder");
            }
        }
    }

    /** In the locale C every letter outside ASCII is the same to Java, which sees the replacement character. */
    private static void requireReadable(String name, String value) throws SetupException {
        if (value.indexOf('\uFFFD') >= 0) {
            throw new SetupException(
                    name + " has a character that this shell's locale can't express: set LC_ALL=C.UTF-8");
        }
    }

    private static String userName(String value) throws SetupException {
        if (value.isEmpty() || value.contains(":") || value.chars().anyMatch(Character::isISOControl)) {
            throw new SetupException("user name '" + value + "' is empty or has a colon or control character");
        }
        return value;
    }

    private static Optional<String> secret(Map<String, String> environment, String variable) throws SetupException {
        Optional<String> secret = Optional.ofNullable(environment.get(variable)).filter(value -> !value.isEmpty());
        if (secret.isPresent()) {
            requireReadable(variable, secret.get());
            if (secret.get().chars().anyMatch(Character::isISOControl)) {
                throw new SetupException(variable + " has a control character, such as a line end");
            }
        }
        return secret;
    }
}
