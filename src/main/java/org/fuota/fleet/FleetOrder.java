package org.fuota.fleet;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.fuota.device.DeviceRow;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.jspecify.annotations.Nullable;

/**
 * An order of devices by a field; what isn't known comes last, either way, and what is equal by id.
 *
 * @param field one of {@link #FIELDS}
 */
record FleetOrder(String field, boolean isDescending) {
    static final List<String> FIELDS =
            List.of("device_id", "state", "since", "app_version", "last_seen", "update_file_path");

    /** @param text a field; with a minus before it, descending */
    static FleetOrder parse(String text) {
        boolean isDescending = text.startsWith("-");
        String field = isDescending ? text.substring(1) : text;
        if (!FIELDS.contains(field)) {
            throw new FuotaException(
                    ErrorCode.INVALID,
                    "there is no order by " + Printable.of(field) + ": only by " + String.join(", ", FIELDS)
                            + ", and with a minus before it from its end");
        }
        return new FleetOrder(field, isDescending);
    }

    /** The ids of the first devices that a filter takes. Holds no more than so many in memory. */
    List<String> first(int count, Fleet fleet, FleetFilter filter, Moment now) throws IOException {
        Comparator<Key> order = comparator();
        PriorityQueue<Key> first = new PriorityQueue<>(order.reversed());
        fleet.forEach(filter, now, (device, conclusion) -> {
            Key key = key(device, conclusion);
            if (first.size() < count) {
                first.add(key);
            } else if (order.compare(key, first.element()) < 0) {
                first.remove();
                first.add(key);
            }
            return true;
        });
        List<Key> keys = new ArrayList<>(first);
        keys.sort(order);
        return keys.stream().map(Key::deviceId).toList();
    }

    private Key key(FleetDevice device, Conclusion conclusion) {
        DeviceStatus status = device.status();
        DeviceRow row = device.row();
        String id = device.deviceId();
        return switch (field) {
            case "device_id" -> new Key(null, id, id);
            case "state" -> new Key((long) conclusion.state().ordinal(), null, id);
            case "since" -> new Key(millis(conclusion.since()), null, id);
            case "app_version" -> new Key(null, status == null ? null : status.appVersion(), id);
            case "last_seen" ->
                new Key(status == null ? null : millis(status.lastSeen().at()), null, id);
            case "update_file_path" -> new Key(null, row == null ? null : row.updateFilePath(), id);
            default -> throw new IllegalArgumentException(field);
        };
    }

    private Comparator<Key> comparator() {
        Comparator<Long> numbers = isDescending ? Comparator.reverseOrder() : Comparator.naturalOrder();
        Comparator<String> texts = isDescending ? Comparator.reverseOrder() : Comparator.naturalOrder();
        return Comparator.comparing(Key::number, Comparator.nullsLast(numbers))
                .thenComparing(Key::text, Comparator.nullsLast(texts))
                .thenComparing(Key::deviceId);
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }

    /** A field is a number or text; the other is null of all devices. */
    private record Key(@Nullable Long number, @Nullable String text, String deviceId) {}
}
