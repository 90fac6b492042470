package org.fuota.device;

import java.util.ArrayList;
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
final class UpdateList {
    /** Makes line numbers equally long, so that those of one device are ordered by them. */
    private static final int FIRST_NUMBER = 1_000_000_000;

    /** No field can have it, and nothing comes before it. */
    private static final String SEPARATOR = "\0";

    /** One query's worth. */
    private static final int SLICE = 500;

    private final List<String> packed;
    private final List<String> notes;

    private UpdateList(List<String> packed, List<String> notes) {
        this.packed = packed;
        this.notes = notes;
    }

    /**
     * One of them, and where it stands.
     *
     * @param number of its line, from 1
     * @param version to be replaced; null where the line leaves that out
     * @param file null where the line leaves that out
     */
    record Line(
            int number,
            DeviceId deviceId,
            @Nullable AppVersion version,
            @Nullable FilePath file) {
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

    /** What the reader took for something else than an assignment; sentences. */
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
                        .map(UpdateList::unpacked)
                        .toList());
    }

    private static String packed(Line line) {
        return String.join(
                SEPARATOR,
                line.deviceId().value(),
                String.valueOf(FIRST_NUMBER + line.number()),
                line.version() == null ? "" : line.version().value(),
                line.file() == null ? "" : line.file().value());
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

    /** Takes them in the order of their lines. */
    static final class Builder {
        private final List<String> packed = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();

        void add(Line line) {
            packed.add(packed(line));
        }

        void note(String sentence) {
            notes.add(sentence);
        }

        int size() {
            return packed.size();
        }

        /** @throws FuotaException that names the first line whose device is on an earlier one already */
        UpdateList build() {
            packed.sort(null);
            requireUnrepeated();
            return new UpdateList(packed, List.copyOf(notes));
        }

        private void requireUnrepeated() {
            Line first = null;
            Line earlier = null;
            for (int i = 1; i < packed.size(); i++) {
                if (!id(packed.get(i)).equals(id(packed.get(i - 1)))) {
                    continue;
                }
                Line line = unpacked(packed.get(i));
                if (first == null || line.number() < first.number()) {
                    first = line;
                    earlier = unpacked(packed.get(i - 1));
                }
            }
            if (first != null && earlier != null) {
                throw new FuotaException(
                        ErrorCode.INVALID,
                        "line " + first.number() + ": device "
                                + Printable.of(first.deviceId().value()) + " is on line " + earlier.number()
                                + " already");
            }
        }

        private static String id(String packed) {
            return packed.substring(0, packed.indexOf(SEPARATOR));
        }
    }
}
