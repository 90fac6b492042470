package org.fuota.rollout;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fuota.error.Printable;
import org.fuota.http.Sha256;
import org.jspecify.annotations.Nullable;

/** All that rollouts are decided by: whom one is for, what stands against it, when its stage has passed, and when it must pause. */
final class RolloutRules {
    /** In a stage with fewer boards, one that fails is enough. */
    private static final int SMALL_STAGE = 10;

    private static final int FAILURES = 3;

    private RolloutRules() {}

    /**
     * Where a board is in a rollout's percentages: in those above this.
     *
     * @return hundredths of a percent, 0 to 9,999: the first eight bytes of a SHA-256, as an unsigned number, modulo 10,000
     */
    static int position(String rollout, String deviceId) {
        MessageDigest digest = Sha256.newDigest();
        digest.update(rollout.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        byte[] hash = digest.digest(deviceId.getBytes(StandardCharsets.UTF_8));
        long first = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            first = first << Byte.SIZE | hash[i] & 0xff;
        }
        return (int) Long.remainderUnsigned(first, Stage.ALL);
    }

    /** Whether a board is meant at all, in whatever stage. */
    static boolean isMeant(Definition definition, String deviceId, BiPredicate<String, String> isInGroup) {
        String group = definition.group();
        String except = definition.except();
        return deviceId.startsWith(definition.prefix())
                && (group == null || isInGroup.test(group, deviceId))
                && (except == null || !isInGroup.test(except, deviceId));
    }

    /** The index of the first stage that holds a board that is meant; empty when none does. */
    static Optional<Integer> stageOf(
            String rollout, Definition definition, String deviceId, BiPredicate<String, String> isInGroup) {
        int position = -1;
        for (int stage = 0; stage < definition.stages().size(); stage++) {
            Stage one = definition.stages().get(stage);
            String group = one.group();
            if (group != null) {
                if (isInGroup.test(group, deviceId)) {
                    return Optional.of(stage);
                }
            } else {
                boolean isAll = one.hundredths() == Stage.ALL;
                position = position < 0 && !isAll ? position(rollout, deviceId) : position;
                if (isAll || position < one.hundredths()) {
                    return Optional.of(stage);
                }
            }
        }
        return Optional.empty();
    }

    /** Whether it is the rollout's turn to say something about a board that reports a version. */
    static boolean concerns(Rollout rollout, String deviceId, String version, BiPredicate<String, String> isInGroup) {
        return rollout.definition().replaces().contains(version) && isMeant(rollout.definition(), deviceId, isInGroup);
    }

    /** Whether its stage has come to a board that it concerns, and it is offered at all: all that needs no look at the board. */
    static boolean isReached(Rollout rollout, String deviceId, BiPredicate<String, String> isInGroup) {
        return rollout.state().isOffering() && hasCome(rollout, deviceId, isInGroup);
    }

    /** Whether its stage has come to a board that is meant. */
    static boolean hasCome(Rollout rollout, String deviceId, BiPredicate<String, String> isInGroup) {
        return stageOf(rollout.name(), rollout.definition(), deviceId, isInGroup)
                .filter(stage -> stage <= rollout.stage())
                .isPresent();
    }

    /** Whom a definition is for, as words for who isn't. */
    static String whomFor(Definition definition) {
        return "it is for "
                + (definition.group() == null ? "boards" : "boards of group " + definition.group())
                + (definition.prefix().isEmpty() ? "" : " whose id begins with " + Printable.of(definition.prefix()))
                + (definition.except() == null ? "" : ", not for group " + definition.except());
    }

    /**
     * Why a rollout that {@link #concerns} a board isn't offered to it, as a sentence; null when it is.
     *
     * @param changed the rollout's paths that hold other bytes by now
     * @param mayBegin whether its pace allows one more first offer; asked only when that is all that is left
     */
    static @Nullable String objection(
            Rollout rollout,
            String deviceId,
            Board board,
            Set<String> changed,
            Instant now,
            BiPredicate<String, String> isInGroup,
            BooleanSupplier mayBegin) {
        if (!rollout.state().isOffering()) {
            return "it is " + rollout.state().label() + (rollout.reason().isEmpty() ? "" : ": " + rollout.reason());
        }
        Optional<Integer> stage = stageOf(rollout.name(), rollout.definition(), deviceId, isInGroup);
        if (stage.isEmpty() || stage.get() > rollout.stage()) {
            return stage(rollout, deviceId, stage);
        }
        Release release = rollout.release(board);
        if (release == null) {
            return rollout.undoes() != null && board.rollouts().containsKey(rollout.undoes())
                    ? "it isn't known what the board took before, or no path holds that any more"
                    : "the board wasn't offered what it takes back";
        }
        if (changed.contains(release.path().value())) {
            return release.path().value() + " isn't what it was made for any more";
        }
        String hardware = otherHardware(rollout.definition(), release, board);
        if (hardware != null) {
            return hardware;
        }
        Board.Trial trial = board.rollouts().get(rollout.number());
        if (trial == null) {
            if (!rollout.definition().hours().contain(now)) {
                return "it begins only in its hours, " + rollout.definition().hours();
            }
            return mayBegin.getAsBoolean()
                    ? null
                    : "its pace, " + rollout.definition().offersPerMinute() + " boards a minute, is used up";
        }
        if (trial.hasReverted() || trial.isUpdated()) {
            // It reports a version that is replaced: what its last poll has told may not be kept yet.
            return "the board has come back from it";
        }
        Instant resumed = rollout.resumed();
        Instant failedAt = trial.failedAt();
        if (resumed != null && failedAt != null && !failedAt.isAfter(resumed)) {
            return "the board failed before it was resumed";
        }
        return trial.offers() >= rollout.definition().maxDownloads()
                ? "the board was offered it " + trial.offers() + " times, and still reports the old version"
                : null;
    }

    private static String stage(Rollout rollout, String deviceId, Optional<Integer> stage) {
        String now = "it has come to " + rollout.currentStage().words();
        if (stage.isEmpty()) {
            return now + ", and none of its stages has the board";
        }
        Stage later = rollout.definition().stages().get(stage.get());
        return later.group() != null
                ? now + ": the board comes with group " + later.group()
                : "not in " + rollout.currentStage().words() + ": it comes at "
                        + BigDecimal.valueOf(position(rollout.name(), deviceId) + 1L, 2)
                                .toPlainString()
                        + " %";
    }

    /** Why an image is held back from a board by what it took last, as a sentence; null when it isn't. */
    static @Nullable String otherHardware(Definition definition, Release release, Board board) {
        if (definition.anyImage()) {
            return null;
        }
        if (isOther(release.chip(), board.chip())) {
            return "its image is for chip " + release.chip() + ", and the board took one for " + board.chip();
        }
        return isOther(release.project(), board.project())
                ? "its image is of project " + release.project() + ", and the board took one of " + board.project()
                : null;
    }

    private static boolean isOther(@Nullable String one, @Nullable String other) {
        return one != null && other != null && !one.equals(other);
    }

    /**
     * Why a rollout must pause, as a sentence; null when it needn't.
     *
     * @param boards how many the stage has that were seen lately
     */
    static @Nullable String guard(Rollout rollout, Tally tally, long boards) {
        long enough = boards < SMALL_STAGE ? 1 : FAILURES;
        boolean isTooMany = tally.failedSince() * 100 > rollout.definition().maxFailedPercent() * tally.judged();
        return tally.failedSince() >= enough && isTooMany
                ? "%d of %d judged boards have failed: %d stuck, %d reverted, %d silent"
                        .formatted(tally.failed(), tally.judged(), tally.stuck(), tally.reverted(), tally.silent())
                : null;
    }

    /**
     * What the gate of a stage waits for, in words; null when it is open.
     *
     * @param boards how many the stage has that were seen lately, and that the stages before it didn't have
     */
    static @Nullable String gate(Rollout rollout, Tally tally, long boards, Instant now) {
        Definition definition = rollout.definition();
        Instant began = rollout.stageBegan();
        Instant lasts = began == null ? now : began.plus(definition.soak());
        String until = now.isBefore(lasts) ? "the stage lasts until " + lasts : "";
        long wanted = Math.min(definition.minBoards(), boards);
        String knows = tally.stageJudged() < wanted
                ? "for " + (wanted - tally.stageJudged()) + " more boards to be judged, of " + boards
                : "";
        boolean isGood = tally.stageUpdated() * 100 >= definition.successPercent() * tally.stageJudged();
        String success = isGood
                ? ""
                : "for %d %%: %d of %d judged have updated"
                        .formatted(definition.successPercent(), tally.stageUpdated(), tally.stageJudged());
        String waits =
                Stream.of(knows, success, until).filter(one -> !one.isEmpty()).collect(Collectors.joining("; "));
        return waits.isEmpty() ? null : waits;
    }
}
