package org.fuota.device;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.file.FilePath;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code "<device_id>","<app_version>","<update_file_path>"}, a line a device. Quotes may be left out. Blank lines don't count, nor does a
 * first line with the names of the columns.
 */
final class AssignmentReader {
    private static final String COLUMNS = "\"<device_id>\",\"<app_version>\",\"<update_file_path>\"";

    /** What the columns may be called, in their order; without spaces, hyphens and underscores. */
    private static final List<Set<String>> NAMES = List.of(
            BoardReader.NAMES,
            Set.of("appversion", "appver", "replacesversion", "replaces", "version"),
            Set.of("updatefilepath", "updatefile", "filepath", "file", "path"));

    private final ListReader lines;
    private final int max;
    private final Kind kind;
    private final boolean isExact;
    private final List<String> packed = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private boolean hasBegun;

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
        this.lines = new ListReader(body);
        this.max = max;
        this.kind = kind;
        this.isExact = isExact;
    }

    /** All assignments; at least one, and one for each device. Throws a {@link FuotaException} that names the first line that isn't right. */
    AssignmentList read() throws IOException {
        try {
            for (String line = lines.next(); line != null; line = lines.next()) {
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
            throw new FuotaException(e.code(), "line " + lines.number() + ", " + e.sentence(), e.getCause());
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
        List<String> names = fields.stream().map(ListLine.Field::name).toList();
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
        notes.add("line " + lines.number() + " is taken for the names of the columns, and left out");
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
                lines.number(),
                fields.get(0).value(id -> new DeviceId(ListLine.unrounded(id, "device id"))),
                valueIfThere(fields, 1, version -> new AppVersion(ListLine.unrounded(version, "app version"))),
                valueIfThere(fields, 2, FilePath::new));
    }

    private <T> @Nullable T valueIfThere(List<ListLine.Field> fields, int index, Function<String, T> made) {
        return kind == Kind.IDS
                        && (index >= fields.size() || fields.get(index).text().isEmpty())
                ? null
                : fields.get(index).value(made);
    }
}
