package org.fuota.fleet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;

/**
 * A text that is searched for in ids, versions and files: words, all of which must be there, and of which one in double quotes is taken as it is;
 * or a MAC address, or part of one, however it and the ids are punctuated.
 */
final class FleetSearch {
    /** More than anybody types; and as many as the database's limit on conditions takes by far. */
    private static final int MAX_WORDS = 10;

    private static final int MIN_DIGITS = 4;
    private static final Pattern WORD = Pattern.compile("\"([^\"]+)\"(?= |$)|[^ ]+");
    private static final Pattern PUNCTUATION = Pattern.compile("[ :.-]");
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{" + MIN_DIGITS + ",}");

    private FleetSearch() {}

    /** @throws FuotaException when there are too many words */
    static Where where(Where where, String text) {
        List<String> conditions = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        Matcher words = WORD.matcher(text);
        while (words.find()) {
            boolean isQuoted = words.group(1) != null;
            String word = isQuoted ? words.group(1) : words.group();
            conditions.add(anyOf(word, isQuoted ? List.of() : addresses(word), values));
        }
        if (conditions.size() > MAX_WORDS) {
            throw new FuotaException(
                    ErrorCode.INVALID,
                    "search has more than " + MAX_WORDS + " words: in double quotes a text is taken as it is");
        }
        if (conditions.isEmpty()) {
            conditions.add(anyOf(text, List.of(), values));
        }
        String all = String.join(" AND ", conditions);
        List<String> whole = conditions.size() > 1 ? addresses(text) : List.of();
        if (whole.isEmpty()) {
            return where.and(all, values.toArray());
        }
        values.addAll(patterns(whole));
        return where.and("(" + all + " OR " + alternatives("device_id", whole.size()) + ")", values.toArray());
    }

    /** Case doesn't matter; where a database knows that of ASCII only, other letters must all be of one case. */
    private static String anyOf(String word, List<String> addresses, List<Object> values) {
        List<String> texts = Stream.of(word.toLowerCase(Locale.ROOT), word.toUpperCase(Locale.ROOT))
                .map(FleetSearch::folded)
                .distinct()
                .toList();
        List<String> ofId =
                Stream.concat(texts.stream(), addresses.stream()).distinct().toList();
        values.addAll(patterns(ofId));
        values.addAll(patterns(texts));
        values.addAll(patterns(texts));
        return "(" + alternatives("device_id", ofId.size()) + " OR " + alternatives("app_ver", texts.size()) + " OR "
                + alternatives("row_file", texts.size()) + ")";
    }

    /** How ids may write the hexadecimal digits of a text, which may begin within a pair; none when it isn't only such. */
    static List<String> addresses(String text) {
        String digits = PUNCTUATION.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
        return HEX.matcher(digits).matches()
                ? Stream.concat(
                                Stream.of(digits),
                                Stream.of(":", "-")
                                        .flatMap(by -> Stream.of(paired(digits, 0, by), paired(digits, 1, by))))
                        .toList()
                : List.of();
    }

    /** @param odd how many digits stand before the first pair */
    private static String paired(String digits, int odd, String by) {
        return IntStream.range(0, digits.length())
                .mapToObj(i -> (i > 0 && i % 2 == odd ? by : "") + digits.charAt(i))
                .collect(Collectors.joining());
    }

    private static String alternatives(String column, int count) {
        return String.join(" OR ", Collections.nCopies(count, column + " ILIKE ? ESCAPE '!'"));
    }

    private static List<String> patterns(List<String> texts) {
        return texts.stream()
                .map(text -> "%" + text.replaceAll("[!%_]", "!$0") + "%")
                .toList();
    }

    private static String folded(String text) {
        StringBuilder folded = new StringBuilder(text);
        for (int i = 0; i < folded.length(); i++) {
            char c = folded.charAt(i);
            folded.setCharAt(i, c < 0x80 ? Character.toLowerCase(c) : c);
        }
        return folded.toString();
    }
}
