package org.fuota.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;

/**
 * A line of a list, taken apart: fields parted by commas, quoted as RFC 4180 says or not at all, with or without spaces around. What a spreadsheet, a
 * shell or a hand may have made of a field is refused: a {@link FuotaException} whose sentence begins with the column, from 1.
 */
final class ListLine {
    private static final String TYPOGRAPHIC_QUOTES =
            "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b\u00ab\u00bb\u2039\u203a";

    /** What a spreadsheet makes of a long number. */
    private static final Pattern ROUNDED = Pattern.compile("[0-9]([.,][0-9]+)?E[+-][0-9]{2,3}");

    private final String line;
    private final boolean isStrict;
    private final List<Field> fields = new ArrayList<>();
    private int at;

    /** @param column where it begins, from 1 */
    record Field(String text, int column, boolean isQuoted) {
        /** As the name of a column is compared: without case, spaces, hyphens and underscores. */
        String name() {
            return text.toLowerCase(Locale.ROOT).replaceAll("[ _-]", "");
        }

        /** What is made of it; a {@link FuotaException} with its column, when that can't be. */
        <T> T value(Function<String, T> made) {
            try {
                return made.apply(text);
            } catch (FuotaException e) {
                throw refused(column, e.sentence());
            }
        }
    }

    private ListLine(String line, boolean isStrict) {
        this.line = line;
        this.isStrict = isStrict;
    }

    /** At least one field. What stands between quotes is taken as it is, unless strict. */
    static List<Field> parse(String line, boolean isStrict) {
        if (isStrict) {
            requireVisible(line);
        }
        return new ListLine(line, isStrict).parse();
    }

    /** @throws FuotaException when another character than a comma seems to part them */
    static void requireParted(List<Field> fields) {
        for (Field field : fields) {
            for (char separator : new char[] {';', '\t'}) {
                int at = field.text().indexOf(separator);
                if (at >= 0 && !field.isQuoted()) {
                    throw partedBy(separator, field.column() + at);
                }
            }
        }
    }

    /** The value of a field, unless a spreadsheet has rounded it. */
    static String unrounded(String value, String name) {
        if (ROUNDED.matcher(value).matches()) {
            throw DeviceField.invalid(
                    "the " + name + " is a number that a spreadsheet has rounded: make its column one of text");
        }
        return value;
    }

    static FuotaException refused(int column, String sentence) {
        return new FuotaException(ErrorCode.INVALID, "column " + column + ": " + sentence);
    }

    private List<Field> parse() {
        do {
            skipSpaces();
            fields.add(at < line.length() && line.charAt(at) == '"' ? quoted() : plain());
        } while (at++ < line.length());
        return fields;
    }

    private Field quoted() {
        int opening = at++;
        StringBuilder text = new StringBuilder();
        while (true) {
            int quote = line.indexOf('"', at);
            if (quote < 0) {
                throw refused(opening + 1, "the quote that begins here has no end");
            }
            text.append(line, at, quote);
            at = quote + 1;
            if (at == line.length() || line.charAt(at) != '"') {
                break;
            }
            text.append('"');
            at++;
        }
        if (isStrict) {
            requireMeant(text, opening + 1);
        }
        skipSpaces();
        if (at < line.length() && line.charAt(at) != ',') {
            char next = line.charAt(at);
            throw next == ';' || next == '\t'
                    ? partedBy(next, at + 1)
                    : refused(at + 1, "there is more behind the quote that ends the field");
        }
        return new Field(text.toString(), opening + 1, true);
    }

    private Field plain() {
        int begin = at;
        int comma = line.indexOf(',', begin);
        at = comma < 0 ? line.length() : comma;
        int end = at;
        while (end > begin && line.charAt(end - 1) == ' ') {
            end--;
        }
        String text = line.substring(begin, end);
        requireMeant(text, begin);
        if (text.indexOf('"') >= 0) {
            throw refused(begin + text.indexOf('"') + 1, "a quote stands in a field that doesn't begin with one");
        }
        return new Field(text, begin + 1, false);
    }

    /** @param begin where the text begins, from 0 */
    private static void requireMeant(CharSequence text, int begin) {
        if (text.isEmpty()) {
            return;
        }
        if (TYPOGRAPHIC_QUOTES.indexOf(text.charAt(0)) >= 0) {
            throw refused(begin + 1, "this quote is typographic, " + name(text.charAt(0)) + ": use \" or none");
        }
        if (text.charAt(0) == ' ' || text.charAt(text.length() - 1) == ' ') {
            throw refused(begin + 1, "the quotes hold a leading or trailing space");
        }
    }

    private static FuotaException partedBy(char separator, int column) {
        return refused(
                column,
                "the fields seem to be parted by " + (separator == '\t' ? "a tab" : separator)
                        + ", and must be parted by commas");
    }

    private void skipSpaces() {
        while (at < line.length() && line.charAt(at) == ' ') {
            at++;
        }
    }

    /** Nobody sees them, so that nobody means them; and no two ids may look alike. */
    private static void requireVisible(String line) {
        for (int i = 0; i < line.length(); i += Character.charCount(line.codePointAt(i))) {
            int c = line.codePointAt(i);
            if (c == 0) {
                throw refused(i + 1, "a NUL stands here: is it UTF-16 without a byte order mark? Save it as UTF-8");
            }
            if (c == 0xFFFD) {
                throw refused(i + 1, name(c) + " stands here, for a letter that was lost when the list was made");
            }
            int type = Character.getType(c);
            if (type == Character.SPACE_SEPARATOR && c != ' ') {
                throw refused(i + 1, "this space is none of the keyboard's, but " + name(c));
            }
            if (type == Character.FORMAT || type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR) {
                throw refused(i + 1, "an invisible character stands here, " + name(c));
            }
        }
    }

    private static String name(int codePoint) {
        return "U+%04X".formatted(codePoint);
    }
}
