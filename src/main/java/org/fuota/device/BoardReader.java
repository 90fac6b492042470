package org.fuota.device;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.jspecify.annotations.Nullable;

/**
 * Reads ids of boards, one a line, quoted or not. Blank lines don't count, nor does a first line with the name of the column, unless it is the
 * only one.
 */
final class BoardReader {
    /** What the column may be called; as {@link ListLine.Field#name} has it. */
    static final Set<String> NAMES = Set.of("deviceid", "device", "boardid", "board", "id", "mac", "macaddress");

    private final ListReader lines;
    private final int max;
    private final boolean isExact;
    private final List<String> ids = new ArrayList<>();
    private @Nullable String head;

    /** @param isExact whether what is quoted is taken as it is, however odd: of a list that a server has written */
    BoardReader(Reader body, int max, boolean isExact) {
        this.lines = new ListReader(body);
        this.max = max;
        this.isExact = isExact;
    }

    /** All ids, each once; at least one. Throws a {@link FuotaException} that names the first line that isn't right. */
    BoardList read() throws IOException {
        for (String line = lines.next(); line != null; line = lines.next()) {
            try {
                take(ListLine.parse(line, !isExact));
            } catch (FuotaException e) {
                throw new FuotaException(e.code(), "line " + lines.number() + ", " + e.sentence(), e.getCause());
            }
            if (ids.size() > max) {
                throw new FuotaException(ErrorCode.TOO_LARGE, "the body has more than " + max + " boards");
            }
        }
        if (ids.isEmpty() && head != null) {
            ids.add(head);
        }
        if (ids.isEmpty()) {
            throw new FuotaException(ErrorCode.INVALID, "the body names no board: one id a line");
        }
        return BoardList.of(ids);
    }

    private void take(List<ListLine.Field> fields) {
        if (fields.stream().allMatch(field -> field.text().isEmpty())) {
            return;
        }
        ListLine.requireParted(fields);
        if (fields.stream().skip(1).anyMatch(field -> !field.text().isEmpty())) {
            throw ListLine.refused(fields.get(1).column(), "there is more than one field: a line is an id");
        }
        ListLine.Field first = fields.get(0);
        String id = first.value(text -> new DeviceId(ListLine.unrounded(text, "device id")))
                .value();
        if (head == null && ids.isEmpty() && NAMES.contains(first.name())) {
            head = id;
        } else {
            ids.add(id);
        }
    }
}
