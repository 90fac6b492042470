package org.fuota.device;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.file.FilePath;
import org.jspecify.annotations.Nullable;

/**
 * The assignments of a body, one for each device, ordered by its id: as the database's indexes are, which makes it write several times as
 * fast. Held as text, so that a million take little more memory than they took on their way, whatever they name.
 */
final class AssignmentList {
    /** Makes line numbers equally long, so that those of one device are ordered by them. */
    private static final int FIRST_NUMBER = 1_000_000_000;

    /** No field can have it, and nothing comes before it. */
    private static final String SEPARATOR = "\0";

    /** One query's worth. */
    private static final int SLICE = 500;

    private final List<String> packed;
    private final List<String> notes;

    /**
     * @param packed by {@link Line#packed}, in the order of lines; the list keeps it
     * @param notes sentences on what the reader took for no assignment
     * @throws FuotaException that names the first line whose device is on an earlier one already
     */
    AssignmentList(List<String> packed, List<String> notes) {
        packed.sort(null);
        this.packed = packed;
        this.notes = List.copyOf(notes);
        requireUnrepeated();
    }

    /**
     * @param number of its line, from 1
     * @param version to be replaced; null where the line leaves that out
     * @param file null where the line leaves that out
     */
    record Line(
            int number,
            DeviceId deviceId,
            @Nullable AppVersion version,
            @Nullable FilePath file) {
        String packed() {
            return String.join(
                    SEPARATOR,
                    deviceId.value(),
                    String.valueOf(FIRST_NUMBER + number),
                    version == null ? "" : version.value(),
                    file == null ? "" : file.value());
        }

        /** As it is stored, where the line leaves nothing out. */
        DeviceRow row() {
            return new DeviceRow(
                    deviceId.value(),
                    Objects.requireNonNull(version).value(),
                    Objects.requireNonNull(file).value());
        }
    }

    int size() {
        return packed.size();
    }

    List<String> notes() {
        return notes;
    }

    Line first() {
        return unpacked(packed.get(0));
    }

    /** All of them, some at a time. */
    Stream<List<Line>> slices() {
        return IntStream.iterate(0, from -> from < packed.size(), from -> from + SLICE)
                .mapToObj(from -> packed.subList(from, Math.min(from + SLICE, packed.size())).stream()
                        .map(AssignmentList::unpacked)
                        .toList());
    }

    private static Line unpacked(String packed) {
        String[] fields = packed.split(SEPARATOR, -1);
        return new Line(
                Integer.parseInt(fields[1]) - FIRST_NUMBER,
                new DeviceId(fields[0]),
                ifThere(fields[2], AppVersion::new),
                ifThere(fields[3], FilePath::new));
    }

    private static <T> @Nullable T ifThere(String field, Function<String, T> value) {
        return field.isEmpty() ? null : value.apply(field);
    }

    private void requireUnrepeated() {
        int repeated = 0;
        for (int i = 1; i < packed.size(); i++) {
            if (id(i).equals(id(i - 1)) && (repeated == 0 || number(i) < number(repeated))) {
                repeated = i;
            }
        }
        if (repeated > 0) {
            throw new FuotaException(
                    ErrorCode.INVALID,
                    "line " + number(repeated) + ": device " + Printable.of(id(repeated)) + " is on line "
                            + number(repeated - 1) + " already");
        }
    }

    private String id(int index) {
        return packed.get(index).substring(0, packed.get(index).indexOf(SEPARATOR));
    }

    private int number(int index) {
        return unpacked(packed.get(index)).number();
    }
}
