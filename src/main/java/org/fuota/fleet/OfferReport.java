package org.fuota.fleet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fuota.poll.OfferedFile;
import org.fuota.poll.PollHandler;
import org.fuota.poll.UpdateDecision;
import org.fuota.rollout.RunningRollouts;
import org.jspecify.annotations.Nullable;

/**
 * What a poll that reports a board's present version would get now, by which rule, and why not by others.
 *
 * @param objections of the rollouts that replace this version, and don't offer it anything
 */
record OfferReport(UpdateDecision decision, List<RunningRollouts.Objection> objections) {
    Map<String, @Nullable Object> fields() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("status", PollHandler.status(decision.answer()));
        fields.put("answer", decision.answer().label());
        fields.put("reason", decision.reason());
        fields.put("rollout", decision.rollout().orElse(null));
        fields.put(
                "update_file_path",
                decision.file().map(OfferedFile::path).map(path -> path.value()).orElse(null));
        fields.put(
                "not",
                objections.stream()
                        .map(objection -> Map.of("rollout", objection.rollout(), "why", objection.why()))
                        .toList());
        return fields;
    }

    /** For a person. */
    List<String> lines() {
        return objections.stream()
                .map(objection -> "not by rollout " + objection.rollout() + ": " + objection.why())
                .toList();
    }
}
