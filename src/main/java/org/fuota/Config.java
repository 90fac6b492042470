package org.fuota;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.db.DatabaseFile;
import org.fuota.evidence.FleetSettings;
import org.fuota.file.FileLimits;
import org.fuota.notify.Webhooks;
import org.jspecify.annotations.Nullable;

/**
 * What an operator configures, read once from JNDI ({@code META-INF/context.xml}, or the {@code ROOT.xml} that replaces it); each
 * with the default that is below, but for the first two. Folders are absolute.
 *
 * @param files the folder of update files to be taken in
 * @param blobs the folder of their bytes; {@code blobs} beside that one by default
 * @param cacheBytes how many bytes that folder may have where it is only a cache
 * @param silentPercent with more of the boards silent, webhooks are told
 * @param historyKept for how long what polls told is kept
 * @param auditKept for how long what users did is kept
 * @param node what this server is called among several on one database
 * @param certificate the PEM file of the certificate that boards see; {@code fuota/tls/cert.pem} in the container's by default
 * @param isolation whether each board has a user of its own, and is kept to itself
 * @param uploads how many uploads and assignments are received at once
 * @param recordBytes how many bytes a TLS record of a download has at most; 0 leaves that to the container
 * @param loginDelay how long whoever guesses passwords waits
 * @param writeDelay for how long what polls told is in memory only
 * @param webhooks who is told what happened; nobody by default
 */
record Config(
        DataSource dataSource,
        Path files,
        Path blobs,
        long cacheBytes,
        FileLimits limits,
        FleetSettings fleet,
        int silentPercent,
        Duration historyKept,
        Duration auditKept,
        String node,
        Path certificate,
        boolean isolation,
        int uploads,
        int recordBytes,
        Duration loginDelay,
        Duration writeDelay,
        Webhooks webhooks) {
    private static final long MAX_DAYS = 36_500;
    private static final long MAX_UPLOADS = 100_000;
    private static final long MAX_RECORD_BYTES = 16_384;
    // A board waits 5 s for an answer, and may be one that has an old password.
    private static final long MAX_LOGIN_DELAY_MILLIS = 3_000;
    // What is older than 10 s is trouble.
    private static final long MAX_WRITE_DELAY_MILLIS = 5_000;
    private static final String SQLITE = "jdbc:sqlite:";
    private static final String POSTGRESQL = "jdbc:postgresql:";
    private static final Pattern PASSWORD = Pattern.compile("[?&]password=", Pattern.CASE_INSENSITIVE);

    /** From {@code java:comp/env}; throws with a sentence that says what is wrong, and where. */
    static Config read(Context environment) {
        DataSource dataSource = lookup(environment, "jdbc/fuota", DataSource.class, "a <Resource>");
        if (dataSource instanceof BasicDataSource pool) {
            requireSettings(String.valueOf(pool.getUrl()));
        }
        Path files = folder("fuota/files", lookup(environment, "fuota/files", String.class, "an <Environment>"));
        String blobs =
                text(environment, "fuota/blobs", files.resolveSibling("blobs").toString());
        return new Config(
                dataSource,
                files,
                folder("fuota/blobs", blobs),
                number(environment, "fuota/cacheBytes", 0, 4L << 30),
                limits(environment),
                fleet(environment),
                (int) number(environment, "fuota/silentPercent", 1, 100, 20),
                Duration.ofDays(number(environment, "fuota/historyDays", 1, MAX_DAYS, 90)),
                Duration.ofDays(number(environment, "fuota/auditDays", 1, MAX_DAYS, 365)),
                node(environment),
                certificate(environment),
                flag(environment, "fuota/isolation"),
                (int) number(environment, "fuota/uploads", 1, MAX_UPLOADS, 64),
                (int) number(environment, "fuota/tlsRecordBytes", 0, MAX_RECORD_BYTES, 0),
                Duration.ofMillis(number(environment, "fuota/loginDelayMillis", 0, MAX_LOGIN_DELAY_MILLIS, 1_000)),
                Duration.ofMillis(number(environment, "fuota/writeDelayMillis", 50, MAX_WRITE_DELAY_MILLIS, 1_000)),
                webhooks(environment));
    }

    /** The name of the machine, unless there is another. */
    private static String node(Context environment) {
        String node = text(environment, "fuota/node", "");
        if (!node.matches("[A-Za-z0-9._-]{0,64}")) {
            throw wrong(
                    "fuota/node is " + node + ", which isn't 1 to 64 letters, digits, dots, hyphens or underscores");
        }
        if (!node.isEmpty()) {
            return node;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unnamed";
        }
    }

    private static Webhooks webhooks(Context environment) {
        try {
            return Webhooks.parse(
                    text(environment, "fuota/webhooks", ""),
                    text(environment, "fuota/webhookSecret", ""),
                    flag(environment, "fuota/webhookPrivate"));
        } catch (IllegalArgumentException e) {
            throw wrong("fuota/webhooks: " + e.getMessage());
        }
    }

    private static Path folder(String name, String value) {
        try {
            Path folder = Path.of(value);
            if (!folder.isAbsolute()) {
                throw wrong(name + " is " + value + ", which isn't an absolute path");
            }
            return folder;
        } catch (InvalidPathException e) {
            throw wrong(name + " is " + value + ", which isn't a path");
        }
    }

    /**
     * SQLite's settings begin at the first question mark: one in the path would cut it, and lose them. A URL that its driver doesn't
     * take is logged whole, by the pool.
     */
    static void requireSettings(String url) {
        if (PASSWORD.matcher(url).find()) {
            throw wrong("the database's URL has a password, which the log would show when something is wrong with it:"
                    + " give it as the attribute password of the <Resource>");
        }
        if (url.startsWith(SQLITE) && url.indexOf('?') != url.lastIndexOf('?')) {
            throw wrong(
                    "the path of the database has a question mark, which its URL can't have: choose another folder");
        }
    }

    private static <T> T lookup(Context environment, String name, Class<T> type, String element) {
        Object value;
        try {
            value = environment.lookup(name);
        } catch (NamingException e) {
            throw wrong(name + " is missing or broken (" + e.getMessage() + "): declare it as " + element);
        }
        if (!type.isInstance(value)) {
            throw wrong(name + " isn't a " + type.getName());
        }
        return type.cast(value);
    }

    /** Below the folder that the connector resolves it against, too. */
    private static Path certificate(Context environment) {
        String file = text(environment, "fuota/certificate", "fuota/tls/cert.pem");
        try {
            return Path.of(System.getProperty("catalina.base", ""))
                    .resolve(file)
                    .toAbsolutePath();
        } catch (InvalidPathException e) {
            throw wrong("fuota/certificate is broken (" + e.getMessage() + ")");
        }
    }

    private static String text(Context environment, String name, String otherwise) {
        return String.valueOf(value(environment, name).orElse(otherwise));
    }

    /** Empty when there is none. */
    private static Optional<Object> value(Context environment, String name) {
        try {
            return Optional.ofNullable(environment.lookup(name));
        } catch (NameNotFoundException e) {
            return Optional.empty();
        } catch (NamingException e) {
            throw wrong(name + " is broken (" + e.getMessage() + ")");
        }
    }

    /** As text: a {@code java.lang.Boolean} of the container would take a typing error for false. */
    private static boolean flag(Context environment, String name) {
        String value = text(environment, name, "false");
        if (!Set.of("true", "false").contains(value)) {
            throw wrong(name + " is " + value + ", which isn't true or false");
        }
        return value.equals("true");
    }

    private static FileLimits limits(Context environment) {
        return new FileLimits(
                number(environment, "fuota/maxFileBytes", 1, FileLimits.DEFAULT.maxFileBytes()),
                number(environment, "fuota/minFreeBytes", 0, FileLimits.DEFAULT.minFreeBytes()),
                number(environment, "fuota/slotBytes", 1, FileLimits.DEFAULT.slotBytes()));
    }

    private static FleetSettings fleet(Context environment) {
        FleetSettings fallback = FleetSettings.DEFAULT;
        long stuckMinutes = fallback.stuckAfter().toMinutes();
        return new FleetSettings(
                number(environment, "fuota/stuckOffers", 1, fallback.stuckOffers()),
                Duration.ofMinutes(number(environment, "fuota/stuckMinutes", 0, MAX_DAYS * 24 * 60, stuckMinutes)),
                number(environment, "fuota/silentGaps", 1, 1_000_000, fallback.silentGaps()),
                number(environment, "fuota/maxDiscovered", 0, fallback.maxDiscovered()));
    }

    private static long number(Context environment, String name, long min, long fallback) {
        return number(environment, name, min, Long.MAX_VALUE, fallback);
    }

    private static long number(Context environment, String name, long least, long most, long otherwise) {
        Object value = value(environment, name).orElse(otherwise);
        if (!(value instanceof Long number) || number < least || number > most) {
            throw wrong(name + " is " + value + ", which isn't a java.lang.Long of " + least
                    + (most == Long.MAX_VALUE ? " or more" : " to " + most));
        }
        return number;
    }

    private static IllegalStateException wrong(String sentence) {
        return new IllegalStateException("Fuota's configuration, in the application's context XML: " + sentence);
    }

    /** The database's URL without the user, password and options that may follow; for the log. */
    String databaseUrl() {
        String url = dataSource instanceof BasicDataSource pool ? String.valueOf(pool.getUrl()) : "of the container";
        int options = url.indexOf('?');
        return options < 0 ? url : url.substring(0, options);
    }

    /** Which several nodes may share. */
    boolean isOnPostgresql() {
        return databaseUrl().startsWith(POSTGRESQL);
    }

    /** Where SQLite keeps the database; null for another one. */
    @Nullable
    DatabaseFile databaseFile(Clock clock) {
        Path file = sqliteFile();
        return file == null ? null : new DatabaseFile(file, files, clock);
    }

    private @Nullable Path sqliteFile() {
        String url = databaseUrl();
        return url.startsWith(SQLITE) ? Path.of(url.substring(SQLITE.length())).toAbsolutePath() : null;
    }

    /** SQLite makes its file, but not the folder: that would be missing on the first start. */
    void makeDatabaseFolder() throws IOException {
        Path file = sqliteFile();
        if (file != null && file.getParent() != null) {
            Files.createDirectories(file.getParent());
        }
    }
}
