package org.fuota;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.db.DatabaseFile;
import org.fuota.evidence.FleetSettings;
import org.fuota.file.FileLimits;
import org.jspecify.annotations.Nullable;

/**
 * What an operator configures, read once from JNDI ({@code META-INF/context.xml}, or the {@code ROOT.xml} that replaces
 * it) and never changed.
 *
 * @param dataSource the database, {@code jdbc/fuota}
 * @param files the folder of update files to be taken in, {@code fuota/files}; absolute
 * @param blobs the folder of their bytes, {@code fuota/blobs}; {@code blobs} beside that one by default
 * @param limits {@code fuota/maxFileBytes}, {@code fuota/minFreeBytes} and {@code fuota/slotBytes}, each with a default
 * @param fleet {@code fuota/stuckOffers}, {@code fuota/stuckMinutes}, {@code fuota/silentGaps} and
 *     {@code fuota/maxDiscovered}, each with a default
 * @param historyKept {@code fuota/historyDays}: for how long what polls told is kept; 90 days by default
 * @param auditKept {@code fuota/auditDays}: for how long what users did is kept; 365 days by default
 * @param certificate {@code fuota/certificate}: the PEM file of the certificate that boards see; absolute, and
 *     {@code fuota/tls/cert.pem} below the container's folder by default
 * @param isolation {@code fuota/isolation}: whether each board has a user of its own, and is kept to itself; not by default
 * @param uploads {@code fuota/uploads}: how many uploads and assignments are received at once; 64 by default
 * @param recordBytes {@code fuota/tlsRecordBytes}: how many bytes a TLS record of a download has at most; 0, the default, leaves
 *     that to the container
 * @param loginDelay {@code fuota/loginDelayMillis}: how long whoever guesses passwords waits; 1 s by default
 */
record Config(
        DataSource dataSource,
        Path files,
        Path blobs,
        FileLimits limits,
        FleetSettings fleet,
        Duration historyKept,
        Duration auditKept,
        Path certificate,
        boolean isolation,
        int uploads,
        int recordBytes,
        Duration loginDelay) {
    private static final long MAX_DAYS = 36_500;
    private static final long MAX_UPLOADS = 100_000;
    private static final long MAX_RECORD_BYTES = 16_384;

    /** A board waits 5 s for an answer, and may be one that has an old password. */
    private static final long MAX_LOGIN_DELAY_MILLIS = 3_000;

    private static final String SQLITE = "jdbc:sqlite:";

    /**
     * @param environment {@code java:comp/env}
     * @throws IllegalStateException with a sentence that says what is wrong, and where
     */
    static Config read(Context environment) {
        DataSource dataSource = lookup(environment, "jdbc/fuota", DataSource.class, "a <Resource>");
        if (dataSource instanceof BasicDataSource pool) {
            requireSettings(String.valueOf(pool.getUrl()));
        }
        Path files = folder("fuota/files", lookup(environment, "fuota/files", String.class, "an <Environment>"));
        return new Config(
                dataSource,
                files,
                folder(
                        "fuota/blobs",
                        text(
                                environment,
                                "fuota/blobs",
                                files.resolveSibling("blobs").toString())),
                limits(environment),
                fleet(environment),
                Duration.ofDays(number(environment, "fuota/historyDays", 1, MAX_DAYS, 90)),
                Duration.ofDays(number(environment, "fuota/auditDays", 1, MAX_DAYS, 365)),
                certificate(environment),
                flag(environment, "fuota/isolation"),
                (int) number(environment, "fuota/uploads", 1, MAX_UPLOADS, 64),
                (int) number(environment, "fuota/tlsRecordBytes", 0, MAX_RECORD_BYTES, 0),
                Duration.ofMillis(number(environment, "fuota/loginDelayMillis", 0, MAX_LOGIN_DELAY_MILLIS, 1_000)));
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

    /** SQLite's settings begin at the first question mark: one in the path would cut it, and lose them. */
    static void requireSettings(String url) {
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
        try {
            return String.valueOf(environment.lookup(name));
        } catch (NameNotFoundException e) {
            return otherwise;
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
        FleetSettings otherwise = FleetSettings.DEFAULT;
        long stuckMinutes = otherwise.stuckAfter().toMinutes();
        return new FleetSettings(
                number(environment, "fuota/stuckOffers", 1, otherwise.stuckOffers()),
                Duration.ofMinutes(number(environment, "fuota/stuckMinutes", 0, MAX_DAYS * 24 * 60, stuckMinutes)),
                number(environment, "fuota/silentGaps", 1, 1_000_000, otherwise.silentGaps()),
                number(environment, "fuota/maxDiscovered", 0, otherwise.maxDiscovered()));
    }

    private static long number(Context environment, String name, long least, long otherwise) {
        return number(environment, name, least, Long.MAX_VALUE, otherwise);
    }

    private static long number(Context environment, String name, long least, long most, long otherwise) {
        try {
            Object value = environment.lookup(name);
            if (!(value instanceof Long number) || number < least || number > most) {
                throw wrong(name + " is " + value + ", which isn't a java.lang.Long of " + least
                        + (most == Long.MAX_VALUE ? " or more" : " to " + most));
            }
            return number;
        } catch (NameNotFoundException e) {
            return otherwise;
        } catch (NamingException e) {
            throw wrong(name + " is broken (" + e.getMessage() + ")");
        }
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
