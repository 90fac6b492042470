package org.fuota.fleet;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

/** The columns of {@code device_status}: each once, with what it holds. */
final class DeviceColumns {
    private static final State[] STATES = State.values();

    /** All but the id, in the order in which {@link #device} reads them. */
    private static final List<Column> COLUMNS = List.of(
            row("row_app_ver", DeviceRow::appVersion),
            row("row_file", DeviceRow::updateFilePath),
            new Column("assigned_at", Part.ROW, FleetDevice::assignedAt),
            new Column("state", Part.STATE, device ->
                    (long) device.conclusion().state().ordinal()),
            new Column("state_since", Part.STATE, device -> device.conclusion().since()),
            new Column("check_at", Part.CHECK, device -> device.conclusion().checkAt()),
            polled("first_seen", Part.REST, DeviceStatus::firstSeen),
            polled("last_seen", Part.POLL, status -> status.lastSeen().at()),
            polled("last_seen_served", Part.POLL, status -> status.lastSeen().served()),
            polled("polls", Part.POLL, DeviceStatus::polls),
            polled("recent_gaps", Part.POLL, status -> status.gaps().text()),
            polled("app_ver", Part.REST, DeviceStatus::appVersion),
            polled("app_ver_since", Part.REST, DeviceStatus::appVersionSince),
            polled("remote_addr", Part.REST, DeviceStatus::remoteAddress),
            // Not a label: as long as it doesn't poll, it is unknown.
            polled(
                    "answer",
                    Part.REST,
                    status -> status.answer() == null ? "" : status.answer().label()),
            polled("answer_since", Part.REST, DeviceStatus::answerSince),
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
            offered("reverted_at", Part.REST, Offer::revertedAt),
            polled("taken_before", Part.REST, DeviceStatus::takenBefore),
            flips("version_before", DeviceStatus::versionFlips, Flips::before),
            flips("version_flips", DeviceStatus::versionFlips, Flips::count),
            flips("version_flip_at", DeviceStatus::versionFlips, Flips::last),
            flips("addr_before", DeviceStatus::addressFlips, Flips::before),
            flips("addr_flips", DeviceStatus::addressFlips, Flips::count),
            flips("addr_flip_at", DeviceStatus::addressFlips, Flips::last));

    static final String NAMES =
            "device_id, " + COLUMNS.stream().map(Column::name).collect(Collectors.joining(", "));

    static final String INSERT =
            "INSERT INTO device_status (" + NAMES + ") VALUES (" + Transaction.questionMarks(COLUMNS.size() + 1) + ")";

    private DeviceColumns() {}

    /** Columns that change together: an update names only those that do, because it moves every index of what it names. */
    enum Part {
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

    /** The values of {@link #INSERT}. */
    static @Nullable Object[] inserted(FleetDevice device) {
        return Stream.concat(Stream.of(device.deviceId()), values(EnumSet.allOf(Part.class), device))
                .toArray();
    }

    /** A statement that writes some parts of a device. */
    static String update(Set<Part> parts) {
        return COLUMNS.stream()
                .filter(column -> parts.contains(column.part()))
                .map(column -> column.name() + " = ?")
                .collect(Collectors.joining(", ", "UPDATE device_status SET ", " WHERE device_id = ?"));
    }

    /** Its values. */
    static @Nullable Object[] updated(Set<Part> parts, FleetDevice device) {
        return Stream.concat(values(parts, device), Stream.of(device.deviceId()))
                .toArray();
    }

    private static Stream<@Nullable Object> values(Set<Part> parts, FleetDevice device) {
        return COLUMNS.stream().filter(column -> parts.contains(column.part())).map(column -> column.of(device));
    }

    /** The parts in which a device isn't as it was. */
    static Set<Part> difference(FleetDevice before, FleetDevice after) {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        for (Column column : COLUMNS) {
            if (!parts.contains(column.part()) && !Objects.equals(column.of(before), column.of(after))) {
                parts.add(column.part());
            }
        }
        return parts;
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

    private static Column flips(
            String name, Function<DeviceStatus, Flips> flips, Function<Flips, @Nullable Object> field) {
        return polled(name, Part.REST, status -> field.apply(flips.apply(status)));
    }

    /** Of a row of {@link #NAMES}. */
    static FleetDevice device(ResultSet result) throws SQLException {
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
                Instant.ofEpochMilli(cells.number()),
                offer(cells),
                cells.text(),
                new Flips(cells.text(), cells.number(), cells.instant()),
                new Flips(cells.text(), cells.number(), cells.instant()));
    }

    private static @Nullable Offer offer(Cells cells) throws SQLException {
        Offer offer = new Offer(
                cells.text(),
                cells.text(),
                cells.text(),
                cells.moment(),
                cells.moment(),
                cells.number(),
                cells.text(),
                cells.instant(),
                cells.instant());
        return offer.file() == null ? null : offer;
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

        private @Nullable Instant instant() throws SQLException {
            long millis = number();
            return millis == 0 && row.wasNull() ? null : Instant.ofEpochMilli(millis);
        }

        private Moment moment() throws SQLException {
            return new Moment(Instant.ofEpochMilli(number()), number());
        }
    }
}
