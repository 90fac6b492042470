package org.fuota.file;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.fuota.db.Database;
import org.fuota.db.DatabaseException;
import org.fuota.db.Transaction;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.http.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * The tables {@code update_file}, which bytes each path stands for, and {@code loose_blob}, which bytes are to stay for a day
 * although no path may name them. Bytes are in one of them, or nobody's.
 */
public final class FileStore {
    private static final int PAGE_ROWS = 1000;
    // How many files are remembered for while the database is away.
    private static final int MAX_KNOWN = 10_000;
    private static final String FILES =
            "SELECT path, sha256, md5, size, chip, project, version, flaw, stored_at FROM update_file ";

    private final Database database;

    @SuppressWarnings("serial") // never serialized
    private final Map<String, StoredFile> known = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, StoredFile> eldest) {
            return size() > MAX_KNOWN;
        }
    });

    public FileStore(Database database) {
        this.database = database;
    }

    /** The file at the path; what was last known of it while the database doesn't answer. */
    Optional<StoredFile> find(FilePath path) {
        try {
            Optional<StoredFile> found = database.connected(statements -> find(statements, path));
            found.ifPresentOrElse(file -> known.put(path.value(), file), () -> known.remove(path.value()));
            return found;
        } catch (DatabaseException e) {
            return Optional.of(Optional.ofNullable(known.get(path.value())).orElseThrow(() -> e));
        }
    }

    Optional<StoredFile> find(Transaction transaction, FilePath path) {
        return transaction.queryOne(FILES + "WHERE path = ?", FileStore::file, path.value());
    }

    /** The paths of the files with these bytes. */
    List<String> paths(Sha256 sha256) {
        return database.query(
                "SELECT path FROM update_file WHERE sha256 = ? ORDER BY path", row -> row.getString(1), sha256.hex());
    }

    /** Hands over all files, ordered by path, in constant memory; each page of them as of when it was read. */
    void forEach(FileConsumer consumer) throws IOException {
        for (List<StoredFile> page = after("", PAGE_ROWS);
                !page.isEmpty();
                page = after(page.get(page.size() - 1).path().value(), PAGE_ROWS)) {
            for (StoredFile file : page) {
                consumer.accept(file);
            }
        }
    }

    List<StoredFile> after(String path, int limit) {
        return database.query(FILES + "WHERE path > ? ORDER BY path LIMIT ?", FileStore::file, path, limit);
    }

    /** All files of a database, ordered by path. */
    public static List<StoredFile> all(Transaction statements) {
        return statements.query(FILES + "ORDER BY path", FileStore::file);
    }

    /** @throws FuotaException when a file's path can't be, because of those that there are */
    void requireNoClash(Transaction transaction, FilePath path) {
        String value = path.value();
        // From the slash to the character that follows it.
        boolean isFolder = transaction
                .queryOne(
                        "SELECT path FROM update_file WHERE path > ? AND path < ? ORDER BY path LIMIT 1",
                        row -> row.getString(1),
                        value + "/",
                        value + "0")
                .isPresent();
        if (isFolder) {
            throw new FuotaException(ErrorCode.CONFLICT, "there are update files below " + value + "/");
        }
        for (int end = value.indexOf('/'); end >= 0; end = value.indexOf('/', end + 1)) {
            if (find(transaction, new FilePath(value.substring(0, end))).isPresent()) {
                throw new FuotaException(ErrorCode.CONFLICT, "a part of " + value + " is an update file itself");
            }
        }
    }

    /** Keeps bytes from being deleted for a day, named or not. */
    void keep(Collection<Sha256> bytes, Instant now) {
        database.transaction(transaction -> {
            keep(transaction, bytes, now);
            return transaction;
        });
    }

    private static void keep(Transaction transaction, Collection<Sha256> bytes, Instant now) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        bytes.forEach(sha256 -> rows.add(new @Nullable Object[] {sha256.hex(), now.toEpochMilli()}));
        transaction.updateAll("""
                INSERT INTO loose_blob (sha256, since)
                VALUES (?, ?)
                ON CONFLICT (sha256) DO UPDATE
                SET since = excluded.since
                """, rows);
    }

    /** Names the file's bytes, in place of those that its path named before. */
    void save(Transaction transaction, StoredFile file, Optional<StoredFile> before, String user, Instant now) {
        before.ifPresent(old -> keep(transaction, List.of(old.sha256()), now));
        ImageFacts image = file.image();
        transaction.update(
                """
                INSERT INTO update_file
                    (path, sha256, md5, size, chip, project, version, flaw, stored_at, stored_by)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (path) DO UPDATE
                SET sha256 = excluded.sha256, md5 = excluded.md5, size = excluded.size, chip = excluded.chip,
                    project = excluded.project, version = excluded.version, flaw = excluded.flaw,
                    stored_at = excluded.stored_at, stored_by = excluded.stored_by
                """,
                file.path().value(),
                file.sha256().hex(),
                file.md5(),
                file.size(),
                image.chip(),
                image.project(),
                image.version(),
                image.flaw(),
                file.storedAt().toEpochMilli(),
                user);
    }

    void delete(Transaction transaction, StoredFile file, Instant now) {
        transaction.update("DELETE FROM update_file WHERE path = ?", file.path().value());
        keep(transaction, List.of(file.sha256()), now);
    }

    /** Lets go of some bytes kept since before that moment, and hands on those that no path names; tells whether there may be more. */
    boolean release(Instant before, int limit, BiConsumer<Transaction, Sha256> unnamed) {
        return database.transaction(transaction -> {
            List<Sha256> old = transaction.query(
                    "SELECT sha256 FROM loose_blob WHERE since < ? ORDER BY since LIMIT ?",
                    row -> new Sha256(row.getString(1)),
                    before.toEpochMilli(),
                    limit);
            List<@Nullable Object[]> rows = new ArrayList<>();
            for (Sha256 sha256 : old) {
                rows.add(new @Nullable Object[] {sha256.hex()});
                if (transaction
                        .queryOne(
                                "SELECT path FROM update_file WHERE sha256 = ? ORDER BY path LIMIT 1",
                                row -> row.getString(1),
                                sha256.hex())
                        .isEmpty()) {
                    unnamed.accept(transaction, sha256);
                }
            }
            transaction.updateAll("DELETE FROM loose_blob WHERE sha256 = ?", rows);
            return old.size() == limit;
        });
    }

    private static StoredFile file(ResultSet row) throws SQLException {
        return new StoredFile(
                new FilePath(row.getString(1)),
                new Sha256(row.getString(2)),
                row.getString(3),
                row.getLong(4),
                new ImageFacts(row.getString(5), row.getString(6), row.getString(7), row.getString(8)),
                Instant.ofEpochMilli(row.getLong(9)));
    }

    interface FileConsumer {
        void accept(StoredFile file) throws IOException;
    }
}
