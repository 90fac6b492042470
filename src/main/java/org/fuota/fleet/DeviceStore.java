package org.fuota.fleet;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.fuota.device.AssignmentStore;
import org.fuota.device.DeviceRow;
import org.fuota.evidence.FleetDevice;
import org.jspecify.annotations.Nullable;

/** The table {@code device_status}: a row for each device that is assigned a file, or has polled. */
final class DeviceStore {
    /** Far below what any database takes in one statement. */
    static final int MAX_VALUES = 500;

    private final Database database;

    DeviceStore(Database database) {
        this.database = database;
    }

    /** Runs work in a transaction. */
    <T> T transaction(Function<Transaction, T> work) {
        return database.transaction(work);
    }

    /** Runs statements that only read. */
    <T> T read(Function<Transaction, T> work) {
        return database.connected(work);
    }

    /** Whether work of that name is this node's to do. */
    boolean isOurs(String work) {
        return database.isOurs(work);
    }

    /** Some devices, by their ids; those that aren't in the table aren't in it. */
    Map<String, FleetDevice> find(Transaction statements, Collection<String> deviceIds) {
        return byId(
                        deviceIds,
                        ids -> statements.query(
                                "SELECT " + DeviceColumns.NAMES + " FROM device_status WHERE device_id IN ("
                                        + Transaction.questionMarks(ids.size()) + ") ORDER BY device_id",
                                DeviceColumns::device,
                                ids.toArray()))
                .collect(Collectors.toMap(FleetDevice::deviceId, device -> device));
    }

    /** When those of some devices that ever polled did so last, by their ids. */
    Map<String, Instant> lastSeen(Transaction statements, Collection<String> deviceIds) {
        return byId(
                        deviceIds,
                        ids -> statements.query(
                                """
                                SELECT device_id, last_seen
                                FROM device_status
                                WHERE device_id IN (%s) AND last_seen IS NOT NULL
                                ORDER BY device_id
                                """.formatted(Transaction.questionMarks(ids.size())),
                                row -> Map.entry(row.getString(1), Instant.ofEpochMilli(row.getLong(2))),
                                ids.toArray()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** What some devices are assigned, which also others write, by their ids. */
    Map<String, DeviceRow> rows(Transaction statements, Collection<String> deviceIds) {
        return byId(
                        deviceIds,
                        ids -> rows(
                                statements,
                                "device_id IN (" + Transaction.questionMarks(ids.size()) + ")",
                                ids.toArray()))
                .collect(Collectors.toMap(DeviceRow::deviceId, row -> row));
    }

    /** The same of all with an id in a range of {@link #idsAfter}. */
    Map<String, DeviceRow> rows(Transaction statements, String after, String last) {
        return rows(statements, "device_id > ? AND device_id <= ?", after, last).stream()
                .collect(Collectors.toMap(DeviceRow::deviceId, row -> row));
    }

    /** The next ids of all devices, those too that only {@code device_app} has. */
    List<String> idsAfter(String deviceId) {
        return database.query("""
                SELECT device_id
                FROM (SELECT device_id FROM device_app WHERE device_id > ? ORDER BY device_id LIMIT ?) a
                UNION
                SELECT device_id
                FROM (SELECT device_id FROM device_status WHERE device_id > ? ORDER BY device_id LIMIT ?) s
                ORDER BY device_id
                LIMIT ?
                """, row -> row.getString(1), deviceId, MAX_VALUES, deviceId, MAX_VALUES, MAX_VALUES);
    }

    private static List<DeviceRow> rows(Transaction statements, String condition, Object... values) {
        return statements.query(
                "SELECT device_id, app_ver, update_file_path FROM assignment WHERE " + condition
                        + " ORDER BY device_id LIMIT " + MAX_VALUES,
                row -> AssignmentStore.row(row, 1),
                values);
    }

    /** The next ids of the devices that are assigned a file. */
    List<String> idsOfFileAfter(String path, String deviceId) {
        return ids("row_file = ? AND device_id > ? ORDER BY device_id", path, deviceId);
    }

    /** The ids of devices that are to be concluded about anew by then. */
    List<String> idsDue(long served) {
        return ids("check_at <= ? ORDER BY check_at", served);
    }

    private List<String> ids(String condition, Object... values) {
        return database.query(
                "SELECT device_id FROM device_status WHERE " + condition + " LIMIT " + MAX_VALUES,
                row -> row.getString(1),
                values);
    }

    private String condition(Where where) {
        return database.condition(where.sql());
    }

    /** The devices that a condition takes, in an order, from an offset on. */
    List<FleetDevice> page(Where where, String order, long limit, long offset) {
        // The ids by an index alone, which is all that is read of what the offset leaves out.
        return database.query(
                """
                SELECT %s
                FROM (SELECT device_id AS id FROM device_status WHERE %s ORDER BY %s LIMIT ? OFFSET ?) ids
                JOIN device_status ON device_id = id
                ORDER BY %s
                """.formatted(DeviceColumns.NAMES, condition(where), order, order),
                DeviceColumns::device,
                where.with(limit, offset));
    }

    /** The devices that a condition takes, in the order of their ids. */
    List<FleetDevice> first(Where where, long limit) {
        return read(statements -> first(statements, where, limit));
    }

    List<FleetDevice> first(Transaction statements, Where where, long limit) {
        return statements.query(
                "SELECT " + DeviceColumns.NAMES + " FROM device_status WHERE " + condition(where)
                        + " ORDER BY device_id LIMIT ?",
                DeviceColumns::device,
                where.with(limit));
    }

    /** How many devices a condition takes. */
    long count(Where where) {
        return database.queryOne(
                        "SELECT COUNT(*) FROM device_status WHERE " + condition(where),
                        row -> row.getLong(1),
                        where.with())
                .orElse(0L);
    }

    /** How many devices that a condition takes there are of each value of a column; of a null, by an empty text. */
    Map<String, Long> countBy(String column, Where where) {
        Map<String, Long> counts = new LinkedHashMap<>();
        database.query(
                        "SELECT %1$s, COUNT(*) FROM device_status WHERE %2$s GROUP BY %1$s ORDER BY %1$s"
                                .formatted(column, condition(where)),
                        row -> Map.entry(Objects.requireNonNullElse(row.getString(1), ""), row.getLong(2)),
                        where.with())
                .forEach(count -> counts.put(count.getKey(), count.getValue()));
        return counts;
    }

    /** How many devices that a condition takes there are in each group that has some, in the order of their names. */
    Map<String, Long> countByGroup(Where where) {
        Map<String, Long> counts = new LinkedHashMap<>();
        database.query(
                        """
                        SELECT g.name, COUNT(*)
                        FROM (SELECT device_id AS id FROM device_status WHERE %s) d
                        JOIN board_group g ON g.device_id = d.id
                        GROUP BY g.name
                        ORDER BY g.name
                        """.formatted(condition(where)),
                        row -> Map.entry(row.getString(1), row.getLong(2)),
                        where.with())
                .forEach(count -> counts.put(count.getKey(), count.getValue()));
        return counts;
    }

    /**
     * Writes what has changed, and only that.
     *
     * @param before the devices as they are in the table
     */
    void write(Transaction transaction, Map<String, FleetDevice> before, Collection<FleetDevice> after) {
        List<@Nullable Object[]> added = new ArrayList<>();
        Map<Set<DeviceColumns.Part>, List<FleetDevice>> changed = new HashMap<>();
        for (FleetDevice device : after) {
            FleetDevice known = before.get(device.deviceId());
            if (known == null) {
                added.add(DeviceColumns.inserted(device));
            } else {
                changed.computeIfAbsent(DeviceColumns.difference(known, device), parts -> new ArrayList<>())
                        .add(device);
            }
        }
        transaction.updateAll(DeviceColumns.INSERT, added);
        changed.remove(Set.<DeviceColumns.Part>of());
        changed.forEach((parts, devices) -> transaction.updateAll(
                DeviceColumns.update(parts),
                devices.stream()
                        .map(device -> DeviceColumns.updated(parts, device))
                        .toList()));
    }

    void delete(Transaction transaction, Collection<String> deviceIds) {
        transaction.updateAll(
                "DELETE FROM device_status WHERE device_id = ?",
                deviceIds.stream().map(id -> new @Nullable Object[] {id}).toList());
    }

    /** Some of those without an assignment, and that no rollout was offered to, that are too many: the ones that polled longest ago. */
    List<String> discoveredBeyond(Transaction transaction, long max, long limit) {
        String discoveredOnly = "row_file IS NULL AND NOT EXISTS"
                + " (SELECT 1 FROM rollout_board r WHERE r.device_id = device_status.device_id)";
        long discovered = transaction
                .queryOne("SELECT COUNT(*) FROM device_status WHERE row_file IS NULL", row -> row.getLong(1))
                .orElse(0L);
        if (discovered > max) {
            discovered = transaction
                    .queryOne("SELECT COUNT(*) FROM device_status WHERE " + discoveredOnly, row -> row.getLong(1))
                    .orElse(0L);
        }
        return discovered <= max
                ? List.of()
                : transaction.query(
                        """
                        SELECT device_id
                        FROM device_status
                        WHERE %s
                        ORDER BY last_seen_served, device_id
                        LIMIT ?
                        """.formatted(discoveredOnly), row -> row.getString(1), Math.min(discovered - max, limit));
    }

    /** As many at a time as a statement may have values. */
    static <T> Stream<T> byId(Collection<String> deviceIds, Function<List<String>, List<T>> query) {
        List<String> ids = List.copyOf(deviceIds);
        return IntStream.iterate(0, from -> from < ids.size(), from -> from + MAX_VALUES)
                .mapToObj(from -> query.apply(ids.subList(from, Math.min(from + MAX_VALUES, ids.size()))))
                .flatMap(List::stream);
    }
}
