package org.fuota.rollout;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.fuota.file.FilePath;
import org.fuota.file.ImageFacts;
import org.jspecify.annotations.Nullable;

/** The table {@code rollout_board}: what has come of each offer by rollout, from nothing but what polls tell. */
public final class TrialStore {
    private static final int MAX_VALUES = 500;
    private static final int USUAL_GAPS = 3;
    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    private final Database database;
    private final Supplier<Map<Long, Rollout>> followed;
    private final String silent;
    private final long manyFlips;

    /**
     * @param running the rollouts whose boards are followed
     * @param silentStates the numbers of the states of boards of which nothing was heard for too long
     * @param manyFlips with so many flips of its version an id is used by two boards
     */
    public TrialStore(Database database, RunningRollouts running, List<Integer> silentStates, long manyFlips) {
        this.database = database;
        this.followed = running::followed;
        this.silent = "state IN ("
                + String.join(", ", silentStates.stream().map(String::valueOf).toList()) + ")";
        this.manyFlips = manyFlips;
    }

    /**
     * Polls of a device that all said the same.
     *
     * @param rollout the number of the rollout that they were offered; null for none
     * @param version what they reported; null when that was malformed
     * @param at when the first came, in milliseconds since 1970
     * @param last when the last came
     * @param served when the last came, in served time
     * @param takenBefore the digest of what the board had taken before what it was offered last; null when that isn't known
     * @param usualGap between the device's polls, in milliseconds; null when that isn't known
     */
    public record Told(
            String deviceId,
            @Nullable Long rollout,
            @Nullable String version,
            long at,
            long last,
            long served,
            long polls,
            @Nullable String takenBefore,
            @Nullable Long usualGap) {}

    /** Keeps what polls told, in their order for each device. */
    public void keep(Transaction transaction, List<Told> all) {
        Map<Long, Rollout> rollouts = followed.get();
        if (rollouts.isEmpty() || all.isEmpty()) {
            return;
        }
        Map<Key, Row> known =
                find(transaction, new HashSet<>(all.stream().map(Told::deviceId).toList()));
        Map<Key, Row> changed = new HashMap<>();
        for (Told told : all) {
            for (Rollout rollout : rollouts.values()) {
                Key key = new Key(rollout.number(), told.deviceId());
                Row before = changed.getOrDefault(key, known.get(key));
                Row after = after(before, told, rollout);
                if (after != null && after != before) {
                    changed.put(key, after);
                }
            }
        }
        write(transaction, changed);
    }

    /** A board whose polls are written late changes nothing that was told after them. */
    private static @Nullable Row after(@Nullable Row before, Told told, Rollout rollout) {
        Row row = before;
        if (told.rollout() != null && told.rollout() == rollout.number()) {
            long wait = rollout.definition().soak().toMillis()
                    + (told.usualGap() == null ? DAY_MILLIS : USUAL_GAPS * told.usualGap());
            row = row == null
                    ? new Row(
                            told.at(),
                            told.last(),
                            told.polls(),
                            told.takenBefore(),
                            told.served(),
                            told.served() + wait,
                            null,
                            null,
                            null)
                    : row.offeredAgain(told);
        }
        if (row == null || told.version() == null) {
            return row;
        }
        boolean isReplaced = rollout.definition().replaces().contains(told.version());
        boolean isLate = told.served() < row.toldServed();
        if (!isReplaced && row.updatedAt() == null) {
            // Late: what was told after it was a replaced version.
            return row.updated(told.version(), told.at(), isLate ? row.offeredLast() : null, told.served());
        }
        // Whoever comes back from one that was stopped may have been told to.
        return isReplaced
                        && rollout.state() != RolloutState.STOPPED
                        && !isLate
                        && row.updatedAt() != null
                        && row.revertedAt() == null
                        && told.at() >= row.updatedAt()
                ? row.reverted(told.at(), told.served())
                : row;
    }

    /** What a rollout must know of a board that waits, and reports a version; one query. */
    public Board board(String deviceId, String version) {
        Map<Long, Board.Trial> trials = new HashMap<>();
        String[] taken = new String[2];
        // What it has taken last: what it was offered, if it reports another version now, which may not be kept yet.
        database.querySoon(
                """
                SELECT rollout, rollout_board.taken_before, offers, rollout_board.updated_at, rollout_board.reverted_at, chip, project
                FROM (SELECT device_id,
                        CASE WHEN offered_app_ver <> ? THEN offered_sha256 ELSE taken_before END AS taken
                    FROM device_status WHERE device_id = ?) board
                LEFT JOIN rollout_board ON rollout_board.device_id = board.device_id
                LEFT JOIN (SELECT sha256, MIN(chip) AS chip, MIN(project) AS project FROM update_file GROUP BY sha256) image
                    ON sha256 = taken
                """,
                row -> {
                    long rollout = row.getLong(1);
                    if (!row.wasNull()) {
                        trials.put(
                                rollout,
                                new Board.Trial(
                                        row.getString(2),
                                        row.getLong(3),
                                        row.getObject(4) != null,
                                        row.getObject(5) != null));
                    }
                    taken[0] = row.getString(6);
                    taken[1] = ImageFacts.ownProject(row.getString(7));
                    return rollout;
                },
                version,
                deviceId);
        return new Board(taken[0], taken[1], trials);
    }

    /** @param served the served time by now */
    Tally tally(Rollout rollout, long served) {
        String stuck =
                "r.updated_at IS NULL AND r.offers >= " + rollout.definition().maxDownloads();
        String failedAt = "CASE WHEN r.reverted_at IS NOT NULL THEN r.reverted_at WHEN " + silent
                + " THEN COALESCE(state_since, 0) WHEN " + stuck + " THEN r.offered_last END";
        String outcome = "CASE WHEN r.reverted_at IS NOT NULL THEN 'reverted' WHEN " + silent + " THEN 'silent' WHEN "
                + stuck + " THEN 'stuck' WHEN r.updated_at IS NOT NULL THEN 'updated' WHEN due_served <= ? THEN 'due'"
                + " ELSE 'pending' END";
        long began = rollout.stageBegan() == null ? 0 : rollout.stageBegan().toEpochMilli();
        long resumed = rollout.resumed() == null ? 0 : rollout.resumed().toEpochMilli();
        Map<String, long[]> counts = new HashMap<>();
        database.query(
                """
                SELECT outcome, COUNT(*),
                    SUM(CASE WHEN COALESCE(failed_at, 0) > ? THEN 1 ELSE 0 END),
                    SUM(CASE WHEN offered_at >= ? OR COALESCE(failed_at, updated_at, ?) >= ? THEN 1 ELSE 0 END)
                FROM (SELECT %s AS outcome, %s AS failed_at, r.updated_at AS updated_at, offered_at
                    FROM rollout_board r
                    JOIN device_status s ON s.device_id = r.device_id
                    WHERE rollout = ? AND (version_flips IS NULL OR version_flips < %d)) counted
                GROUP BY outcome
                """.formatted(outcome, failedAt, manyFlips),
                row -> counts.put(row.getString(1), new long[] {row.getLong(2), row.getLong(3), row.getLong(4)}),
                resumed,
                began,
                began,
                began,
                served,
                rollout.number());
        return new Tally(
                counts.values().stream().mapToLong(count -> count[0]).sum(),
                count(counts, "updated", 0),
                count(counts, "due", 0),
                count(counts, "stuck", 0),
                count(counts, "reverted", 0),
                count(counts, "silent", 0),
                failed(counts, 1),
                count(counts, "updated", 2),
                failed(counts, 2),
                count(counts, "due", 2));
    }

    /**
     * A board that reports a version.
     *
     * @param isClone whether two boards use its id
     * @param board what is known of it; of rollouts, the one that was asked for
     */
    record Runner(String deviceId, long lastSeen, boolean isClone, Board board) {}

    /**
     * The next of those that report a version, and were seen since.
     *
     * @param undoes the number of the rollout whose trial is wanted, too; null for none
     */
    List<Runner> runners(@Nullable Long undoes, String version, String deviceId, long seenSince, int limit) {
        return database.query(
                """
                SELECT board.device_id, last_seen, version_flips, chip, project, undone.rollout, undone.taken_before
                FROM (SELECT device_id, last_seen, version_flips,
                        CASE WHEN offered_app_ver <> app_ver THEN offered_sha256 ELSE taken_before END AS taken
                    FROM device_status WHERE app_ver = ? AND device_id > ? AND last_seen >= ?
                    ORDER BY device_id LIMIT ?) board
                LEFT JOIN (SELECT sha256, MIN(chip) AS chip, MIN(project) AS project FROM update_file GROUP BY sha256) image
                    ON sha256 = taken
                LEFT JOIN rollout_board undone ON undone.rollout = ? AND undone.device_id = board.device_id
                ORDER BY board.device_id
                """,
                row -> {
                    boolean isClone = row.getLong(3) >= manyFlips;
                    long undone = row.getLong(6);
                    Map<Long, Board.Trial> trials = row.wasNull()
                            ? Map.of()
                            : Map.of(undone, new Board.Trial(row.getString(7), 1, false, false));
                    return new Runner(
                            row.getString(1),
                            row.getLong(2),
                            isClone,
                            new Board(row.getString(4), ImageFacts.ownProject(row.getString(5)), trials));
                },
                version,
                deviceId,
                seenSince,
                limit,
                undoes == null ? -1 : undoes);
    }

    /**
     * How many boards a rollout is for: those that are meant and report a version that it replaces, and those that have come from one by it.
     */
    long match(Rollout rollout) {
        Definition definition = rollout.definition();
        List<String> replaced = definition.replaces();
        StringBuilder sql = new StringBuilder("SELECT COUNT(*) FROM device_status WHERE app_ver IN (")
                .append(Transaction.questionMarks(replaced.size()))
                .append(')');
        List<Object> values = new ArrayList<>(replaced);
        if (!definition.prefix().isEmpty()) {
            sql.append(" AND substr(device_id, 1, ")
                    .append(definition.prefix().length())
                    .append(") = ?");
            values.add(definition.prefix());
        }
        String member = " (SELECT 1 FROM board_group g WHERE g.name = ? AND g.device_id = device_status.device_id)";
        if (definition.group() != null) {
            sql.append(" AND EXISTS").append(member);
            values.add(definition.group());
        }
        if (definition.except() != null) {
            sql.append(" AND NOT EXISTS").append(member);
            values.add(definition.except());
        }
        if (rollout.undoes() != null) {
            sql.append(" AND EXISTS (SELECT 1 FROM rollout_board r WHERE r.rollout = ?"
                    + " AND r.device_id = device_status.device_id)");
            values.add(rollout.undoes());
        }
        List<Object> beyond = new ArrayList<>();
        beyond.add(rollout.number());
        beyond.addAll(replaced);
        return one(sql.toString(), values) + one("""
                        SELECT COUNT(*) FROM rollout_board r JOIN device_status s ON s.device_id = r.device_id
                        WHERE rollout = ? AND (app_ver IS NULL OR app_ver NOT IN (%s))
                        """.formatted(Transaction.questionMarks(replaced.size())), beyond);
    }

    private long one(String sql, List<Object> values) {
        return database.query(sql, row -> row.getLong(1), values.toArray()).get(0);
    }

    /** The versions that boards reported after a rollout, the most frequent first. */
    static List<String> updatedTo(Transaction statements, Rollout rollout, int limit) {
        return statements.query(
                "SELECT updated_to FROM rollout_board WHERE rollout = ? AND updated_to IS NOT NULL"
                        + " GROUP BY updated_to ORDER BY COUNT(*) DESC, updated_to LIMIT ?",
                row -> row.getString(1),
                rollout.number(),
                limit);
    }

    /** What boards had taken before a rollout, as far as paths hold that; the first path where several do. */
    static List<Release> takenBefore(Transaction statements, Rollout rollout) {
        return statements.query(
                """
                SELECT path, sha256, chip, project FROM update_file
                WHERE path IN (SELECT MIN(path) FROM update_file
                    WHERE sha256 IN (SELECT taken_before FROM rollout_board WHERE rollout = ?) GROUP BY sha256)
                ORDER BY path
                """,
                row -> new Release(
                        new FilePath(row.getString(1)),
                        row.getString(2),
                        row.getString(3),
                        ImageFacts.ownProject(row.getString(4))),
                rollout.number());
    }

    /** Ids of some, and how many there are. */
    record Some(long boards, List<String> firstIds) {}

    /** Those that a rollout was offered to, and that are silent: nothing reaches them. */
    Some silent(long rollout, int limit) {
        return some(" AND " + silent, List.of(), rollout, limit);
    }

    /** Those whose update a rollout takes back, and to which it has nothing to offer. */
    Some withoutWayBack(Rollout rollout, int limit) {
        Long undoes = rollout.undoes();
        if (undoes == null || rollout.definition().file() != null) {
            return new Some(0, List.of());
        }
        List<String> replaced = rollout.definition().replaces();
        List<String> known = rollout.releases().stream().map(Release::sha256).toList();
        String condition = " AND app_ver IN (" + Transaction.questionMarks(replaced.size()) + ")"
                + (known.isEmpty()
                        ? ""
                        : " AND (r.taken_before IS NULL OR r.taken_before NOT IN ("
                                + Transaction.questionMarks(known.size()) + "))");
        return some(condition, Stream.concat(replaced.stream(), known.stream()).toList(), undoes, limit);
    }

    private Some some(String condition, List<String> values, long rollout, int limit) {
        String from =
                " FROM rollout_board r JOIN device_status s ON s.device_id = r.device_id WHERE rollout = ?" + condition;
        List<Object> all = new ArrayList<>();
        all.add(rollout);
        all.addAll(values);
        long boards = one("SELECT COUNT(*)" + from, all);
        all.add(limit);
        return new Some(
                boards,
                boards == 0
                        ? List.of()
                        : database.query(
                                "SELECT r.device_id" + from + " ORDER BY r.device_id LIMIT ?",
                                row -> row.getString(1),
                                all.toArray()));
    }

    /** Some ids of boards that a rollout was offered to, were seen since, and report a version that it doesn't replace. */
    List<String> idsBeyond(Rollout rollout, long seenSince, int limit) {
        List<String> replaced = rollout.definition().replaces();
        return database.query(
                """
                SELECT r.device_id
                FROM rollout_board r
                JOIN device_status s ON s.device_id = r.device_id
                WHERE rollout = ? AND last_seen >= ? AND (app_ver IS NULL OR app_ver NOT IN (%s))
                LIMIT ?
                """.formatted(Transaction.questionMarks(replaced.size())),
                row -> row.getString(1),
                Stream.of(Stream.<Object>of(rollout.number(), seenSince), replaced.stream(), Stream.<Object>of(limit))
                        .flatMap(values -> values)
                        .toArray());
    }

    private static long failed(Map<String, long[]> counts, int column) {
        return count(counts, "stuck", column) + count(counts, "reverted", column) + count(counts, "silent", column);
    }

    private static long count(Map<String, long[]> counts, String outcome, int column) {
        long[] count = counts.get(outcome);
        return count == null ? 0 : count[column];
    }

    private record Key(long rollout, String deviceId) {}

    private record Row(
            long offeredAt,
            long offeredLast,
            long offers,
            @Nullable String takenBefore,
            long toldServed,
            long dueServed,
            @Nullable String updatedTo,
            @Nullable Long updatedAt,
            @Nullable Long revertedAt) {
        Row offeredAgain(Told told) {
            return new Row(
                    Math.min(offeredAt, told.at()),
                    Math.max(offeredLast, told.last()),
                    offers + told.polls(),
                    takenBefore,
                    toldServed,
                    dueServed,
                    updatedTo,
                    updatedAt,
                    revertedAt);
        }

        Row updated(String to, long at, @Nullable Long reverted, long served) {
            return new Row(
                    offeredAt,
                    offeredLast,
                    offers,
                    takenBefore,
                    Math.max(toldServed, served),
                    dueServed,
                    to,
                    at,
                    reverted);
        }

        Row reverted(long at, long served) {
            return new Row(
                    offeredAt,
                    offeredLast,
                    offers,
                    takenBefore,
                    Math.max(toldServed, served),
                    dueServed,
                    updatedTo,
                    updatedAt,
                    at);
        }
    }

    private static Map<Key, Row> find(Transaction statements, Collection<String> deviceIds) {
        Map<Key, Row> known = new HashMap<>();
        List<String> ids = List.copyOf(deviceIds);
        for (int from = 0; from < ids.size(); from += MAX_VALUES) {
            List<String> some = ids.subList(from, Math.min(from + MAX_VALUES, ids.size()));
            statements.query(
                    """
                    SELECT rollout, device_id, offered_at, offered_last, offers, taken_before, told_served, due_served,
                        updated_to, updated_at, reverted_at
                    FROM rollout_board
                    WHERE device_id IN (%s)
                    """.formatted(Transaction.questionMarks(some.size())),
                    row -> known.put(new Key(row.getLong(1), row.getString(2)), row(row)),
                    some.toArray());
        }
        return known;
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getString(6),
                row.getLong(7),
                row.getLong(8),
                row.getString(9),
                number(row, 10),
                number(row, 11));
    }

    private static @Nullable Long number(ResultSet row, int column) throws SQLException {
        long number = row.getLong(column);
        return row.wasNull() ? null : number;
    }

    private static void write(Transaction transaction, Map<Key, Row> changed) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        changed.forEach((key, row) -> rows.add(new @Nullable Object[] {
            key.rollout(),
            key.deviceId(),
            row.offeredAt(),
            row.offeredLast(),
            row.offers(),
            row.takenBefore(),
            row.toldServed(),
            row.dueServed(),
            row.updatedTo(),
            row.updatedAt(),
            row.revertedAt()
        }));
        transaction.updateAll("""
                INSERT INTO rollout_board (rollout, device_id, offered_at, offered_last, offers, taken_before, told_served,
                    due_served, updated_to, updated_at, reverted_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (rollout, device_id) DO UPDATE
                SET offered_at = excluded.offered_at, offered_last = excluded.offered_last, offers = excluded.offers,
                    told_served = excluded.told_served, updated_to = excluded.updated_to,
                    updated_at = excluded.updated_at, reverted_at = excluded.reverted_at
                """, rows);
    }
}
