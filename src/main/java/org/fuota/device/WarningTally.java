package org.fuota.device;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fuota.error.Printable;

/** The warnings about many devices: each once, with how many it concerns. */
final class WarningTally {
    private static final int MAX_SENTENCES = 20;

    private final Map<String, Concerned> bySentence = new LinkedHashMap<>();

    private record Concerned(long devices, DeviceId first) {
        @Override
        public String toString() {
            String id = Printable.of(first.value());
            return devices == 1 ? " (device " + id + ")" : " (" + devices + " devices, the first " + id + ")";
        }
    }

    void add(String sentence, long devices, DeviceId first) {
        bySentence.merge(
                sentence,
                new Concerned(devices, first),
                (known, more) -> new Concerned(known.devices() + more.devices(), known.first()));
    }

    /** The first few, in the order of their first devices, and how many more there are. */
    List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        bySentence.entrySet().stream()
                .limit(MAX_SENTENCES)
                .forEach(warning -> sentences.add(warning.getKey() + warning.getValue()));
        if (bySentence.size() > MAX_SENTENCES) {
            sentences.add("... and " + (bySentence.size() - MAX_SENTENCES) + " more");
        }
        return sentences;
    }
}
