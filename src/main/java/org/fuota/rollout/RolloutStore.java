package org.fuota.rollout;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
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
            SELECT number, name, definition, sha256, chip, project, state, reason, since, stage, stage_began, resumed, paced_to
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
        return database.query(SELECT + "ORDER BY number", RolloutStore::rollout);
    }

    /** Those that aren't stopped, the oldest first. */
    List<Rollout> open(Transaction statements) {
        return statements.query(
                SELECT + "WHERE state <> ? ORDER BY number", RolloutStore::rollout, RolloutState.STOPPED.label());
    }

    /** The names of those that roll a file out, and aren't stopped. */
    static List<String> openOf(Transaction statements, FilePath path) {
        return statements.query(
                "SELECT name FROM rollout WHERE file = ? AND state <> ? ORDER BY number",
                row -> row.getString(1),
                path.value(),
                RolloutState.STOPPED.label());
    }

    /** The numbers of those that aren't stopped, and whose path holds other bytes than they were made for. */
    static Set<Long> changed(Transaction statements) {
        return Set.copyOf(statements.query("""
                SELECT number
                FROM rollout
                LEFT JOIN update_file ON path = file
                WHERE state <> ? AND (update_file.sha256 IS NULL OR update_file.sha256 <> rollout.sha256)
                """, row -> row.getLong(1), RolloutState.STOPPED.label()));
    }

    Optional<Rollout> find(Transaction statements, String name) {
        return statements.queryOne(SELECT + "WHERE name = ?", RolloutStore::rollout, name);
    }

    Optional<Rollout> find(String name) {
        return database.connected(statements -> find(statements, name));
    }

    /** Makes a new one; returns its number. */
    long add(Transaction transaction, Rollout made) {
        long number = 1
                + transaction
                        .queryOne("SELECT COALESCE(MAX(number), 0) FROM rollout", row -> row.getLong(1))
                        .orElse(0L);
        transaction.update(
                """
                INSERT INTO rollout (number, name, definition, file, sha256, chip, project, state, reason, since, stage)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
                """,
                number,
                made.name(),
                DefinitionJson.json(made.definition()).toString(),
                made.definition().file().value(),
                made.sha256(),
                made.chip(),
                made.project(),
                made.state().label(),
                made.reason(),
                made.since().toEpochMilli());
        return number;
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

    void begin(Transaction transaction, long number, int stage, Instant now) {
        transaction.update(
                "UPDATE rollout SET stage = ?, stage_began = ? WHERE number = ?", stage, now.toEpochMilli(), number);
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

    private static Rollout rollout(ResultSet row) throws SQLException {
        return new Rollout(
                row.getLong(1),
                row.getString(2),
                DefinitionJson.parse(row.getString(3)),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                RolloutState.of(row.getString(7)),
                row.getString(8),
                row.getInt(10),
                Instant.ofEpochMilli(row.getLong(9)),
                time(row, 11),
                time(row, 12),
                row.getLong(13));
    }

    private static @Nullable Instant time(ResultSet row, int column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }
}
