package org.fuota.fleet;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.jspecify.annotations.Nullable;

/**
 * Which devices are wanted, and how: the parameters of a list, as conditions and an order of the database's.
 *
 * @param where which
 * @param by what they are to be counted by, or null
 * @param after only ids beyond this one; null for all
 * @param limit how many at most, or 0 for all
 * @param offset how many of the first are left out; null where pages go by the last id of the one before
 * @param column that they are ordered by; where it isn't known they come last, either way, and where it is equal the id decides
 * @param fields the names of those that are wanted, in their order
 * @param hasHeader whether their names are the first line of CSV
 */
record FleetQuery(
        Where where,
        @Nullable String by,
        @Nullable String after,
        int limit,
        @Nullable Integer offset,
        String column,
        boolean isDescending,
        List<String> fields,
        boolean hasHeader) {
    static final Set<String> PARAMETERS = Set.of(
            "state",
            "version",
            "file",
            "rollout",
            "outcome",
            "group",
            "chip",
            "project",
            "image",
            "first_seen_from",
            "first_seen_to",
            "last_seen_from",
            "last_seen_to",
            "prefix",
            "search",
            "clone",
            "after",
            "limit",
            "fields",
            "columns",
            "sort",
            "offset",
            "by");

    /** By the names of the fields. */
    private static final Map<String, String> COLUMNS = new LinkedHashMap<>();

    static {
        COLUMNS.put("device_id", "device_id");
        COLUMNS.put("state", "state");
        COLUMNS.put("since", "state_since");
        COLUMNS.put("app_version", "app_ver");
        COLUMNS.put("last_seen", "last_seen");
        COLUMNS.put("update_file_path", "row_file");
        COLUMNS.put("first_seen", "first_seen");
        COLUMNS.put("polls", "polls");
    }

    private static final List<String> BY = List.of("state", "version", "image", "project", "chip", "group");
    private static final Set<String> ALWAYS_KNOWN = Set.of("device_id", "state");
    private static final int MAX_LIMIT = 10_000;
    private static final int MAX_OFFSET = 1_000_000;

    /** @throws FuotaException when a value isn't one that its parameter can have, or two don't go together */
    static FleetQuery parse(Map<String, String> query, Instant now, Outcomes outcomes) {
        String sort = query.getOrDefault("sort", "device_id");
        boolean isDescending = sort.startsWith("-");
        FleetQuery parsed = new FleetQuery(
                FleetFilter.where(query, now, outcomes),
                query.get("by"),
                query.get("after"),
                query.containsKey("limit") ? number("limit", query.get("limit"), 1, MAX_LIMIT) : 0,
                query.containsKey("offset")
                        ? (Integer) number("offset", query.get("offset"), 0, MAX_OFFSET)
                        : query.containsKey("sort") ? (Integer) 0 : null,
                column(isDescending ? sort.substring(1) : sort),
                isDescending,
                fields(query),
                query.containsKey("columns"));
        if (parsed.offset != null && (parsed.limit == 0 || parsed.after != null)) {
            throw invalid("sort and offset go with limit, and not with after");
        }
        if (parsed.by != null && !BY.contains(parsed.by)) {
            throw invalid("by must be one of " + String.join(", ", BY));
        }
        if (parsed.by != null
                && (parsed.limit > 0
                        || parsed.after != null
                        || query.containsKey("fields")
                        || query.containsKey("columns"))) {
            throw invalid("counts have no pages: by goes with neither after nor limit nor fields nor columns");
        }
        return parsed;
    }

    /** The rest of it, of which all before a device is done. */
    FleetQuery after(String deviceId) {
        return new FleetQuery(where, by, deviceId, limit, offset, column, isDescending, fields, hasHeader);
    }

    boolean mayBeUnknown() {
        return !ALWAYS_KNOWN.contains(column);
    }

    String order() {
        String direction = isDescending ? " DESC" : "";
        return column.equals("device_id") ? column + direction : column + direction + ", device_id" + direction;
    }

    private static String column(String field) {
        String column = COLUMNS.get(field);
        if (column == null) {
            throw invalid("there is no order by " + Printable.of(field) + ": only by "
                    + String.join(", ", COLUMNS.keySet()) + ", and with a minus before it from its end");
        }
        return column;
    }

    private static List<String> fields(Map<String, String> query) {
        if (query.containsKey("fields") && query.containsKey("columns")) {
            throw invalid("fields and columns name the same: only one of them goes");
        }
        for (String name : List.of("fields", "columns")) {
            if (query.containsKey(name)) {
                return fields(name, query.get(name));
            }
        }
        return DeviceReport.fields();
    }

    private static List<String> fields(String name, String text) {
        Set<String> fields = new LinkedHashSet<>();
        for (String field : text.split(",", -1)) {
            if (!DeviceReport.fields().contains(field) || !fields.add(field)) {
                throw invalid(name + " has " + Printable.of(field) + ", which must be once, and one of "
                        + String.join(", ", DeviceReport.fields()));
            }
        }
        return List.copyOf(fields);
    }

    private static int number(String name, String text, int min, int max) {
        if (!text.matches("0|[1-9][0-9]{0,6}") || Integer.parseInt(text) < min || Integer.parseInt(text) > max) {
            throw invalid(name + " must be a number from " + min + " to " + max);
        }
        return Integer.parseInt(text);
    }

    private static FuotaException invalid(String sentence) {
        return new FuotaException(ErrorCode.INVALID, sentence);
    }
}
