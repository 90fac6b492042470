package org.fuota.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fuota.error.Printable;

/** What a rollout would find now, before it is made. */
final class Preview {
    private static final int PAGE = 1_000;
    private static final int MAX_LISTED = 100;

    private final TrialStore trials;

    Preview(TrialStore trials) {
        this.trials = trials;
    }

    /**
     * What would be found.
     *
     * @param heldBack how many are
     * @param firstHeldBack why some of them are, by their id
     * @param stages how many boards each adds to those before it
     */
    record Seen(
            long match,
            long seenToday,
            long seenLately,
            long heldBack,
            Map<String, String> firstHeldBack,
            Map<String, Long> byVersion,
            Map<String, Long> byGroup,
            Map<String, Long> stages) {
        Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("match", match);
            fields.put("seen_within_a_day", seenToday);
            fields.put("seen_within_a_week", seenLately);
            fields.put("held_back", heldBack);
            fields.put("first_held_back", firstHeldBack);
            fields.put("by_version", byVersion);
            fields.put("by_group", byGroup);
            fields.put("stages", stages);
            return fields;
        }

        List<String> lines() {
            List<String> lines = new ArrayList<>();
            lines.add(match + (match == 1 ? " board matches" : " boards match") + " now; seen within a week: "
                    + seenLately + ", within a day: " + seenToday);
            byVersion.forEach((version, boards) -> lines.add("version " + version + ": " + boards));
            byGroup.forEach((group, boards) -> lines.add("group " + group + ": " + boards));
            stages.forEach((stage, boards) -> lines.add(stage + ": " + boards + " more"));
            if (heldBack > 0) {
                lines.add(heldBack + " are held back: they took an image for another chip or project");
                firstHeldBack.forEach((deviceId, why) -> lines.add(Printable.of(deviceId) + ": " + why));
            }
            return lines;
        }
    }

    Seen of(RolloutName name, Definition definition, Map<String, Set<String>> groups, Release release, Instant now) {
        long since = now.minus(Rollouts.LATELY).toEpochMilli();
        long match = 0;
        long today = 0;
        long lately = 0;
        long yesterday = now.minus(Duration.ofDays(1)).toEpochMilli();
        long heldBack = 0;
        Map<String, String> firstHeldBack = new LinkedHashMap<>();
        Map<String, Long> byVersion = new LinkedHashMap<>();
        long[] stages = new long[definition.stages().size()];
        for (String version : definition.replaces()) {
            long ofVersion = 0;
            String after = "";
            while (after != null) {
                List<TrialStore.Runner> page = trials.runners(null, version, after, 0, PAGE);
                for (TrialStore.Runner board : page) {
                    if (!RolloutRules.isMeant(definition, board.deviceId(), (group, id) -> has(groups, group, id))) {
                        continue;
                    }
                    ofVersion++;
                    today += board.lastSeen() >= yesterday ? 1 : 0;
                    lately += board.lastSeen() >= since ? 1 : 0;
                    String hardware = RolloutRules.otherHardware(definition, release, board.board());
                    if (hardware != null) {
                        heldBack++;
                        if (heldBack <= MAX_LISTED) {
                            firstHeldBack.put(board.deviceId(), hardware);
                        }
                    }
                    RolloutRules.stageOf(
                                    name.value(), definition, board.deviceId(), (group, id) -> has(groups, group, id))
                            .ifPresent(stage -> stages[stage]++);
                }
                after = page.size() < PAGE ? null : page.get(page.size() - 1).deviceId();
            }
            byVersion.put(version, ofVersion);
            match += ofVersion;
        }
        Map<String, Long> byStage = new LinkedHashMap<>();
        for (int stage = 0; stage < stages.length; stage++) {
            byStage.put(definition.stages().get(stage).words(), stages[stage]);
        }
        return new Seen(
                match, today, lately, heldBack, firstHeldBack, byVersion, trials.matchByGroup(definition), byStage);
    }

    private static boolean has(Map<String, Set<String>> groups, String group, String deviceId) {
        Set<String> members = groups.get(group);
        return members != null && members.contains(deviceId);
    }
}
