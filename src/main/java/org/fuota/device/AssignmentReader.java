package org.fuota.device;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.file.FilePath;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code "<device_id>","<app_version>","<update_file_path>"}, a line a device. Quotes may be left out. Blank lines don't count, nor does a
 * first line with the names of the columns.
 */
final class AssignmentReader {
    /** No field can have a line end, so this bounds what an unclosed quote takes with it, too. */
    private static final int MAX_LINE_LENGTH = 4096;

    private static final String COLUMNS = "\"<device_id>\",\"<app_version>\",\"<update_file_path>\"";

    /** What the columns may be called, in their order; without spaces, hyphens and underscores. */
    private static final List<Set<String>> NAMES = List.of(
            Set.of("deviceid", "device", "boardid", "board", "id", "mac", "macaddress"),
            Set.of("appversion", "appver", "replacesversion", "replaces", "version"),
            Set.of("updatefilepath", "updatefile", "filepath", "file", "path"));

    /** What a spreadsheet makes of a long number. */
    private static final Pattern ROUNDED = Pattern.compile("[0-9]([.,][0-9]+)?E[+-][0-9]{2,3}");

    private final BufferedReader body;
    private final int max;
    private final Kind kind;
    private final boolean isExact;
    private final List<String> packed = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private int number;
    private boolean hasBegun;
    private boolean endedByReturn;

    /** Which assignments are read. */
    enum Kind {
        /** Of the device that is named beside it, so that what it quotes is meant so; a note says what is odd in it. */
        ONE,
        /** Of any devices. */
        MANY,
        /** That may leave out their file, and then also their version. */
        IDS
    }

    /** @param isExact whether what is quoted is taken as it is, however odd: of a list that a server has written */
    AssignmentReader(Reader body, int max, Kind kind, boolean isExact) {
        this.body = new BufferedReader(body);
        this.max = max;
        this.kind = kind;
        this.isExact = isExact;
    }

    /** All assignments; at least one, and one for each device. Throws a {@link FuotaException} that names the first line that isn't right. */
    AssignmentList read() throws IOException {
        try {
            for (String line = nextLine(); line != null; line = nextLine()) {
                take(line);
            }
        } catch (FuotaException e) {
            // An earlier line may be wrong, too: by repeating a device.
            new AssignmentList(packed, notes);
            throw e;
        }
        if (packed.isEmpty()) {
            throw new FuotaException(ErrorCode.INVALID, "the body has no assignment");
        }
        return new AssignmentList(packed, notes);
    }

    private void take(String text) {
        try {
            List<ListLine.Field> fields = parse(text);
            if (fields.stream().allMatch(field -> field.text().isEmpty()) || !hasBegun && isHead(text, fields)) {
                return;
            }
            hasBegun = true;
            packed.add(line(fields).packed());
        } catch (FuotaException e) {
            throw new FuotaException(e.code(), "line " + number + ", " + e.sentence(), e.getCause());
        }
        if (packed.size() > max) {
            throw new FuotaException(ErrorCode.TOO_LARGE, "the body has more than " + max + " assignments");
        }
    }

    private List<ListLine.Field> parse(String text) {
        try {
            return ListLine.parse(text, !isExact);
        } catch (FuotaException e) {
            if (kind != Kind.ONE) {
                throw e;
            }
            List<ListLine.Field> fields = ListLine.parse(text, false);
            notes.add(e.sentence() + "; it is taken as it is");
            return fields;
        }
    }

    /** Whether it is no assignment, but tells about those that follow. */
    private boolean isHead(String text, List<ListLine.Field> fields) {
        if (text.equalsIgnoreCase("sep=,")) {
            return true;
        }
        List<String> names = fields.stream()
                .map(field -> field.text().toLowerCase(Locale.ROOT).replaceAll("[ _-]", ""))
                .toList();
        boolean areNames = names.stream().allMatch(name -> NAMES.stream().anyMatch(column -> column.contains(name)));
        if (!areNames || fields.size() > NAMES.size()) {
            return false;
        }
        for (int i = 0; i < names.size(); i++) {
            if (!NAMES.get(i).contains(names.get(i))) {
                throw ListLine.refused(fields.get(i).column(), "the columns must be " + COLUMNS + ", in this order");
            }
        }
        hasBegun = true;
        notes.add("line " + number + " is taken for the names of the columns, and left out");
        return true;
    }

    private AssignmentList.Line line(List<ListLine.Field> fields) {
        if (fields.size() != NAMES.size()) {
            ListLine.requireParted(fields);
            if (kind != Kind.IDS || fields.size() > NAMES.size()) {
                throw ListLine.refused(1, "it must be three fields: " + COLUMNS);
            }
        }
        return new AssignmentList.Line(
                number,
                value(fields.get(0), id -> new DeviceId(unrounded(id, "device id"))),
                valueIfThere(fields, 1, version -> new AppVersion(unrounded(version, "app version"))),
                valueIfThere(fields, 2, FilePath::new));
    }

    private <T> @Nullable T valueIfThere(List<ListLine.Field> fields, int index, Function<String, T> made) {
        return kind == Kind.IDS
                        && (index >= fields.size() || fields.get(index).text().isEmpty())
                ? null
                : value(fields.get(index), made);
    }

    private static <T> T value(ListLine.Field field, Function<String, T> made) {
        try {
            return made.apply(field.text());
        } catch (FuotaException e) {
            throw ListLine.refused(field.column(), e.sentence());
        }
    }

    private static String unrounded(String value, String name) {
        if (ROUNDED.matcher(value).matches()) {
            throw DeviceField.invalid(
                    "the " + name + " is a number that a spreadsheet has rounded: make its column one of text");
        }
        return value;
    }

    /** The next line without its end, or null after the last. */
    private @Nullable String nextLine() throws IOException {
        StringBuilder line = new StringBuilder();
        number++;
        int c = next(line);
        if (endedByReturn && c == '\n') {
            c = next(line);
        }
        endedByReturn = false;
        if (c < 0) {
            return null;
        }
        while (c >= 0 && c != '\n' && c != '\r') {
            if (line.length() == MAX_LINE_LENGTH) {
                throw new FuotaException(
                        ErrorCode.INVALID, "line " + number + ": it is longer than " + MAX_LINE_LENGTH + " characters");
            }
            line.append((char) c);
            c = next(line);
        }
        endedByReturn = c == '\r';
        return line.toString();
    }

    private int next(StringBuilder line) throws IOException {
        try {
            return body.read();
        } catch (FuotaException e) {
            if (e.getCause() instanceof CharacterCodingException) {
                throw new FuotaException(
                        e.code(),
                        "line " + number + ", column " + (line.length() + 1) + ": " + e.sentence()
                                + ", which a spreadsheet calls \"CSV UTF-8\"",
                        e.getCause());
            }
            throw e;
        }
    }
}
