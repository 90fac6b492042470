package org.fuota.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fuota.file.FilePath;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to be rolled out: what, to whom, how fast, and how careful. Never changed.
 *
 * @param file what is offered; null where only what boards had before is offered to them again
 * @param replaces the versions of whose boards it is for, as they report them
 * @param group whose boards only; null for all
 * @param except whose boards not; null for none
 * @param prefix with which their ids begin; empty for any
 * @param stages one or more; percentages rise
 * @param successPercent how many of those that are judged must be updated before the next stage
 * @param soak how long a stage lasts at least
 * @param maxFailedPercent with more of those that are judged it pauses
 * @param minBoards how many must be judged before the next stage
 * @param maxDownloads after so many times that it was offered, a board that still reports the old version is stuck
 * @param offersPerMinute first offers, of all nodes together; 0 is no limit
 * @param starts null for now
 * @param anyImage whether boards are offered it that took an image for another chip or project before
 */
record Definition(
        @Nullable FilePath file,
        List<String> replaces,
        @Nullable String group,
        @Nullable String except,
        String prefix,
        List<Stage> stages,
        int successPercent,
        Duration soak,
        int maxFailedPercent,
        int minBoards,
        int maxDownloads,
        int offersPerMinute,
        @Nullable Instant starts,
        Hours hours,
        boolean anyImage) {

    /** All groups that it names. */
    Set<String> groups() {
        return Stream.concat(
                        Stream.of(group, except).filter(name -> name != null),
                        stages.stream().map(Stage::group).filter(name -> name != null))
                .collect(Collectors.toSet());
    }
}
