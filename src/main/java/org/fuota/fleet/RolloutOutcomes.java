package org.fuota.fleet;

import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.rollout.TrialStore;

/**
 * The boards behind a rollout's counts.
 *
 * @param served how long was served by now
 */
public record RolloutOutcomes(TrialStore trials, LongSupplier served) implements Outcomes {
    /** By what is asked for: what is counted. */
    private static final Map<String, List<String>> NAMES = Map.of(
            "updated", List.of("updated"),
            "pending", List.of("pending", "due"),
            "due", List.of("due"),
            "failed", List.of("stuck", "reverted", "silent"),
            "stuck", List.of("stuck"),
            "reverted", List.of("reverted"),
            "silent", List.of("silent"));

    @Override
    public Where of(Where where, String rollout, String outcome) {
        List<String> wanted = NAMES.get(outcome);
        if (wanted == null) {
            throw new FuotaException(
                    ErrorCode.INVALID,
                    "outcome is " + Printable.of(outcome)
                            + ", and must be updated, pending, due, failed, stuck, reverted or silent");
        }
        return where.and(
                """
                device_id IN (SELECT r.device_id
                    FROM %s
                    WHERE o.name = ? AND %s AND %s IN ('%s'))
                """.formatted(TrialStore.BOARDS, trials.counted(), trials.outcome(), String.join("', '", wanted)),
                rollout,
                trials.clonesSince(),
                served.getAsLong());
    }
}
