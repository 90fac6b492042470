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
import org.fuota.history.HistoryEvent;
import org.fuota.poll.PollAnswer;
import org.jspecify.annotations.Nullable;

/** What is told of a device: one line of the list, and all of it. */
final class DeviceReport {
    private static final Map<String, Field> FIELDS = new LinkedHashMap<>();

    static {
        FIELDS.put("device_id", (device, conclusion, now) -> device.deviceId());
        FIELDS.put("state", (device, conclusion, now) -> conclusion.state().label());
        FIELDS.put("since", (device, conclusion, now) -> conclusion.since());
        FIELDS.put("app_version", (device, conclusion, now) -> ofStatus(device, DeviceStatus::appVersion));
        FIELDS.put("app_version_since", (device, conclusion, now) -> ofStatus(device, DeviceStatus::appVersionSince));
        FIELDS.put(
                "last_seen",
                (device, conclusion, now) ->
                        ofStatus(device, known -> known.lastSeen().at()));
        FIELDS.put(
                "usual_gap_seconds",
                (device, conclusion, now) -> ofStatus(
                        device,
                        known -> known.gaps().usual().map(Duration::toSeconds).orElse(null)));
        FIELDS.put("remote_addr", (device, conclusion, now) -> ofStatus(device, DeviceStatus::remoteAddress));
        FIELDS.put(
                "answer",
                (device, conclusion, now) -> ofStatus(
                        device,
                        known -> Optional.ofNullable(known.answer())
                                .map(PollAnswer::label)
                                .orElse(null)));
        FIELDS.put(
                "polls",
                (device, conclusion, now) ->
                        device.status() == null ? 0L : device.status().polls());
        FIELDS.put("update_file_path", (device, conclusion, now) -> ofRow(device, DeviceRow::updateFilePath));
        FIELDS.put("replaces_version", (device, conclusion, now) -> ofRow(device, DeviceRow::appVersion));
        FIELDS.put(
                "offers",
                (device, conclusion, now) -> Optional.ofNullable(device.status())
                        .map(DeviceStatus::offer)
                        .map(Offer::count)
                        .orElse(0L));
        FIELDS.put(
                "clone",
                (device, conclusion, now) ->
                        device.status() != null && device.status().isClone(now));
        FIELDS.put("evidence", (device, conclusion, now) -> conclusion.evidence());
    }

    private DeviceReport() {}

    /** The names of all fields of a line, in order. */
    static List<String> fields() {
        return List.copyOf(FIELDS.keySet());
    }

    /** The values of some fields; null where not known. */
    static @Nullable Object[] line(List<String> fields, FleetDevice device, Conclusion conclusion, Instant now) {
        @Nullable Object[] values = new @Nullable Object[fields.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Objects.requireNonNull(FIELDS.get(fields.get(i))).of(device, conclusion, now);
        }
        return values;
    }

    /** All that is known, for JSON. */
    static Map<String, Object> fields(
            FleetDevice device,
            Conclusion conclusion,
            List<NextPoll> nextPolls,
            List<HistoryEvent> history,
            Instant now) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        FIELDS.forEach((name, field) -> fields.put(name, field.of(device, conclusion, now)));
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

    private static @Nullable Object ofStatus(FleetDevice device, Function<DeviceStatus, @Nullable Object> field) {
        return field(Optional.ofNullable(device.status()), field);
    }

    private static @Nullable Object ofRow(FleetDevice device, Function<DeviceRow, @Nullable Object> field) {
        return field(Optional.ofNullable(device.row()), field);
    }

    private static <T> @Nullable Object field(Optional<T> from, Function<T, @Nullable Object> field) {
        return from.map(field).orElse(null);
    }

    /** The value of a field; null where it isn't known. */
    @FunctionalInterface
    private interface Field {
        @Nullable
        Object of(FleetDevice device, Conclusion conclusion, Instant now);
    }
}
