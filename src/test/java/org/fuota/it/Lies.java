package org.fuota.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assertions;

/** What the server told, and isn't true: all of it, because many lies together show what is wrong. */
final class Lies {
    private static final int SHOWN = 20;

    private final List<String> sentences = new ArrayList<>();

    void check(String what, Object truth, Object told) {
        if (!truth.equals(told)) {
            sentences.add(what + ": " + truth + ", not " + told);
        }
    }

    /** As {@link #check}, but shows only the first difference. */
    void check(String what, List<?> truth, List<?> told) {
        int same = 0;
        while (same < truth.size() && same < told.size() && truth.get(same).equals(told.get(same))) {
            same++;
        }
        if (same < truth.size() || same < told.size()) {
            sentences.add("%s: %d, not %d; after %d equal ones %s, not %s"
                    .formatted(what, truth.size(), told.size(), same, at(truth, same), at(told, same)));
        }
    }

    /** As {@link #check}, for the keys that the truth has. */
    void check(String what, Map<String, String> truth, Map<String, String> told) {
        truth.forEach(
                (key, value) -> check(what + ", " + key, value, Objects.requireNonNullElse(told.get(key), "nothing")));
    }

    void failIfAny() {
        if (!sentences.isEmpty()) {
            Assertions.fail(sentences.size() + " lies:\n"
                    + sentences.stream().limit(SHOWN).collect(Collectors.joining("\n")));
        }
    }

    private static Object at(List<?> list, int index) {
        return index < list.size() ? list.get(index) : "none";
    }
}
