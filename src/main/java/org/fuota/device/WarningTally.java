package org.fuota.device;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fuota.error.Printable;

/** The warnings about many devices: each once, with how many it concerns. Holds no more than it tells, and a few to count. */
final class WarningTally {
    private static final int MAX_SENTENCES = 20;
    private static final int MAX_COUNTED = 1000;

    private final List<String> notes = new ArrayList<>();
    private final Map<String, Concerned> bySentence = new LinkedHashMap<>();
    private boolean isMore;

    private record Concerned(long devices, String first) {
        @Override
        public String toString() {
            String id = Printable.of(first);
            return devices == 1 ? " (device " + id + ")" : " (" + devices + " devices, the first " + id + ")";
        }
    }

    /** One that is about no device. */
    void note(String sentence) {
        notes.add(sentence);
    }

    /** @param first one of the devices that it concerns */
    void add(String sentence, long devices, String first) {
        if (bySentence.size() == MAX_COUNTED && !bySentence.containsKey(sentence)) {
            isMore = true;
            return;
        }
        bySentence.merge(
                sentence,
                new Concerned(devices, first),
                (known, more) -> new Concerned(known.devices() + more.devices(), known.first()));
    }

    /** The first few, in the order of their first devices, and how many more there are. */
    List<String> sentences() {
        List<String> sentences = new ArrayList<>(notes);
        bySentence.entrySet().stream()
                .limit(MAX_SENTENCES)
                .forEach(warning -> sentences.add(warning.getKey() + warning.getValue()));
        if (bySentence.size() > MAX_SENTENCES) {
            sentences.add("... and " + (isMore ? "more than " : "") + (bySentence.size() - MAX_SENTENCES) + " more");
        }
        return sentences;
    }
}
