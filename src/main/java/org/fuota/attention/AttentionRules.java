package org.fuota.attention;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fuota.attention.Concern.Kind;
import org.jspecify.annotations.Nullable;

/** What of all that is known needs a person. Pure. */
final class AttentionRules {
    private static final int FEW_FILES = 10;
    private static final long BAD_DAYS = 7;
    private static final long FEW_DAYS = 30;

    /** Stable: those that are alike stay in the order in which they come. */
    static final Comparator<Concern> MOST_URGENT_FIRST =
            Comparator.comparing(Concern::isBad).reversed().thenComparing(Concern::kind);

    private AttentionRules() {}

    static Concern notReady(String reason) {
        return new Concern(Kind.NOT_READY, true, null, reason, null, null);
    }

    static Concern stopped(Offers.Stop stop) {
        return new Concern(Kind.STOPPED, true, stop.since(), stop.sentence(), null, null);
    }

    static Concern paused(Offers.Pause pause) {
        return new Concern(
                Kind.ROLLOUT_PAUSED,
                true,
                pause.since(),
                "rollout " + pause.rollout() + " is paused" + (pause.reason().isEmpty() ? "" : ": " + pause.reason()),
                null,
                pause.rollout());
    }

    /** @param group empty for all boards */
    static Concern silent(String group, Instant since) {
        return new Concern(
                Kind.SILENT_GROUP,
                true,
                since,
                "many boards" + (group.isEmpty() ? "" : " of group " + group) + " are silent since " + since,
                null,
                group.isEmpty() ? null : group);
    }

    static Concern loop(String file, long devices) {
        return of(
                Kind.LOOP,
                true,
                devices,
                "updates for ever: update file " + file + " reports the version that it is to replace",
                "update for ever: update file " + file + " reports the version that it is to replace",
                file);
    }

    /** Of boards by their states, and of clones; those of which there are none are no concern. */
    static List<Concern> boards(Map<String, Long> byState, long clones) {
        List<Concern> concerns = new ArrayList<>();
        concerns.add(of(
                Kind.UPDATED_SILENT,
                true,
                count(byState, "updated_silent"),
                "is silent since it updated: a bad image looks like this",
                "are silent since they updated: a bad image looks like this",
                null));
        concerns.add(of(
                Kind.STUCK,
                true,
                count(byState, "stuck"),
                "is offered its file again and again, and doesn't take it",
                "are offered their file again and again, and don't take it",
                null));
        concerns.add(of(
                Kind.REVERTED,
                false,
                count(byState, "reverted"),
                "went back to the version before its update",
                "went back to the version before their update",
                null));
        concerns.add(of(
                Kind.UNAVAILABLE,
                false,
                count(byState, "unavailable"),
                "is assigned a file that isn't there",
                "are assigned a file that isn't there",
                null));
        concerns.add(of(
                Kind.CLONE,
                false,
                clones,
                "has an id that two boards seem to use",
                "have an id that two boards seem to use",
                null));
        concerns.removeIf(concern -> Long.valueOf(0).equals(concern.devices()));
        return concerns;
    }

    private static long count(Map<String, Long> byState, String state) {
        return byState.getOrDefault(state, 0L);
    }

    private static Concern of(
            Kind kind, boolean isBad, long devices, String one, String many, @Nullable String subject) {
        String sentence = devices + (devices == 1 ? " board " + one : " boards " + many);
        return new Concern(kind, isBad, null, sentence, devices, subject);
    }

    /** One of each file; or, of many, one of all. */
    static List<Concern> lost(List<String> files) {
        return files.size() > FEW_FILES
                ? List.of(lost(files.size() + " update files are missing or damaged on the disk", null))
                : files.stream()
                        .map(file -> lost("update file " + file + " is missing or damaged on the disk", file))
                        .toList();
    }

    private static Concern lost(String sentence, @Nullable String file) {
        return new Concern(Kind.LOST_FILE, true, null, sentence, null, file);
    }

    /** Empty for one that is valid for long. */
    static Optional<Concern> certificate(Node.Validity validity, Instant now) {
        long days = Math.floorDiv(
                Duration.between(now, validity.until()).toSeconds(),
                Duration.ofDays(1).toSeconds());
        if (now.isBefore(validity.from())) {
            return Optional.of(certificate(
                    true, null, "the certificate isn't valid before " + validity.from() + " by this server's clock"));
        }
        if (days < 0) {
            return Optional.of(
                    certificate(true, validity.until(), "the certificate has expired at " + validity.until()));
        }
        return days < FEW_DAYS
                ? Optional.of(certificate(
                        days < BAD_DAYS,
                        null,
                        "the certificate ends at " + validity.until() + ": " + days
                                + (days == 1 ? " day left" : " days left")))
                : Optional.empty();
    }

    private static Concern certificate(boolean isBad, @Nullable Instant since, String sentence) {
        return new Concern(Kind.CERTIFICATE, isBad, since, sentence, null, null);
    }
}
