package org.fuota.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads an HTTP-date in any of its three forms (RFC 9110 §5.6.7). Not by {@code DateTimeFormatter}, which knows no leap second and no sliding
 * century, and takes names of days and months from locale data.
 */
final class HttpDate {
    private static final List<String> MONTHS =
            List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");
    private static final String WEEKDAY = "(?<weekday>[A-Z][a-z]{2})";
    private static final String MONTH = "(?<month>[A-Z][a-z]{2})";
    private static final String TIME = "(?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})";
    private static final List<Pattern> FORMS = List.of(
            // IMF-fixdate: Sun, 06 Nov 1994 08:49:37 GMT
            Pattern.compile(WEEKDAY + ", (?<day>[0-9]{2}) " + MONTH + " (?<year>[0-9]{4}) " + TIME + " GMT"),
            // RFC 850: Sunday, 06-Nov-94 08:49:37 GMT
            Pattern.compile(
                    "(?<weekday>[A-Z][a-z]+day), (?<day>[0-9]{2})-" + MONTH + "-(?<year>[0-9]{2}) " + TIME + " GMT"),
            // asctime: Sun Nov  6 08:49:37 1994
            Pattern.compile(WEEKDAY + " " + MONTH + " (?<day>[ 0-9][0-9]) " + TIME + " (?<year>[0-9]{4})"));

    private HttpDate() {}

    /** The date, or empty when it isn't one, on another day of the week included. A year of two digits is no more than 50 years after now. */
    static Optional<Instant> parse(String value, Instant now) {
        return FORMS.stream()
                .map(form -> form.matcher(value))
                .filter(Matcher::matches)
                .findFirst()
                .flatMap(date -> resolve(date, now));
    }

    private static Optional<Instant> resolve(Matcher date, Instant now) {
        LocalDateTime resolved;
        try {
            resolved = date.group("year").length() == 2 ? inTheCenturyOf(now, date) : in(number(date, "year"), date);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
        String weekday = date.group("weekday").toUpperCase(Locale.ROOT);
        if (!resolved.getDayOfWeek().name().startsWith(weekday)) {
            return Optional.empty();
        }
        boolean leapSecond = number(date, "second") == 60;
        return Optional.of(resolved.plusSeconds(leapSecond ? 1 : 0).toInstant(ZoneOffset.UTC));
    }

    private static LocalDateTime inTheCenturyOf(Instant now, Matcher date) {
        LocalDateTime latest = LocalDateTime.ofInstant(now, ZoneOffset.UTC).plusYears(50);
        int year = latest.getYear() - Math.floorMod(latest.getYear() - number(date, "year"), 100);
        LocalDateTime resolved = in(year, date);
        return resolved.isAfter(latest) ? in(year - 100, date) : resolved;
    }

    /** The date in a year; of a leap second, the second before it. */
    private static LocalDateTime in(int year, Matcher date) {
        int hour = number(date, "hour");
        int minute = number(date, "minute");
        int second = number(date, "second");
        boolean leapSecond = hour == 23 && minute == 59 && second == 60;
        int month = MONTHS.indexOf(date.group("month")) + 1;
        return LocalDateTime.of(year, month, number(date, "day"), hour, minute, leapSecond ? 59 : second);
    }

    private static int number(Matcher date, String group) {
        return Integer.parseInt(date.group(group).trim());
    }
}
