package org.fuota.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.fuota.device.DeviceRow;
import org.fuota.error.Printable;
import org.fuota.history.HistoryEvent;
import org.jspecify.annotations.Nullable;

/** What is told of a device: one line of the list, and all of it. */
final class DeviceReport {
    /** The fields of a line, in order. */
    static final String[] COLUMNS = {
        "device_id",
        "state",
        "since",
        "app_version",
        "app_version_since",
        "last_seen",
        "usual_gap_seconds",
        "remote_addr",
        "answer",
        "polls",
        "update_file_path",
        "replaces_version",
        "offers",
        "clone",
        "evidence"
    };

    private DeviceReport() {}

    /** The values of {@link #COLUMNS}; null where not known. */
    static @Nullable Object[] line(FleetDevice device, Conclusion conclusion, Instant now) {
        Optional<DeviceStatus> status = Optional.ofNullable(device.status());
        Optional<DeviceRow> row = Optional.ofNullable(device.row());
        return new @Nullable Object[] {
            device.deviceId(),
            conclusion.state().label(),
            conclusion.since(),
            field(status, DeviceStatus::appVersion),
            field(status, DeviceStatus::appVersionSince),
            field(status, DeviceStatus::lastSeen),
            field(status, known -> known.gaps().usual().map(Duration::toSeconds).orElse(null)),
            field(status, DeviceStatus::remoteAddress),
            field(status, known -> known.answer().label()),
            status.map(DeviceStatus::polls).orElse(0L),
            field(row, DeviceRow::updateFilePath),
            field(row, DeviceRow::appVersion),
            status.map(DeviceStatus::offer).map(Offer::count).orElse(0L),
            status.map(known -> known.isClone(now)).orElse(false),
            conclusion.evidence()
        };
    }

    /** All that is known, for JSON. */
    static Map<String, Object> fields(
            FleetDevice device,
            Conclusion conclusion,
            List<NextPoll> nextPolls,
            List<HistoryEvent> history,
            Instant now) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        @Nullable Object[] line = line(device, conclusion, now);
        for (int i = 0; i < COLUMNS.length; i++) {
            fields.put(COLUMNS[i], line[i]);
        }
        Optional<DeviceStatus> status = Optional.ofNullable(device.status());
        Optional<Offer> offer = status.map(DeviceStatus::offer);
        fields.put("first_seen", field(status, DeviceStatus::firstSeen));
        fields.put("assigned_at", device.assignedAt());
        fields.put("answer_since", field(status, DeviceStatus::answerSince));
        fields.put("offered_file", field(offer, Offer::file));
        fields.put("offered_sha256", field(offer, Offer::sha256));
        fields.put("offered_to_version", field(offer, Offer::appVersion));
        fields.put("offered_since", field(offer, Offer::since));
        fields.put("offered_last", field(offer, Offer::last));
        fields.put("updated_version", field(offer, Offer::updatedTo));
        fields.put("updated_at", field(offer, Offer::updatedAt));
        fields.put("reverted_at", field(offer, Offer::revertedAt));
        fields.put("next_poll", nextPolls.stream().map(NextPoll::fields).toList());
        fields.put("history", history.stream().map(DeviceReport::fields).toList());
        return fields;
    }

    /** All that is known, for a person. */
    static List<String> lines(Map<String, Object> fields, List<NextPoll> nextPolls, List<HistoryEvent> history) {
        List<String> lines = new ArrayList<>();
        fields.forEach((name, value) -> {
            if (value != null && !(value instanceof List)) {
                lines.add(name + ": " + printable(value));
            }
        });
        nextPolls.forEach(next -> lines.add("next poll: " + next));
        history.forEach(event -> lines.add(line(event)));
        return lines;
    }

    private static String line(HistoryEvent event) {
        String before = event.before();
        String after = event.after();
        return event.at() + " " + event.event()
                + (before == null && after == null ? "" : ":")
                + (before == null ? "" : " " + printable(before) + (after == null ? "" : " ->"))
                + (after == null ? "" : " " + printable(after))
                + (event.user() == null ? "" : ", by " + printable(event.user()))
                + ", from " + event.remoteAddress();
    }

    private static Map<String, @Nullable Object> fields(HistoryEvent event) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("at", event.at());
        fields.put("event", event.event());
        fields.put("before", event.before());
        fields.put("after", event.after());
        fields.put("user", event.user());
        fields.put("remote_addr", event.remoteAddress());
        return fields;
    }

    private static String printable(Object value) {
        return Printable.of(value.toString()).replace("%20", " ");
    }

    private static <T> @Nullable Object field(Optional<T> from, Function<T, @Nullable Object> field) {
        return from.map(field).orElse(null);
    }
}
