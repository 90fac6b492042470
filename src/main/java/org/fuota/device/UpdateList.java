package org.fuota.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.file.FilePath;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a body, one for each device, ordered by its id: as the database's indexes are, which makes it write several times
 * as fast. Held as text, so that a million rows take little more memory than they took on their way, whatever they name.
 */
final class UpdateList {
    /** Makes line numbers equally long, so that rows of one device are ordered by them. */
    private static final int FIRST_NUMBER = 1_000_000_000;

    /** No field can have it, and nothing comes before it. */
    private static final String SEPARATOR = "\0";

    private final List<String> rows;
    private final List<String> notes;

    private UpdateList(List<String> rows, List<String> notes) {
        this.rows = rows;
        this.notes = notes;
    }

    int size() {
        return rows.size();
    }

    /** What the reader took for something else than a row; sentences. */
    List<String> notes() {
        return notes;
    }

    /** @param to exclusive; may be beyond the end */
    List<UpdateLine> slice(int from, int to) {
        return rows.subList(from, Math.min(to, rows.size())).stream()
                .map(UpdateList::unpacked)
                .toList();
    }

    private static String packed(UpdateLine line) {
        return String.join(
                SEPARATOR,
                line.deviceId().value(),
                String.valueOf(FIRST_NUMBER + line.number()),
                line.appVersion() == null ? "" : line.appVersion().value(),
                line.updateFilePath() == null ? "" : line.updateFilePath().value());
    }

    private static UpdateLine unpacked(String row) {
        String[] fields = row.split(SEPARATOR, -1);
        return new UpdateLine(
                Integer.parseInt(fields[1]) - FIRST_NUMBER,
                new DeviceId(fields[0]),
                ifThere(fields[2], AppVersion::new),
                ifThere(fields[3], FilePath::new));
    }

    private static <T> @Nullable T ifThere(String field, Function<String, T> value) {
        return field.isEmpty() ? null : value.apply(field);
    }

    /** Takes rows in the order of their lines. */
    static final class Builder {
        private final List<String> rows = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();

        void add(UpdateLine line) {
            rows.add(packed(line));
        }

        void note(String sentence) {
            notes.add(sentence);
        }

        int size() {
            return rows.size();
        }

        /** @throws FuotaException that names the first line whose device is on an earlier one already */
        UpdateList build() {
            rows.sort(null);
            Optional<FuotaException> refused = repeated();
            if (refused.isPresent()) {
                throw refused.get();
            }
            return new UpdateList(rows, List.copyOf(notes));
        }

        private Optional<FuotaException> repeated() {
            UpdateLine first = null;
            UpdateLine earlier = null;
            for (int i = 1; i < rows.size(); i++) {
                if (!id(rows.get(i)).equals(id(rows.get(i - 1)))) {
                    continue;
                }
                UpdateLine line = unpacked(rows.get(i));
                if (first == null || line.number() < first.number()) {
                    first = line;
                    earlier = unpacked(rows.get(i - 1));
                }
            }
            return first == null || earlier == null
                    ? Optional.empty()
                    : Optional.of(new FuotaException(
                            ErrorCode.INVALID,
                            "line " + first.number() + ": device "
                                    + Printable.of(first.deviceId().value()) + " is on line " + earlier.number()
                                    + " already"));
        }

        private static String id(String row) {
            return row.substring(0, row.indexOf(SEPARATOR));
        }
    }
}
