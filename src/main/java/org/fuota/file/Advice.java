package org.fuota.file;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Why an update file shouldn't be assigned, unless somebody insists, and what may be a mistake; lower-case sentences. */
public record Advice(Optional<String> refusal, List<String> warnings) {
    public Advice {
        warnings = List.copyOf(warnings);
    }

    /** All of it, for somebody who insists: the refusal, if any, and the warnings. */
    public List<String> sentences() {
        return Stream.concat(refusal.stream(), warnings.stream()).toList();
    }

    static Advice warning(String sentence) {
        return new Advice(Optional.empty(), List.of(sentence));
    }
}
