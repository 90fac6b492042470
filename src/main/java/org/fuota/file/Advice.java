package org.fuota.file;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a look at an update file tells whoever assigns it; lower-case sentences.
 *
 * @param refusal why it should not be assigned, unless somebody insists
 * @param warnings what may be a mistake
 */
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
