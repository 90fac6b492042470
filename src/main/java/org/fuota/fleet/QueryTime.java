package org.fuota.fleet;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;

/** Times in a query: ISO 8601, in UTC, such as {@code 2026-12-01T20:00:00Z}; or a date, which is its first moment. */
final class QueryTime {
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern TIME = Pattern.compile(DATE + "T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?Z");

    private QueryTime() {}

    /** The value of a parameter, if it is there; {@link ErrorCode#INVALID} when it is no such time. */
    static Optional<Instant> find(Map<String, String> query, String name) {
        String text = query.get(name);
        if (text == null) {
            return Optional.empty();
        }
        try {
            if (DATE.matcher(text).matches()) {
                return Optional.of(LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC));
            }
            if (TIME.matcher(text).matches()) {
                return Optional.of(OffsetDateTime.parse(text).toInstant());
            }
        } catch (DateTimeException e) {
            // There is no such day or hour.
        }
        throw new FuotaException(
                ErrorCode.INVALID, name + " must be a time in UTC such as 2026-12-01T20:00:00Z, or a date");
    }
}
