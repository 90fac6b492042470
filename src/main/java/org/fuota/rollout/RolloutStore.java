package org.fuota.rollout;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.fuota.file.FilePath;
import org.jspecify.annotations.Nullable;

/** The tables {@code rollout}, {@code rollout_stage} and {@code rollout_progress}. */
final class RolloutStore {
    private static final String SELECT = """
            SELECT number, name, definition, undoes, state, reason, since, stage, stage_began, stage_began_served, resumed, paced_to
            FROM rollout
            """;

    private final Database database;

    RolloutStore(Database database) {
        this.database = database;
    }

    /** A stage, and when it began and passed. */
    record Passage(int stage, Instant began, @Nullable Instant passed) {}

    /** How far it had come at a moment. */
    record Progress(Instant at, long offered, long updated, long failed) {}

    <T> T transaction(Function<Transaction, T> work) {
        return database.transaction(work);
    }

    List<Rollout> all() {
        return database.connected(statements -> {
            Map<Long, List<Release>> releases = releases(statements);
            return statements.query(SELECT + "ORDER BY number", row -> rollout(row, releases));
        });
    }

    /** Those that aren't stopped, the oldest first. */
    List<Rollout> open(Transaction statements) {
        Map<Long, List<Release>> releases = releases(statements);
        return statements.query(
                SELECT + "WHERE state <> ? ORDER BY number",
                row -> rollout(row, releases),
                RolloutState.STOPPED.label());
    }

    /** Those that aren't stopped, or were after a moment, the oldest first. */
    List<Rollout> followed(Transaction statements, Instant since) {
        Map<Long, List<Release>> releases = releases(statements);
        return statements.query(
                SELECT + "WHERE state <> ? OR since > ? ORDER BY number",
                row -> rollout(row, releases),
                RolloutState.STOPPED.label(),
                since.toEpochMilli());
    }

    /** The names of those that roll a file out, and aren't stopped. */
    static List<String> openOf(Transaction statements, FilePath path) {
        return statements.query("""
                SELECT name FROM rollout JOIN rollout_file ON rollout = number
                WHERE path = ? AND state <> ?
                ORDER BY number
                """, row -> row.getString(1), path.value(), RolloutState.STOPPED.label());
    }

    /** Of those that aren't stopped: the paths that hold other bytes than they were made for, by their number. */
    static Map<Long, Set<String>> changed(Transaction statements) {
        Map<Long, Set<String>> changed = new HashMap<>();
        statements.query(
                """
                SELECT number, rollout_file.path
                FROM rollout
                JOIN rollout_file ON rollout = number
                LEFT JOIN update_file ON update_file.path = rollout_file.path
                WHERE state <> ? AND (update_file.sha256 IS NULL OR update_file.sha256 <> rollout_file.sha256)
                """,
                row -> changed.computeIfAbsent(row.getLong(1), number -> new HashSet<>())
                        .add(row.getString(2)),
                RolloutState.STOPPED.label());
        return changed;
    }

    private static Map<Long, List<Release>> releases(Transaction statements) {
        Map<Long, List<Release>> releases = new HashMap<>();
        statements.query(
                "SELECT rollout, path, sha256, chip, project FROM rollout_file ORDER BY path",
                row -> releases.computeIfAbsent(row.getLong(1), number -> new ArrayList<>())
                        .add(new Release(
                                new FilePath(row.getString(2)), row.getString(3), row.getString(4), row.getString(5))));
        return releases;
    }

    Optional<Rollout> find(Transaction statements, String name) {
        Map<Long, List<Release>> releases = releases(statements);
        return statements.queryOne(SELECT + "WHERE name = ?", row -> rollout(row, releases), name);
    }

    Optional<String> name(long number) {
        return database.connected(statements ->
                statements.queryOne("SELECT name FROM rollout WHERE number = ?", row -> row.getString(1), number));
    }

    Optional<Rollout> find(String name) {
        return database.connected(statements -> find(statements, name));
    }

    long nextNumber(Transaction transaction) {
        return 1
                + transaction
                        .queryOne("SELECT COALESCE(MAX(number), 0) FROM rollout", row -> row.getLong(1))
                        .orElse(0L);
    }

    void add(Transaction transaction, Rollout made) {
        transaction.update(
                """
                INSERT INTO rollout (number, name, definition, max_downloads, undoes, state, reason, since, stage)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)
                """,
                made.number(),
                made.name(),
                DefinitionJson.json(made.definition()).toString(),
                made.definition().maxDownloads(),
                made.undoes(),
                made.state().label(),
                made.reason(),
                made.since().toEpochMilli());
        transaction.updateAll(
                "INSERT INTO rollout_file (rollout, path, sha256, chip, project) VALUES (?, ?, ?, ?, ?)",
                made.releases().stream()
                        .map(release -> new @Nullable Object[] {
                            made.number(), release.path().value(), release.sha256(), release.chip(), release.project()
                        })
                        .toList());
    }

    void turn(Transaction transaction, Rollout rollout, RolloutState state, String reason, Instant now) {
        transaction.update(
                "UPDATE rollout SET state = ?, reason = ?, since = ? WHERE number = ?",
                state.label(),
                reason,
                now.toEpochMilli(),
                rollout.number());
    }

    void setFailuresAside(Transaction transaction, Rollout rollout, Instant now) {
        transaction.update("UPDATE rollout SET resumed = ? WHERE number = ?", now.toEpochMilli(), rollout.number());
    }

    void begin(Transaction transaction, long number, int stage, Instant now, long served) {
        transaction.update(
                "UPDATE rollout SET stage = ?, stage_began = ?, stage_began_served = ? WHERE number = ?",
                stage,
                now.toEpochMilli(),
                served,
                number);
        transaction.update(
                "INSERT INTO rollout_stage (rollout, stage, began) VALUES (?, ?, ?)",
                number,
                stage,
                now.toEpochMilli());
    }

    void pass(Transaction transaction, Rollout rollout, Instant now) {
        transaction.update(
                "UPDATE rollout_stage SET passed = ? WHERE rollout = ? AND stage = ?",
                now.toEpochMilli(),
                rollout.number(),
                rollout.stage());
    }

    List<Passage> passages(Rollout rollout) {
        return database.connected(statements -> passages(statements, rollout));
    }

    List<Passage> passages(Transaction statements, Rollout rollout) {
        return statements.query(
                "SELECT stage, began, passed FROM rollout_stage WHERE rollout = ? ORDER BY stage",
                row -> new Passage(row.getInt(1), Instant.ofEpochMilli(row.getLong(2)), time(row, 3)),
                rollout.number());
    }

    void note(Transaction transaction, long number, Progress progress) {
        transaction.update(
                """
                INSERT INTO rollout_progress (rollout, at, offered, updated, failed)
                VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (rollout, at) DO UPDATE
                SET offered = excluded.offered, updated = excluded.updated, failed = excluded.failed
                """, number, progress.at().toEpochMilli(), progress.offered(), progress.updated(), progress.failed());
    }

    List<Progress> progress(Rollout rollout) {
        return database.query(
                "SELECT at, offered, updated, failed FROM rollout_progress WHERE rollout = ? ORDER BY at",
                row -> new Progress(
                        Instant.ofEpochMilli(row.getLong(1)), row.getLong(2), row.getLong(3), row.getLong(4)),
                rollout.number());
    }

    private static Rollout rollout(ResultSet row, Map<Long, List<Release>> releases) throws SQLException {
        return new Rollout(
                row.getLong(1),
                row.getString(2),
                DefinitionJson.stored(row.getString(3)),
                number(row, 4),
                releases.getOrDefault(row.getLong(1), List.of()),
                RolloutState.of(row.getString(5)),
                row.getString(6),
                row.getInt(8),
                Instant.ofEpochMilli(row.getLong(7)),
                time(row, 9),
                row.getLong(10),
                time(row, 11),
                row.getLong(12));
    }

    private static @Nullable Instant time(ResultSet row, int column) throws SQLException {
        Long millis = number(row, column);
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }

    private static @Nullable Long number(ResultSet row, int column) throws SQLException {
        long number = row.getLong(column);
        return row.wasNull() ? null : number;
    }
}
