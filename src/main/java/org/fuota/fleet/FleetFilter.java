package org.fuota.fleet;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.fuota.device.DeviceRow;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.jspecify.annotations.Nullable;

/**
 * Which devices are wanted; a null stands for any.
 *
 * @param version that it reported last
 * @param file that its row names
 * @param prefix that its id starts with
 * @param search what its id, the version that it reported last, or the file that its row names contains; case doesn't matter
 * @param isClone whether it is flagged as two boards with one id
 * @param after only ids beyond this one
 * @param limit how many at most, or 0 for all
 */
record FleetFilter(
        @Nullable State state,
        @Nullable String version,
        @Nullable String file,
        @Nullable String prefix,
        @Nullable Pattern search,
        @Nullable Boolean isClone,
        @Nullable String after,
        int limit) {
    static final Set<String> PARAMETERS =
            Set.of("state", "version", "file", "prefix", "search", "clone", "after", "limit");

    private static final int MAX_LIMIT = 10_000;

    static FleetFilter all() {
        return new FleetFilter(null, null, null, null, null, null, null, 0);
    }

    /** @throws FuotaException when a value isn't one that its parameter can have */
    static FleetFilter parse(Map<String, String> query) {
        String state = query.get("state");
        String clone = query.get("clone");
        String search = query.get("search");
        return new FleetFilter(
                state == null
                        ? null
                        : State.ofLabel(state)
                                .orElseThrow(() -> invalid("there is no state " + Printable.of(state) + ": only "
                                        + String.join(", ", Fleet.noneByState().keySet()))),
                query.get("version"),
                query.get("file"),
                query.get("prefix"),
                search == null ? null : parseSearch(search),
                clone == null ? null : parseClone(clone),
                query.get("after"),
                parseLimit(query.get("limit")));
    }

    /** The first id that the fleet must be read from. */
    String from() {
        return isFromInclusive() ? Objects.requireNonNullElse(prefix, "") : Objects.requireNonNullElse(after, "");
    }

    boolean isFromInclusive() {
        return after == null || prefix != null && isBefore(after, prefix);
    }

    /** Whether neither this id nor any after it can be wanted. */
    boolean isPast(String deviceId) {
        return prefix != null && !deviceId.startsWith(prefix);
    }

    boolean takes(FleetDevice device, Conclusion conclusion, Instant now) {
        DeviceStatus status = device.status();
        DeviceRow row = device.row();
        return (state == null || state == conclusion.state())
                && (version == null || status != null && version.equals(status.appVersion()))
                && (file == null || row != null && file.equals(row.updateFilePath()))
                && (search == null
                        || isIn(device.deviceId())
                        || status != null && isIn(status.appVersion())
                        || row != null && isIn(row.updateFilePath()))
                && (isClone == null || isClone == (status != null && status.isClone(now)));
    }

    private boolean isIn(@Nullable String text) {
        return search == null || text != null && search.matcher(text).find();
    }

    private static Pattern parseSearch(String text) {
        return Pattern.compile(text, Pattern.LITERAL | Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    /** In the order of the database: of their bytes. */
    private static boolean isBefore(String one, String other) {
        return Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8)) < 0;
    }

    private static boolean parseClone(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid("clone must be true or false");
        };
    }

    private static int parseLimit(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        if (!text.matches("[1-9][0-9]{0,4}") || Integer.parseInt(text) > MAX_LIMIT) {
            throw invalid("limit must be a number from 1 to " + MAX_LIMIT);
        }
        return Integer.parseInt(text);
    }

    private static FuotaException invalid(String sentence) {
        return new FuotaException(ErrorCode.INVALID, sentence);
    }
}
