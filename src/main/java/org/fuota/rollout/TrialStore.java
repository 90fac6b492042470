package org.fuota.rollout;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
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
    private static final String STUCK =
            "r.updated_at IS NULL AND r.offers >= o.max_downloads AND s.last_seen > r.offered_last";
    private static final String FAILED = "('stuck', 'reverted', 'silent')";
    /** Rollouts' boards, as {@link #outcome} and {@link #counted} name the tables. */
    public static final String BOARDS = """
            rollout_board r
            JOIN rollout o ON o.number = r.rollout
            JOIN device_status s ON s.device_id = r.device_id
            """;

    private static final int USUAL_GAPS = 3;
    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    private final Database database;
    private final Supplier<Map<Long, Rollout>> followed;
    private final String silent;
    private final Clones clones;

    /**
     * @param running the rollouts whose boards are followed
     * @param silentStates the numbers of the states of boards of which nothing was heard for too long
     * @param clones which ids are used by two boards
     */
    public TrialStore(Database database, RunningRollouts running, List<Integer> silentStates, Clones clones) {
        this.database = database;
        this.followed = running::followed;
        this.silent = "s.state IN ("
                + String.join(", ", silentStates.stream().map(String::valueOf).toList()) + ")";
        this.clones = clones;
    }

    /**
     * Which ids are used by two boards.
     *
     * @param flips with so many of its version, or more
     * @param since the last of which came then, or later, in milliseconds since 1970
     */
    public record Clones(long flips, LongSupplier since) {}

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
        if (told.at() < row.offeredAt()) {
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
        @Nullable String[] taken = new @Nullable String[2];
        // What it has taken last: what it was offered, if it reports another version now, which may not be kept yet.
        database.querySoon(
                """
                SELECT rollout, rollout_board.taken_before, offers, rollout_board.updated_at, rollout_board.reverted_at,
                    failed_at, chip, project
                FROM (SELECT device_id,
                        CASE WHEN offered_app_ver <> ? THEN offered_sha256 ELSE taken_before END AS taken
                    FROM device_status WHERE device_id = ?) board
                LEFT JOIN rollout_board ON rollout_board.device_id = board.device_id
                LEFT JOIN offered_image image ON image.sha256 = taken
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
                                        row.getObject(5) != null,
                                        time(row, 6)));
                    }
                    taken[0] = row.getString(7);
                    taken[1] = ImageFacts.ownProject(row.getString(8));
                    return rollout;
                },
                version,
                deviceId);
        return new Board(taken[0], taken[1], trials);
    }

    /** What has become of a board, in a query of {@code rollout_board r}, {@code rollout o} and {@code device_status s}; it takes the served time. */
    public String outcome() {
        return "CASE WHEN r.reverted_at IS NOT NULL THEN 'reverted' WHEN " + silent + " THEN 'silent' WHEN " + STUCK
                + " THEN 'stuck' WHEN r.updated_at IS NOT NULL THEN 'updated' WHEN r.due_served <= ? THEN 'due'"
                + " ELSE 'pending' END";
    }

    /** Those that count, there: whose id isn't used by two boards; it takes {@link #clonesSince}. */
    public String counted() {
        return "(s.version_flips IS NULL OR s.version_flips < " + clones.flips() + " OR s.version_flip_at < ?)";
    }

    public long clonesSince() {
        return clones.since().getAsLong();
    }

    /** @param served the served time by now */
    Tally tally(Rollout rollout, long served) {
        long began = rollout.stageBegan() == null ? 0 : rollout.stageBegan().toEpochMilli();
        Map<String, long[]> counts = new HashMap<>();
        // A stage is judged by those that it was offered to, and by those before that weren't judged when it began.
        database.query(
                """
                SELECT outcome, COUNT(*),
                    SUM(CASE WHEN failed_at IS NULL OR failed_at > ? THEN 1 ELSE 0 END),
                    SUM(CASE WHEN offered_at >= ?
                        OR COALESCE(updated_at, ?) >= ? AND (failed_at IS NULL OR failed_at > ?) AND due_served > ?
                        THEN 1 ELSE 0 END),
                    SUM(CASE WHEN failed_at IS NULL THEN 1 ELSE 0 END)
                FROM (SELECT %s AS outcome, r.failed_at, r.updated_at, r.offered_at, r.due_served
                    FROM %s
                    WHERE r.rollout = ? AND %s) counted
                GROUP BY outcome
                """.formatted(outcome(), BOARDS, counted()),
                row -> counts.put(
                        row.getString(1), new long[] {row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5)}),
                resumed(rollout),
                began,
                began,
                began,
                began,
                rollout.stageBeganServed(),
                served,
                rollout.number(),
                clonesSince());
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
                count(counts, "due", 2),
                failed(counts, 3));
    }

    private static long resumed(Rollout rollout) {
        return rollout.resumed() == null ? 0 : rollout.resumed().toEpochMilli();
    }

    /** Keeps when it was noticed of a rollout's boards that they had failed, and forgets it of those that haven't any more, and aren't set aside. */
    void notice(Transaction transaction, Rollout rollout, long served, Instant now) {
        String boards = "SELECT r.device_id FROM " + BOARDS + " WHERE r.rollout = ? AND " + outcome();
        transaction.update(
                "UPDATE rollout_board SET failed_at = ? WHERE rollout = ? AND failed_at IS NULL AND device_id IN ("
                        + boards + " IN " + FAILED + ")",
                now.toEpochMilli(),
                rollout.number(),
                rollout.number(),
                served);
        transaction.update(
                "UPDATE rollout_board SET failed_at = NULL WHERE rollout = ? AND failed_at > ? AND device_id IN ("
                        + boards + " NOT IN " + FAILED + ")",
                rollout.number(),
                resumed(rollout),
                rollout.number(),
                served);
    }

    /**
     * What has become of each rollout that has begun and isn't stopped, in the order in which they were made.
     *
     * @param served the served time by now
     * @param limit of more than so many, only the newest
     */
    public List<RolloutCount> counts(long served, int limit) {
        List<Rollout> begun = followed.get().values().stream()
                .filter(rollout -> rollout.state() != RolloutState.SCHEDULED && rollout.state() != RolloutState.STOPPED)
                .toList();
        return begun.stream()
                .skip(Math.max(0, begun.size() - limit))
                .map(rollout -> {
                    Tally tally = tally(rollout, served);
                    return new RolloutCount(
                            rollout.name(), tally.offered(), tally.updated(), tally.failed(), tally.pending());
                })
                .toList();
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
                SELECT board.device_id, last_seen, version_flips, version_flip_at, chip, project, undone.rollout,
                    undone.taken_before
                FROM (SELECT device_id, last_seen, version_flips, version_flip_at,
                        CASE WHEN offered_app_ver <> app_ver THEN offered_sha256 ELSE taken_before END AS taken
                    FROM device_status WHERE app_ver = ? AND device_id > ? AND last_seen_served >= ?
                    ORDER BY device_id LIMIT ?) board
                LEFT JOIN offered_image image ON image.sha256 = taken
                LEFT JOIN rollout_board undone ON undone.rollout = ? AND undone.device_id = board.device_id
                ORDER BY board.device_id
                """,
                row -> {
                    boolean isClone = row.getLong(3) >= clones.flips() && row.getLong(4) >= clonesSince();
                    long undone = row.getLong(7);
                    Map<Long, Board.Trial> trials = row.wasNull()
                            ? Map.of()
                            : Map.of(undone, new Board.Trial(row.getString(8), 1, false, false, null));
                    return new Runner(
                            row.getString(1),
                            row.getLong(2),
                            isClone,
                            new Board(row.getString(5), ImageFacts.ownProject(row.getString(6)), trials));
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
        List<Object> beyond = new ArrayList<>();
        beyond.add(rollout.number());
        beyond.addAll(rollout.definition().replaces());
        Condition meant = Condition.of(rollout.definition());
        String ofUndone = rollout.undoes() == null
                ? ""
                : " AND EXISTS (SELECT 1 FROM rollout_board r WHERE r.rollout = " + rollout.undoes()
                        + " AND r.device_id = s.device_id)";
        return one("SELECT COUNT(*) FROM device_status s WHERE " + meant.sql() + ofUndone, meant.values())
                + one(
                        """
                        SELECT COUNT(*) FROM rollout_board r JOIN device_status s ON s.device_id = r.device_id
                        WHERE rollout = ? AND (app_ver IS NULL OR app_ver NOT IN (%s))
                        """.formatted(Transaction.questionMarks(
                                rollout.definition().replaces().size())),
                        beyond);
    }

    /** How many boards in each group a rollout is for by what they report, by the group's name. */
    Map<String, Long> matchByGroup(Definition definition) {
        Condition meant = Condition.of(definition);
        Map<String, Long> groups = new TreeMap<>();
        database.query(
                """
                SELECT members.name, COUNT(*)
                FROM board_group members JOIN device_status s ON s.device_id = members.device_id
                WHERE %s
                GROUP BY members.name
                """.formatted(meant.sql()),
                row -> groups.put(row.getString(1), row.getLong(2)),
                meant.values().toArray());
        return groups;
    }

    /** Of {@code device_status s}: which boards report what is replaced, and are meant. */
    private record Condition(String sql, List<Object> values) {
        static Condition of(Definition definition) {
            List<String> replaced = definition.replaces();
            StringBuilder sql = new StringBuilder("s.app_ver IN (" + Transaction.questionMarks(replaced.size()) + ")");
            List<Object> values = new ArrayList<>(replaced);
            if (!definition.prefix().isEmpty()) {
                sql.append(" AND substr(s.device_id, 1, ")
                        .append(definition
                                .prefix()
                                .codePointCount(0, definition.prefix().length()))
                        .append(") = ?");
                values.add(definition.prefix());
            }
            String member = " (SELECT 1 FROM board_group g WHERE g.name = ? AND g.device_id = s.device_id)";
            if (definition.group() != null) {
                sql.append(" AND EXISTS").append(member);
                values.add(definition.group());
            }
            if (definition.except() != null) {
                sql.append(" AND NOT EXISTS").append(member);
                values.add(definition.except());
            }
            return new Condition(sql.toString(), values);
        }
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

    /**
     * Some boards that a rollout is held back from by what they took last, and why, by their ids.
     *
     * @param isMeant whether it is for a board
     */
    Map<String, String> heldBack(Rollout rollout, Predicate<String> isMeant, int limit) {
        Map<String, String> heldBack = new TreeMap<>();
        Map<String, String> others = rollout.undoes() == null ? others(rollout) : Map.of();
        List<String> replaced = rollout.definition().replaces();
        List<String> digests = List.copyOf(others.keySet());
        for (int from = 0; from < digests.size() && heldBack.size() < limit; from += MAX_VALUES) {
            List<String> some = digests.subList(from, Math.min(from + MAX_VALUES, digests.size()));
            database.query(
                    """
                    SELECT device_id, taken
                    FROM (SELECT device_id, CASE WHEN offered_app_ver <> app_ver THEN offered_sha256 ELSE taken_before END AS taken
                        FROM device_status WHERE app_ver IN (%s)) board
                    WHERE taken IN (%s)
                    ORDER BY device_id
                    LIMIT 1000
                    """.formatted(Transaction.questionMarks(replaced.size()), Transaction.questionMarks(some.size())),
                    row -> {
                        String deviceId = row.getString(1);
                        if (heldBack.size() < limit && isMeant.test(deviceId)) {
                            heldBack.put(deviceId, String.valueOf(others.get(row.getString(2))));
                        }
                        return deviceId;
                    },
                    Stream.concat(replaced.stream(), some.stream()).toArray());
        }
        return heldBack;
    }

    /** Why a rollout is held back from boards that took another file, by its digest. */
    private Map<String, String> others(Rollout rollout) {
        Map<String, String> others = new HashMap<>();
        database.query("SELECT sha256, chip, project FROM offered_image", row -> {
            Board board = new Board(row.getString(2), ImageFacts.ownProject(row.getString(3)), Map.of());
            String why = RolloutRules.otherHardware(
                    rollout.definition(), rollout.releases().get(0), board);
            if (why != null) {
                others.put(row.getString(1), why);
            }
            return board;
        });
        return others;
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

    /** Some ids of boards that a rollout was offered to since a time, that count, and that report a version which it doesn't replace. */
    List<String> idsBeyond(Rollout rollout, Instant offeredSince, int limit) {
        List<String> replaced = rollout.definition().replaces();
        return database.query(
                """
                SELECT r.device_id
                FROM rollout_board r
                JOIN device_status s ON s.device_id = r.device_id
                WHERE rollout = ? AND r.offered_at >= ? AND %s AND (app_ver IS NULL OR app_ver NOT IN (%s))
                LIMIT ?
                """.formatted(counted(), Transaction.questionMarks(replaced.size())),
                row -> row.getString(1),
                Stream.of(
                                Stream.<Object>of(rollout.number(), offeredSince.toEpochMilli(), clonesSince()),
                                replaced.stream(),
                                Stream.<Object>of(limit))
                        .flatMap(values -> values)
                        .toArray());
    }

    /** Forgets all that came of offers to a board. */
    public static void forget(Transaction transaction, List<String> deviceIds) {
        transaction.updateAll(
                "DELETE FROM rollout_board WHERE device_id = ?",
                deviceIds.stream().map(id -> new @Nullable Object[] {id}).toList());
    }

    private static long failed(Map<String, long[]> counts, int column) {
        return count(counts, "stuck", column) + count(counts, "reverted", column) + count(counts, "silent", column);
    }

    private static long count(Map<String, long[]> counts, String outcome, int column) {
        long[] count = counts.get(outcome);
        return count == null ? 0 : count[column];
    }

    private record Key(long rollout, String deviceId) {
        // By hand: those that the compiler makes keep the application's class loader, with JDK 17.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && key.rollout == rollout && key.deviceId.equals(deviceId);
        }

        @Override
        public int hashCode() {
            return 31 * Long.hashCode(rollout) + deviceId.hashCode();
        }
    }

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

    private static @Nullable Instant time(ResultSet row, int column) throws SQLException {
        Long millis = number(row, column);
        return millis == null ? null : Instant.ofEpochMilli(millis);
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
