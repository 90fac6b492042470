package org.fuota.rollout;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.jspecify.annotations.Nullable;

/** The table {@code board_group}; with each change its version rises, by which nodes notice. */
final class GroupStore {
    private static final int PAGE = 10_000;

    private final Database database;

    GroupStore(Database database) {
        this.database = database;
    }

    /** Adds some boards to a group; those that were in it stay. Returns how many are new in it. */
    int add(Transaction transaction, String group, List<String> deviceIds) {
        Set<String> members = among(transaction, group, deviceIds);
        List<@Nullable Object[]> added = deviceIds.stream()
                .filter(id -> !members.contains(id))
                .map(id -> new @Nullable Object[] {group, id})
                .toList();
        transaction.updateAll("INSERT INTO board_group (name, device_id) VALUES (?, ?)", added);
        return changed(transaction, added.size());
    }

    /** Those of some boards that are in a group. */
    Set<String> among(Transaction statements, String group, List<String> deviceIds) {
        return Set.copyOf(statements.query(
                """
                SELECT device_id
                FROM board_group
                WHERE name = ? AND device_id IN (%s)
                ORDER BY device_id
                """.formatted(Transaction.questionMarks(deviceIds.size())),
                row -> row.getString(1),
                Stream.concat(Stream.of(group), deviceIds.stream()).toArray()));
    }

    int delete(Transaction transaction, String group) {
        return changed(transaction, transaction.update("DELETE FROM board_group WHERE name = ?", group));
    }

    /** Takes some boards out of a group; returns how many were in it. */
    int delete(Transaction transaction, String group, List<String> deviceIds) {
        return changed(
                transaction,
                transaction.update(
                        """
                        DELETE FROM board_group
                        WHERE name = ? AND device_id IN (%s)
                        """.formatted(Transaction.questionMarks(deviceIds.size())),
                        Stream.concat(Stream.of(group), deviceIds.stream()).toArray()));
    }

    private static int changed(Transaction transaction, int rows) {
        if (rows > 0) {
            transaction.update("UPDATE group_version SET version = version + 1");
        }
        return rows;
    }

    /** How many boards each group has, in the order of their names. */
    Map<String, Long> counts() {
        Map<String, Long> counts = new LinkedHashMap<>();
        database.query(
                "SELECT name, COUNT(*) FROM board_group GROUP BY name ORDER BY name",
                row -> counts.put(row.getString(1), row.getLong(2)));
        return counts;
    }

    boolean exists(Transaction statements, String group) {
        return statements
                .queryOne("SELECT 1 FROM board_group WHERE name = ? LIMIT 1", row -> row.getInt(1), group)
                .isPresent();
    }

    boolean exists(String group) {
        return database.connected(statements -> exists(statements, group));
    }

    /** The next ids in a group, in their order. */
    List<String> idsAfter(String group, String deviceId, int limit) {
        return database.connected(statements -> idsAfter(statements, group, deviceId, limit));
    }

    private static List<String> idsAfter(Transaction statements, String group, String deviceId, int limit) {
        return statements.query(
                "SELECT device_id FROM board_group WHERE name = ? AND device_id > ? ORDER BY device_id LIMIT ?",
                row -> row.getString(1),
                group,
                deviceId,
                limit);
    }

    long version(Transaction statements) {
        return statements
                .queryOne("SELECT version FROM group_version", row -> row.getLong(1))
                .orElse(0L);
    }

    /** All ids of a group. */
    Set<String> all(Transaction statements, String group) {
        Set<String> all = new HashSet<>();
        @Nullable String after = "";
        while (after != null) {
            List<String> page = idsAfter(statements, group, after, PAGE);
            all.addAll(page);
            after = page.isEmpty() ? null : page.get(page.size() - 1);
        }
        return all;
    }
}
