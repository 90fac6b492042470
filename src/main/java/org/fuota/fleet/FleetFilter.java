package org.fuota.fleet;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.evidence.Flips;
import org.fuota.evidence.State;

/** Which devices are wanted: parameters of a query, as conditions of the database's, all of which must be met. */
final class FleetFilter {
    /** As in the index of those that it takes. */
    static final String FLIPS = "version_flips >= " + Flips.MANY;

    /** The digest of what a device took last, by its polls; null where that isn't known. */
    static final String TAKEN =
            "CASE WHEN updated_at IS NOT NULL AND reverted_at IS NULL THEN offered_sha256 ELSE taken_before END";

    /** The same, or else of what it was offered. */
    static final String LAST_IMAGE = "COALESCE(" + TAKEN + ", offered_sha256)";

    private FleetFilter() {}

    /** @throws FuotaException when a value isn't one that its parameter can have */
    static Where where(Map<String, String> query, Instant now, Outcomes outcomes) {
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
        String outcome = query.get("outcome");
        if (query.containsKey("rollout")) {
            where = where.and(
                    "device_id IN (SELECT b.device_id FROM rollout_board b JOIN rollout ON number = b.rollout WHERE name = ?)",
                    query.get("rollout"));
            where = outcome == null ? where : outcomes.of(where, query.get("rollout"), outcome);
        } else if (outcome != null) {
            throw invalid("outcome goes with rollout");
        }
        if (query.containsKey("group")) {
            where = where.and(
                    "device_id IN (SELECT g.device_id FROM board_group g WHERE g.name = ?)", query.get("group"));
        }
        for (String fact : List.of("chip", "project")) {
            if (query.containsKey(fact)) {
                where = where.and(
                        LAST_IMAGE + " IN (SELECT i.sha256 FROM offered_image i WHERE i." + fact + " = ?)",
                        query.get(fact));
            }
        }
        if (query.containsKey("image")) {
            where = where.and(TAKEN + " = ?", sha256(query.get("image")));
        }
        where = within(where, query, "first_seen");
        where = within(where, query, "last_seen");
        String prefix = query.get("prefix");
        if (prefix != null) {
            where = where.and("device_id >= ?", prefix);
            String end = endOf(prefix);
            where = end.isEmpty() ? where : where.and("device_id < ?", end);
        }
        if (query.containsKey("search")) {
            where = FleetSearch.where(where, query.get("search"));
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

    /** From a time on and before another, either of which may be left out. */
    private static Where within(Where where, Map<String, String> query, String column) {
        Optional<Instant> from = QueryTime.find(query, column + "_from");
        Optional<Instant> to = QueryTime.find(query, column + "_to");
        if (from.isPresent() && to.isPresent() && !from.get().isBefore(to.get())) {
            throw invalid(column + "_from must be before " + column + "_to");
        }
        Where since =
                from.isEmpty() ? where : where.and(column + " >= ?", from.get().toEpochMilli());
        return to.isEmpty() ? since : since.and(column + " < ?", to.get().toEpochMilli());
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

    private static String sha256(String text) {
        if (!text.matches("[0-9A-Fa-f]{64}")) {
            throw invalid("image must be the SHA-256 of an image: 64 hexadecimal digits");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    private static FuotaException invalid(String sentence) {
        return new FuotaException(ErrorCode.INVALID, sentence);
    }
}
