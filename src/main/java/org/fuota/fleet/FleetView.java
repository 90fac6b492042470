package org.fuota.fleet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.jspecify.annotations.Nullable;

/**
 * How devices are shown.
 *
 * @param fields the names of the fields that are wanted, in their order
 * @param order null for the order of ids
 * @param offset how many of the first are left out
 */
record FleetView(List<String> fields, @Nullable FleetOrder order, int offset) {
    static final Set<String> PARAMETERS = Set.of("fields", "sort", "offset");

    /** A page in another order than that of ids is chosen in memory, which holds all that come before it, too. */
    private static final int MAX_OFFSET = 1_000_000;

    FleetView {
        fields = List.copyOf(fields);
    }

    /** @throws FuotaException when a value isn't one that its parameter can have */
    static FleetView parse(Map<String, String> query) {
        String fields = query.get("fields");
        String sort = query.get("sort");
        FleetView view = new FleetView(
                fields == null ? DeviceReport.fields() : parseFields(fields),
                sort == null ? null : FleetOrder.parse(sort),
                parseOffset(query.get("offset")));
        if (isByOffset(query) && (!query.containsKey("limit") || query.containsKey("after"))) {
            throw invalid("sort and offset go with limit, and not with after");
        }
        return view;
    }

    /** Whether pages go by how many devices are before them; otherwise they go by the last id of the one before. */
    static boolean isByOffset(Map<String, String> query) {
        return query.containsKey("sort") || query.containsKey("offset");
    }

    String[] columns() {
        return fields.toArray(String[]::new);
    }

    /** The devices of a page, and whether there may be more behind it. */
    record Page(List<FleetDevice> devices, boolean hasNext) {}

    /** The page that begins at the offset. */
    Page page(int limit, Fleet fleet, FleetFilter filter, Moment now) throws IOException {
        if (order != null) {
            List<String> first = order.first(offset + limit + 1, fleet, filter, now);
            boolean hasNext = first.size() > offset + limit;
            List<FleetDevice> devices =
                    first.subList(Math.min(offset, first.size()), Math.min(offset + limit, first.size())).stream()
                            // One that is forgotten meanwhile, or isn't as it is asked for any more, is left out.
                            .flatMap(id -> fleet.find(id).stream())
                            .filter(device -> filter.takes(device, fleet.conclude(device, now), now.at()))
                            .toList();
            return new Page(devices, hasNext);
        }
        List<FleetDevice> devices = new ArrayList<>();
        AtomicInteger left = new AtomicInteger(offset);
        fleet.forEach(filter, now, (device, conclusion) -> {
            if (left.getAndDecrement() <= 0) {
                devices.add(device);
            }
            return devices.size() <= limit;
        });
        return new Page(devices.subList(0, Math.min(limit, devices.size())), devices.size() > limit);
    }

    private static List<String> parseFields(String text) {
        Set<String> fields = new LinkedHashSet<>();
        for (String field : text.split(",", -1)) {
            if (!DeviceReport.fields().contains(field) || !fields.add(field)) {
                throw invalid("fields has " + Printable.of(field) + ", which must be once, and one of "
                        + String.join(", ", DeviceReport.fields()));
            }
        }
        return List.copyOf(fields);
    }

    private static int parseOffset(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        if (!text.matches("0|[1-9][0-9]{0,6}") || Integer.parseInt(text) > MAX_OFFSET) {
            throw invalid("offset must be a number from 0 to " + MAX_OFFSET);
        }
        return Integer.parseInt(text);
    }

    private static FuotaException invalid(String sentence) {
        return new FuotaException(ErrorCode.INVALID, sentence);
    }
}
