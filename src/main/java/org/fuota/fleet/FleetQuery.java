package org.fuota.fleet;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.evidence.Flips;
import org.fuota.evidence.State;
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
 */
record FleetQuery(
        Where where,
        @Nullable String by,
        @Nullable String after,
        int limit,
        @Nullable Integer offset,
        String column,
        boolean isDescending,
        List<String> fields) {
    static final Set<String> PARAMETERS = Set.of(
            "state", "version", "file", "rollout", "group", "prefix", "search", "clone", "after", "limit", "fields",
            "sort", "offset", "by");

    /** By the names of the fields. */
    private static final Map<String, String> COLUMNS = new LinkedHashMap<>();

    static {
        COLUMNS.put("device_id", "device_id");
        COLUMNS.put("state", "state");
        COLUMNS.put("since", "state_since");
        COLUMNS.put("app_version", "app_ver");
        COLUMNS.put("last_seen", "last_seen");
        COLUMNS.put("update_file_path", "row_file");
    }

    private static final Set<String> ALWAYS_KNOWN = Set.of("device_id", "state");
    private static final int MAX_LIMIT = 10_000;
    private static final int MAX_OFFSET = 1_000_000;

    /** As in the index of those that it takes. */
    private static final String FLIPS = "version_flips >= " + Flips.MANY;

    /** @throws FuotaException when a value isn't one that its parameter can have, or two don't go together */
    static FleetQuery parse(Map<String, String> query, Instant now) {
        String sort = query.getOrDefault("sort", "device_id");
        boolean isDescending = sort.startsWith("-");
        FleetQuery parsed = new FleetQuery(
                where(query, now),
                query.get("by"),
                query.get("after"),
                query.containsKey("limit") ? number("limit", query.get("limit"), 1, MAX_LIMIT) : 0,
                query.containsKey("offset")
                        ? (Integer) number("offset", query.get("offset"), 0, MAX_OFFSET)
                        : query.containsKey("sort") ? (Integer) 0 : null,
                column(isDescending ? sort.substring(1) : sort),
                isDescending,
                query.containsKey("fields") ? fields(query.get("fields")) : DeviceReport.fields());
        if (parsed.offset != null && (parsed.limit == 0 || parsed.after != null)) {
            throw invalid("sort and offset go with limit, and not with after");
        }
        if (parsed.by != null && !Set.of("state", "version").contains(parsed.by)) {
            throw invalid("by must be state or version");
        }
        if (parsed.by != null && (parsed.limit > 0 || parsed.after != null || query.containsKey("fields"))) {
            throw invalid("counts have no pages: by goes with neither after nor limit nor fields");
        }
        return parsed;
    }

    /** The rest of it, of which all before a device is done. */
    FleetQuery after(String deviceId) {
        return new FleetQuery(where, by, deviceId, limit, offset, column, isDescending, fields);
    }

    boolean mayBeUnknown() {
        return !ALWAYS_KNOWN.contains(column);
    }

    String order() {
        String direction = isDescending ? " DESC" : "";
        return column.equals("device_id") ? column + direction : column + direction + ", device_id" + direction;
    }

    private static Where where(Map<String, String> query, Instant now) {
        Where where = Where.ALL;
        String state = query.get("state");
        if (state != null) {
            where = where.and(
                    "state = ?",
                    State.ofLabel(state)
                            .map(State::ordinal)
                            .orElseThrow(() -> invalid("there is no state " + Printable.of(state) + ": only "
                                    + String.join(", ", Fleet.noneByState().keySet()))));
        }
        if (query.containsKey("version")) {
            where = where.and("app_ver = ?", query.get("version"));
        }
        if (query.containsKey("file")) {
            where = where.and("row_file = ?", query.get("file"));
        }
        if (query.containsKey("rollout")) {
            where = where.and(
                    "device_id IN (SELECT b.device_id FROM rollout_board b JOIN rollout ON number = b.rollout WHERE name = ?)",
                    query.get("rollout"));
        }
        if (query.containsKey("group")) {
            where = where.and(
                    "device_id IN (SELECT g.device_id FROM board_group g WHERE g.name = ?)", query.get("group"));
        }
        String prefix = query.get("prefix");
        if (prefix != null) {
            where = where.and("device_id >= ?", prefix);
            String end = endOf(prefix);
            where = end.isEmpty() ? where : where.and("device_id < ?", end);
        }
        if (query.containsKey("search")) {
            where = search(where, query.get("search"));
        }
        if (query.containsKey("clone")) {
            long since = now.minus(Flips.REMEMBERED).toEpochMilli();
            where = switch (query.get("clone")) {
                case "true" -> where.and(FLIPS + " AND version_flip_at >= ?", since);
                case "false" ->
                    where.and(
                            "(version_flips IS NULL OR version_flips < " + Flips.MANY + " OR version_flip_at < ?)",
                            since);
                default -> throw invalid("clone must be true or false");
            };
        }
        return where;
    }

    /** The first text after all that begin with it; empty when there is none. In the order of code points, which is that of UTF-8. */
    static String endOf(String prefix) {
        if (prefix.isEmpty()) {
            return "";
        }
        int last = prefix.codePointBefore(prefix.length());
        String before = prefix.substring(0, prefix.length() - Character.charCount(last));
        return last == Character.MAX_CODE_POINT
                ? endOf(before)
                : before
                        + Character.toString(
                                last == Character.MIN_SURROGATE - 1 ? Character.MAX_SURROGATE + 1 : last + 1);
    }

    /** Case doesn't matter; where a database knows that of ASCII only, other letters must all be of one case. */
    private static Where search(Where where, String text) {
        List<String> patterns = Stream.of(text.toLowerCase(Locale.ROOT), text.toUpperCase(Locale.ROOT))
                .map(FleetQuery::folded)
                .distinct()
                .map(any -> "%" + any.replaceAll("[!%_]", "!$0") + "%")
                .toList();
        List<String> conditions = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        for (String column : List.of("device_id", "app_ver", "row_file")) {
            conditions.addAll(Collections.nCopies(patterns.size(), "LOWER(" + column + ") LIKE ? ESCAPE '!'"));
            values.addAll(patterns);
        }
        return where.and("(" + String.join(" OR ", conditions) + ")", values.toArray());
    }

    private static String folded(String text) {
        StringBuilder folded = new StringBuilder(text);
        for (int i = 0; i < folded.length(); i++) {
            char c = folded.charAt(i);
            folded.setCharAt(i, c < 0x80 ? Character.toLowerCase(c) : c);
        }
        return folded.toString();
    }

    private static String column(String field) {
        String column = COLUMNS.get(field);
        if (column == null) {
            throw invalid("there is no order by " + Printable.of(field) + ": only by "
                    + String.join(", ", COLUMNS.keySet()) + ", and with a minus before it from its end");
        }
        return column;
    }

    private static List<String> fields(String text) {
        Set<String> fields = new LinkedHashSet<>();
        for (String field : text.split(",", -1)) {
            if (!DeviceReport.fields().contains(field) || !fields.add(field)) {
                throw invalid("fields has " + Printable.of(field) + ", which must be once, and one of "
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
