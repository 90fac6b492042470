package org.fuota.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.fuota.device.DeviceRow;
import org.fuota.error.Printable;
import org.fuota.evidence.DeviceStatus;
import org.fuota.evidence.Evidence;
import org.fuota.evidence.FleetDevice;
import org.fuota.evidence.Offer;
import org.fuota.history.HistoryEvent;
import org.fuota.note.Note;
import org.jspecify.annotations.Nullable;

/** What is told of a device: one line of the list, and all of it. */
final class DeviceReport {
    private static final Map<String, Field> FIELDS = new LinkedHashMap<>();

    static {
        FIELDS.put("device_id", (device, now) -> device.deviceId());
        FIELDS.put("state", (device, now) -> device.conclusion().state().label());
        FIELDS.put("since", (device, now) -> device.conclusion().since());
        FIELDS.put("app_version", ofStatus(DeviceStatus::appVersion));
        FIELDS.put("app_version_since", ofStatus(DeviceStatus::appVersionSince));
        FIELDS.put("last_seen", ofStatus(status -> status.lastSeen().at()));
        FIELDS.put(
                "usual_gap_seconds",
                ofStatus(
                        status -> status.gaps().usual().map(Duration::toSeconds).orElse(null)));
        FIELDS.put("remote_addr", ofStatus(DeviceStatus::remoteAddress));
        FIELDS.put(
                "answer",
                ofStatus(status ->
                        status.answer() == null ? null : status.answer().label()));
        FIELDS.put(
                "polls",
                (device, now) -> device.status() == null ? 0L : device.status().polls());
        FIELDS.put("update_file_path", ofRow(DeviceRow::updateFilePath));
        FIELDS.put("replaces_version", ofRow(DeviceRow::appVersion));
        FIELDS.put(
                "offers",
                (device, now) -> device.status() == null || device.status().offer() == null
                        ? 0L
                        : device.status().offer().count());
        FIELDS.put(
                "clone",
                (device, now) -> device.status() != null && device.status().isClone(now));
        FIELDS.put("evidence", Evidence::of);
    }

    private DeviceReport() {}

    /** The names of all fields of a line, in order. */
    static List<String> fields() {
        return List.copyOf(FIELDS.keySet());
    }

    /** The values of some fields; null where not known. */
    static @Nullable Object[] line(List<String> fields, FleetDevice device, Instant now) {
        @Nullable Object[] values = new @Nullable Object[fields.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Objects.requireNonNull(FIELDS.get(fields.get(i))).of(device, now);
        }
        return values;
    }

    /** All that is known, for JSON. */
    static Map<String, @Nullable Object> fields(
            FleetDevice device,
            DeviceTags tags,
            List<NextPoll> nextPolls,
            List<Note> notes,
            List<HistoryEvent> history,
            Instant now) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        FIELDS.forEach((name, field) -> fields.put(name, field.of(device, now)));
        Optional<DeviceStatus> status = Optional.ofNullable(device.status());
        Optional<Offer> offer = status.map(DeviceStatus::offer);
        fields.put("first_seen", field(status, DeviceStatus::firstSeen));
        fields.put("assigned_at", device.assignedAt());
        fields.put("answer_since", field(status, DeviceStatus::answerSince));
        fields.put("offered_file", field(offer, Offer::file));
        fields.put("offered_sha256", field(offer, Offer::sha256));
        fields.put("offered_to_version", field(offer, Offer::appVersion));
        fields.put("offered_since", field(offer, known -> known.since().at()));
        fields.put("offered_last", field(offer, known -> known.last().at()));
        fields.put("updated_version", field(offer, Offer::updatedTo));
        fields.put("updated_at", field(offer, Offer::updatedAt));
        fields.put("reverted_at", field(offer, Offer::revertedAt));
        fields.put("chip", tags.chip());
        fields.put("project", tags.project());
        fields.put("groups", tags.groups());
        fields.put("next_poll", nextPolls.stream().map(NextPoll::fields).toList());
        fields.put("notes", notes.stream().map(DeviceReport::fields).toList());
        fields.put("history", history.stream().map(DeviceReport::fields).toList());
        return fields;
    }

    /** All that is known, for a person. */
    static List<String> lines(
            Map<String, @Nullable Object> fields,
            DeviceTags tags,
            List<NextPoll> nextPolls,
            List<Note> notes,
            List<HistoryEvent> history) {
        List<String> lines = new ArrayList<>();
        fields.forEach((name, value) -> {
            if (value != null && !(value instanceof List)) {
                lines.add(name + ": " + printable(value));
            }
        });
        if (!tags.groups().isEmpty()) {
            lines.add("groups: " + String.join(", ", tags.groups()));
        }
        notes.forEach(note -> lines.add("note " + note.number() + ": "
                + printable(note.text().replace('\n', ' ')) + ", by " + printable(note.user()) + " at " + note.at()));
        nextPolls.forEach(next -> lines.add("next poll: " + next));
        history.forEach(event -> lines.add(line(event)));
        return lines;
    }

    private static Map<String, @Nullable Object> fields(Note note) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("number", note.number());
        fields.put("at", note.at());
        fields.put("user", note.user());
        fields.put("text", note.text());
        return fields;
    }

    private static String line(HistoryEvent event) {
        String before = event.before();
        String after = event.after();
        return event.at() + " " + event.kind().label()
                + (before == null && after == null ? "" : ":")
                + (before == null ? "" : " " + printable(before) + (after == null ? "" : " ->"))
                + (after == null ? "" : " " + printable(after))
                + (event.user() == null ? "" : ", by " + printable(event.user()))
                + ", from " + event.remoteAddress();
    }

    private static Map<String, @Nullable Object> fields(HistoryEvent event) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("at", event.at());
        fields.put("event", event.kind().label());
        fields.put("before", event.before());
        fields.put("after", event.after());
        fields.put("user", event.user());
        fields.put("remote_addr", event.remoteAddress());
        return fields;
    }

    private static String printable(Object value) {
        return Printable.of(value.toString()).replace("%20", " ");
    }

    private static Field ofStatus(Function<DeviceStatus, @Nullable Object> field) {
        return (device, now) -> device.status() == null ? null : field.apply(device.status());
    }

    private static Field ofRow(Function<DeviceRow, @Nullable Object> field) {
        return (device, now) -> device.row() == null ? null : field.apply(device.row());
    }

    private static <T> @Nullable Object field(Optional<T> from, Function<T, @Nullable Object> field) {
        return from.map(field).orElse(null);
    }

    /** The value of a field; null where it isn't known. */
    @FunctionalInterface
    private interface Field {
        @Nullable
        Object of(FleetDevice device, Instant now);
    }
}
