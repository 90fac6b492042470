package org.fuota.fleet;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
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
import org.fuota.device.DeviceRow;
import org.fuota.evidence.Conclusion;
import org.fuota.evidence.DeviceStatus;
import org.fuota.evidence.FleetDevice;
import org.fuota.evidence.Flips;
import org.fuota.evidence.Gaps;
import org.fuota.evidence.Moment;
import org.fuota.evidence.Offer;
import org.fuota.evidence.State;
import org.fuota.poll.PollAnswer;
import org.jspecify.annotations.Nullable;

/** The table {@code device_status}: a row for each device that is assigned a file, or has polled. */
final class DeviceStore {
    /** Far below what any database takes in one statement. */
    static final int MAX_VALUES = 500;

    private static final State[] STATES = State.values();

    private static final List<Column> OFFER = List.of(
            offered("offered_file", Part.REST, Offer::file),
            offered("offered_sha256", Part.REST, Offer::sha256),
            offered("offered_app_ver", Part.REST, Offer::appVersion),
            offered("offered_since", Part.REST, offer -> offer.since().at()),
            offered("offered_since_served", Part.REST, offer -> offer.since().served()),
            offered("offered_last", Part.POLL, offer -> offer.last().at()),
            offered("offered_last_served", Part.POLL, offer -> offer.last().served()),
            offered("offers", Part.POLL, Offer::count),
            offered("updated_app_ver", Part.REST, Offer::updatedTo),
            offered("updated_at", Part.REST, Offer::updatedAt),
            offered("reverted_at", Part.REST, Offer::revertedAt));

    /** All but the id, in the order in which {@link #device} reads them. */
    private static final List<Column> COLUMNS = Stream.of(
                    List.of(
                            row("row_app_ver", DeviceRow::appVersion),
                            row("row_file", DeviceRow::updateFilePath),
                            new Column("assigned_at", Part.ROW, FleetDevice::assignedAt),
                            new Column("state", Part.STATE, device ->
                                    (long) device.conclusion().state().ordinal()),
                            new Column(
                                    "state_since",
                                    Part.STATE,
                                    device -> device.conclusion().since()),
                            new Column(
                                    "check_at",
                                    Part.CHECK,
                                    device -> device.conclusion().checkAt()),
                            polled("first_seen", Part.REST, DeviceStatus::firstSeen),
                            polled(
                                    "last_seen",
                                    Part.POLL,
                                    status -> status.lastSeen().at()),
                            polled(
                                    "last_seen_served",
                                    Part.POLL,
                                    status -> status.lastSeen().served()),
                            polled("polls", Part.POLL, DeviceStatus::polls),
                            polled(
                                    "recent_gaps",
                                    Part.POLL,
                                    status -> status.gaps().text()),
                            polled("app_ver", Part.REST, DeviceStatus::appVersion),
                            polled("app_ver_since", Part.REST, DeviceStatus::appVersionSince),
                            polled("remote_addr", Part.REST, DeviceStatus::remoteAddress),
                            // Not a label: as long as it doesn't poll, it is unknown.
                            polled(
                                    "answer",
                                    Part.REST,
                                    status -> status.answer() == null
                                            ? ""
                                            : status.answer().label()),
                            polled("answer_since", Part.REST, DeviceStatus::answerSince)),
                    OFFER,
                    List.of(
                            polled("taken_before", Part.REST, DeviceStatus::takenBefore),
                            polled(
                                    "version_before",
                                    Part.REST,
                                    status -> status.versionFlips().before()),
                            polled(
                                    "version_flips",
                                    Part.REST,
                                    status -> status.versionFlips().count()),
                            polled(
                                    "version_flip_at",
                                    Part.REST,
                                    status -> status.versionFlips().last()),
                            polled(
                                    "addr_before",
                                    Part.REST,
                                    status -> status.addressFlips().before()),
                            polled(
                                    "addr_flips",
                                    Part.REST,
                                    status -> status.addressFlips().count()),
                            polled(
                                    "addr_flip_at",
                                    Part.REST,
                                    status -> status.addressFlips().last())))
            .flatMap(List::stream)
            .toList();

    private static final String NAMES =
            "device_id, " + COLUMNS.stream().map(Column::name).collect(Collectors.joining(", "));

    private static final String INSERT =
            "INSERT INTO device_status (" + NAMES + ") VALUES (" + questionMarks(COLUMNS.size() + 1) + ")";

    private final Database database;

    DeviceStore(Database database) {
        this.database = database;
    }

    /** Columns that change together: an update names only those that do, because it moves every index of what it names. */
    private enum Part {
        ROW,
        STATE,
        CHECK,
        /** What every poll changes. */
        POLL,
        REST
    }

    private record Column(String name, Part part, Function<FleetDevice, @Nullable Object> field) {
        @Nullable
        Object of(FleetDevice device) {
            Object value = field.apply(device);
            return value instanceof Instant instant ? (Object) instant.toEpochMilli() : value;
        }
    }

    /** Runs work in a transaction. */
    <T> T transaction(Function<Transaction, T> work) {
        return database.transaction(work);
    }

    /** Runs statements that only read. */
    <T> T read(Function<Transaction, T> work) {
        return database.connected(work);
    }

    /** Some devices, by their ids; those that aren't in the table aren't in it. */
    Map<String, FleetDevice> find(Transaction statements, Collection<String> deviceIds) {
        return byId(
                        deviceIds,
                        ids -> statements.query(
                                "SELECT " + NAMES + " FROM device_status WHERE device_id IN ("
                                        + questionMarks(ids.size()) + ") ORDER BY device_id",
                                DeviceStore::device,
                                ids.toArray()))
                .collect(Collectors.toMap(FleetDevice::deviceId, device -> device));
    }

    /** What some devices are assigned in {@code device_app}, which also others write, by their ids. */
    Map<String, DeviceRow> rows(Transaction statements, Collection<String> deviceIds) {
        return byId(
                        deviceIds,
                        ids -> statements.query(
                                "SELECT device_id, COALESCE(app_ver, ''), COALESCE(update_file_path, '') FROM device_app"
                                        + " WHERE device_id IN (" + questionMarks(ids.size()) + ") ORDER BY device_id",
                                row -> new DeviceRow(row.getString(1), row.getString(2), row.getString(3)),
                                ids.toArray()))
                .collect(Collectors.toMap(DeviceRow::deviceId, row -> row));
    }

    /** The next ids of all devices, those too that only {@code device_app} has. */
    List<String> idsAfter(String deviceId) {
        return ids("""
                SELECT device_id
                FROM (SELECT device_id FROM device_app WHERE device_id > ? ORDER BY device_id LIMIT ?) a
                UNION
                SELECT device_id
                FROM (SELECT device_id FROM device_status WHERE device_id > ? ORDER BY device_id LIMIT ?) s
                ORDER BY device_id
                LIMIT ?
                """, deviceId, MAX_VALUES, deviceId, MAX_VALUES, MAX_VALUES);
    }

    /** The next ids of the devices that are assigned a file. */
    List<String> idsOfFileAfter(String path, String deviceId) {
        return ids("""
                SELECT device_id
                FROM device_status
                WHERE row_file = ? AND device_id > ?
                ORDER BY device_id
                LIMIT ?
                """, path, deviceId, MAX_VALUES);
    }

    /** The ids of devices that are to be concluded about anew by then. */
    List<String> idsDue(long served) {
        return ids(
                "SELECT device_id FROM device_status WHERE check_at <= ? ORDER BY check_at LIMIT ?",
                served,
                MAX_VALUES);
    }

    private List<String> ids(String sql, Object... values) {
        return database.query(sql, row -> row.getString(1), values);
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
                """.formatted(NAMES, where.sql(), order, order), DeviceStore::device, where.with(limit, offset));
    }

    /** The devices that a condition takes, in the order of their ids. */
    List<FleetDevice> first(Where where, long limit) {
        return database.query(
                "SELECT " + NAMES + " FROM device_status WHERE " + where.sql() + " ORDER BY device_id LIMIT ?",
                DeviceStore::device,
                where.with(limit));
    }

    /** How many devices a condition takes. */
    long count(Where where) {
        return database.queryOne(
                        "SELECT COUNT(*) FROM device_status WHERE " + where.sql(), row -> row.getLong(1), where.with())
                .orElse(0L);
    }

    /** How many devices that a condition takes there are of each value of a column; of a null, by an empty text. */
    Map<String, Long> countBy(String column, Where where) {
        Map<String, Long> counts = new LinkedHashMap<>();
        database.query(
                        "SELECT %1$s, COUNT(*) FROM device_status WHERE %2$s GROUP BY %1$s ORDER BY %1$s"
                                .formatted(column, where.sql()),
                        row -> Map.entry(Objects.requireNonNullElse(row.getString(1), ""), row.getLong(2)),
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
        Map<Set<Part>, List<FleetDevice>> changed = new HashMap<>();
        for (FleetDevice device : after) {
            FleetDevice known = before.get(device.deviceId());
            if (known == null) {
                added.add(Stream.concat(Stream.of(device.deviceId()), values(COLUMNS, device))
                        .toArray());
            } else {
                changed.computeIfAbsent(difference(known, device), parts -> new ArrayList<>())
                        .add(device);
            }
        }
        if (!added.isEmpty()) {
            transaction.updateAll(INSERT, added);
        }
        changed.remove(Set.<Part>of());
        changed.forEach((parts, devices) -> update(transaction, parts, devices));
    }

    /** Whether a write of the one over the other would change anything. */
    static boolean isSame(@Nullable FleetDevice before, FleetDevice after) {
        return before != null && difference(before, after).isEmpty();
    }

    private static Set<Part> difference(FleetDevice before, FleetDevice after) {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        for (Column column : COLUMNS) {
            if (!parts.contains(column.part()) && !Objects.equals(column.of(before), column.of(after))) {
                parts.add(column.part());
            }
        }
        return parts;
    }

    private static void update(Transaction transaction, Set<Part> parts, List<FleetDevice> devices) {
        List<Column> columns =
                COLUMNS.stream().filter(column -> parts.contains(column.part())).toList();
        transaction.updateAll(
                "UPDATE device_status SET "
                        + columns.stream().map(column -> column.name() + " = ?").collect(Collectors.joining(", "))
                        + " WHERE device_id = ?",
                devices.stream()
                        .map(device -> Stream.concat(values(columns, device), Stream.of(device.deviceId()))
                                .toArray())
                        .toList());
    }

    private static Stream<@Nullable Object> values(List<Column> columns, FleetDevice device) {
        return columns.stream().map(column -> column.of(device));
    }

    void delete(Transaction transaction, Collection<String> deviceIds) {
        transaction.updateAll(
                "DELETE FROM device_status WHERE device_id = ?",
                deviceIds.stream().map(id -> new @Nullable Object[] {id}).toList());
    }

    /** Some of those without a row that are too many: the ones that polled longest ago. */
    List<String> discoveredBeyond(Transaction transaction, long max, long limit) {
        long discovered = transaction
                .queryOne("SELECT COUNT(*) FROM device_status WHERE row_file IS NULL", row -> row.getLong(1))
                .orElse(0L);
        return discovered <= max
                ? List.of()
                : transaction.query("""
                        SELECT device_id
                        FROM device_status
                        WHERE row_file IS NULL
                        ORDER BY last_seen_served, device_id
                        LIMIT ?
                        """, row -> row.getString(1), Math.min(discovered - max, limit));
    }

    /** Lets others write for a moment. */
    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As many at a time as a statement may have values. */
    static <T> Stream<T> byId(Collection<String> deviceIds, Function<List<String>, List<T>> query) {
        List<String> ids = List.copyOf(deviceIds);
        return IntStream.iterate(0, from -> from < ids.size(), from -> from + MAX_VALUES)
                .mapToObj(from -> query.apply(ids.subList(from, Math.min(from + MAX_VALUES, ids.size()))))
                .flatMap(List::stream);
    }

    static String questionMarks(int count) {
        return String.join(", ", Collections.nCopies(count, "?"));
    }

    private static Column row(String name, Function<DeviceRow, @Nullable Object> field) {
        return new Column(name, Part.ROW, device -> device.row() == null ? null : field.apply(device.row()));
    }

    private static Column polled(String name, Part part, Function<DeviceStatus, @Nullable Object> field) {
        return new Column(name, part, device -> device.status() == null ? null : field.apply(device.status()));
    }

    private static Column offered(String name, Part part, Function<Offer, @Nullable Object> field) {
        return polled(name, part, status -> status.offer() == null ? null : field.apply(status.offer()));
    }

    private static FleetDevice device(ResultSet result) throws SQLException {
        Cells cells = new Cells(result);
        String deviceId = cells.text();
        String rowVersion = cells.text();
        String rowFile = cells.text();
        Instant assignedAt = cells.instant();
        Conclusion conclusion = new Conclusion(STATES[(int) cells.number()], cells.instant(), cells.numberIfAny());
        Instant firstSeen = cells.instant();
        return new FleetDevice(
                deviceId,
                rowFile == null ? null : new DeviceRow(deviceId, rowVersion, rowFile),
                assignedAt,
                firstSeen == null ? null : status(deviceId, firstSeen, cells),
                conclusion);
    }

    private static DeviceStatus status(String deviceId, Instant firstSeen, Cells cells) throws SQLException {
        return new DeviceStatus(
                deviceId,
                firstSeen,
                cells.moment(),
                cells.number(),
                Gaps.ofText(cells.text()),
                cells.text(),
                cells.instant(),
                cells.text(),
                PollAnswer.ofLabel(cells.text()).orElse(null),
                cells.instant(),
                offer(cells),
                cells.text(),
                new Flips(cells.text(), cells.number(), cells.instant()),
                new Flips(cells.text(), cells.number(), cells.instant()));
    }

    private static @Nullable Offer offer(Cells cells) throws SQLException {
        String file = cells.text();
        if (file == null) {
            cells.skip(OFFER.size() - 1);
            return null;
        }
        return new Offer(
                file,
                cells.text(),
                cells.text(),
                cells.moment(),
                cells.moment(),
                cells.number(),
                cells.text(),
                cells.instant(),
                cells.instant());
    }

    /** The cells of a row, from left to right: by their names they would be looked for, one by one. */
    private static final class Cells {
        private final ResultSet row;
        private int column;

        private Cells(ResultSet row) {
            this.row = row;
        }

        /** Null where there is none. */
        private String text() throws SQLException {
            return row.getString(++column);
        }

        private long number() throws SQLException {
            return row.getLong(++column);
        }

        private @Nullable Long numberIfAny() throws SQLException {
            long number = number();
            return number == 0 && row.wasNull() ? null : Long.valueOf(number);
        }

        /** Null where there is none. */
        private Instant instant() throws SQLException {
            long millis = number();
            return millis == 0 && row.wasNull() ? null : Instant.ofEpochMilli(millis);
        }

        private Moment moment() throws SQLException {
            return new Moment(Instant.ofEpochMilli(number()), number());
        }

        private void skip(int columns) {
            column += columns;
        }
    }
}
