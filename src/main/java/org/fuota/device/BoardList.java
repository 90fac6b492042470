package org.fuota.device;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fuota.error.FuotaException;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;

/** Ids of boards, each once, in their order: as the database's indexes are, which makes it several times as fast. */
public final class BoardList {
    /** Boards in one query, or one transaction: of some milliseconds, because others wait for it. */
    private static final int SLICE = 500;

    private final List<String> ids;

    private BoardList(List<String> ids) {
        this.ids = ids;
    }

    /** Of ids in any order, some of which may be there twice. */
    public static BoardList of(List<String> ids) {
        return new BoardList(ids.stream().sorted().distinct().toList());
    }

    public int size() {
        return ids.size();
    }

    /** The first of them. */
    List<String> first(int max) {
        return List.copyOf(ids.subList(0, Math.min(max, ids.size())));
    }

    /** All of them, some at a time. */
    public Stream<List<String>> slices() {
        return IntStream.iterate(0, from -> from < ids.size(), from -> from + SLICE)
                .mapToObj(from -> ids.subList(from, Math.min(from + SLICE, ids.size())));
    }

    /**
     * Changes all of them, some at a time, because others must write meanwhile.
     *
     * @param change of some, in one transaction; returns how many it has changed
     * @param done what has become of them then, such as {@code forgotten}
     * @return how many are changed
     * @throws FuotaException of a change that failed: its sentence tells how many are changed nevertheless
     */
    public int change(ToIntFunction<List<String>> change, String done) {
        int changed = 0;
        for (List<String> some : (Iterable<List<String>>) slices()::iterator) {
            try {
                changed += change.applyAsInt(some);
            } catch (FuotaException e) {
                if (changed == 0) {
                    throw e;
                }
                throw new FuotaException(
                        e.code(),
                        e.sentence() + "; " + changed + " of " + size() + " boards are " + done
                                + " nevertheless, and the same request goes on with the others",
                        e);
            }
        }
        return changed;
    }

    /** The newest change of some kinds to one of them, as a clause of a sentence. */
    public Optional<String> newest(HistoryStore history, Set<EventKind> kinds) {
        return slices().flatMap(some -> history.newest(some, kinds).stream())
                .max(Comparator.comparing(HistoryEvent::at))
                .map(HistoryEvent::told);
    }
}
