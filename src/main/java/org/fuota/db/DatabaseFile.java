package org.fuota.db;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.fuota.db.DatabaseException.Refused;
import org.jspecify.annotations.Nullable;

/**
 * The file of a SQLite database, for one server at a time. SQLite would make a lost one anew, so that all boards would be unknown:
 * marks beside it, and with the update files, tell that it was in use, which it is, and how often it was opened until then.
 */
public final class DatabaseFile implements Closeable {
    private static final Logger LOG = Logger.getLogger(DatabaseFile.class.getName());

    private final Path file;
    private final Path otherMark;
    private final Clock clock;
    private @Nullable ProcessLock lock;

    /** What a mark says; nothing when it can't be read, such as after a power cut. */
    record Use(String id, long starts) {
        static Optional<Use> of(Path mark) throws IOException {
            String[] words =
                    Files.readString(mark).lines().findFirst().orElse("").split(" ");
            return words.length == 2 && words[1].matches("[0-9]{1,18}")
                    ? Optional.of(new Use(words[0], Long.parseLong(words[1])))
                    : Optional.empty();
        }

        @Override
        public String toString() {
            return id + " " + starts
                    + "\nThe database is in use: without it, or with an older one, Fuota doesn't start. See Backup in README.md.\n";
        }
    }

    public DatabaseFile(Path file, Path files, Clock clock) {
        this.file = file;
        this.otherMark = files.resolve(".database");
        this.clock = clock;
    }

    /** Before SQLite opens the file; refuses when another server uses it, or it is lost. */
    void claim() throws SQLException {
        try {
            Path lockFile = beside(".lock");
            // Whoever can't write does no harm to others, and serves what is there.
            Path folder = lockFile.getParent();
            if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
                return;
            }
            lock = ProcessLock.tryLock(lockFile, clock.instant()).orElse(null);
            if (lock == null) {
                throw new Refused(
                        "another server uses the database; the server's log tells which",
                        "another server uses the database, " + file + ": " + Files.readString(lockFile)
                                + "; stop that one, or give this one a data folder of its own");
            }
            if (Files.notExists(file) || Files.size(file) == 0) {
                if (!marks().isEmpty()) {
                    throw lost("is missing or empty", marks());
                }
                // SQLite would delete it: it belongs to another.
                if (Files.exists(beside("-wal")) && Files.size(beside("-wal")) > 0) {
                    throw lost("is missing or empty", List.of(beside("-wal")));
                }
            }
        } catch (IOException e) {
            throw new SQLException(e);
        }
    }

    /** Before anything is changed in it; refuses when it isn't the one that was in use, or is as it was earlier. */
    void verify(Transaction statements) throws SQLException {
        try {
            List<Path> marks = marks();
            if (marks.isEmpty()) {
                return;
            }
            Optional<Use> present = use(statements);
            Path ownMark = beside(".in-use");
            if (present.isEmpty() && !hasDevices(statements)) {
                throw lost("is empty", marks);
            }
            if (Files.exists(ownMark)) {
                requireSame(present, ownMark);
            } else if (present.isPresent() && isOlder(present.get(), otherMark)) {
                throw lost("is as it was before its last start", marks);
            } else if (present.isEmpty() || !isSame(present.get(), otherMark)) {
                // A database that was moved here, or servers that share the update files only.
                LOG.warning(() -> "another database than this one, " + file
                        + ", was in use with these update files, as " + otherMark + " tells");
            }
        } catch (IOException e) {
            throw new SQLException(e);
        }
    }

    private void requireSame(Optional<Use> present, Path mark) throws SQLException, IOException {
        if (present.isEmpty()) {
            throw lost("was never used by this server", List.of(mark));
        }
        if (!isSame(present.get(), mark)) {
            throw lost("is another", List.of(mark));
        }
        if (isOlder(present.get(), mark)) {
            throw lost("is as it was before its last start", List.of(mark));
        }
    }

    /** A mark that can't be read says nothing. */
    private static boolean isSame(Use present, Path mark) throws IOException {
        return Use.of(mark).map(marked -> marked.id().equals(present.id())).orElse(true);
    }

    private static boolean isOlder(Use present, Path mark) throws IOException {
        return Use.of(mark)
                .map(marked -> marked.id().equals(present.id()) && marked.starts() > present.starts())
                .orElse(false);
    }

    /** As a database of a version that made no marks may have, or the one of docker-fuota-server. */
    private static boolean hasDevices(Transaction statements) {
        return statements.hasTable("device_app")
                && statements
                        .queryOne("SELECT 1 FROM device_app LIMIT 1", row -> row.getInt(1))
                        .isPresent();
    }

    /** When it is ready for use. That it can't be marked, such as on a full disk, is no reason not to use it. */
    void mark(Transaction statements) {
        try {
            if (statements.update("UPDATE database_use SET starts = starts + 1") == 0) {
                statements.update(
                        "INSERT INTO database_use (id, starts) VALUES (?, 1)",
                        UUID.randomUUID().toString());
            }
            Use use = use(statements).orElseThrow();
            // After the database: one that is ahead of its marks is right.
            write(beside(".in-use"), use);
            write(otherMark, use);
        } catch (IOException | DatabaseException e) {
            LOG.log(Level.WARNING, e, () -> "the database can't be marked as in use: " + file);
        }
    }

    /** After a failure: somebody else may use it. */
    void release(Exception failure) {
        try {
            close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public void close() throws IOException {
        if (lock != null) {
            lock.close();
            lock = null;
        }
    }

    private static void write(Path mark, Use use) throws IOException {
        Path temporary = Files.writeString(mark.resolveSibling(mark.getFileName() + ".new"), use.toString());
        Files.move(temporary, mark, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static Optional<Use> use(Transaction statements) {
        return statements.hasTable("database_use")
                ? statements.queryOne(
                        "SELECT id, starts FROM database_use ORDER BY id",
                        row -> new Use(row.getString(1), row.getLong(2)))
                : Optional.empty();
    }

    private List<Path> marks() throws IOException {
        return List.of(beside(".in-use"), otherMark).stream()
                .filter(Files::exists)
                .toList();
    }

    private Refused lost(String what, List<Path> witnesses) {
        String named = witnesses.stream().map(Path::toString).collect(Collectors.joining(" and "));
        return new Refused(
                "the database that was in use is lost; the server's log tells what to do",
                "the database, " + file + ", " + what + ", but " + named + " tell" + (witnesses.size() == 1 ? "s" : "")
                        + " that one was in use: its disk may not be mounted, or somebody has deleted or"
                        + " replaced it; put it back, or restore a backup into an empty data folder (Backup in"
                        + " README.md); to go on with what is there, or with an empty one, remove " + named);
    }

    /** SQLite follows a symbolic link, too, and has its own files beside what that leads to. */
    private Path beside(String suffix) throws IOException {
        Path real = Files.exists(file) ? file.toRealPath() : file;
        return real.resolveSibling(real.getFileName() + suffix);
    }
}
