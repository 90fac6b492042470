package org.fuota.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.fuota.device.DeviceRow;
import org.fuota.error.Printable;
import org.fuota.poll.PollAnswer;
import org.jspecify.annotations.Nullable;

/**
 * What a device's row and its polls mean, taken together. Pure: the same input is always the same conclusion.
 *
 * <p>The first rule that fits decides, in this order: unavailable or unseen of those that never polled, updated and then
 * silent, silent, discovered, updated, reverted, unavailable, stuck, offered, waiting.
 */
final class StateRules {
    private final FleetSettings settings;

    StateRules(FleetSettings settings) {
        this.settings = settings;
    }

    /** @param isFileThere whether the file that the device's row names can be downloaded; of no account without a row */
    Conclusion conclude(FleetDevice device, boolean isFileThere, Moment now) {
        DeviceRow row = device.row();
        DeviceStatus status = device.status();
        if (row == null && status == null) {
            throw new IllegalArgumentException("neither a row nor a poll");
        }
        Conclusion conclusion = status == null
                ? neverPolled(row, device.assignedAt(), isFileThere)
                : silent(row, status, now)
                        .orElseGet(() -> row == null
                                ? discovered(status)
                                : polls(row, device.assignedAt(), status, isFileThere));
        if (status == null || status.flips(now.at()).isEmpty()) {
            return conclusion;
        }
        String perhaps = status.isClone(now.at()) ? "perhaps two boards with one id: " : "perhaps behind two uplinks: ";
        return new Conclusion(
                conclusion.state(),
                conclusion.since(),
                () -> conclusion.evidence() + "; " + perhaps
                        + text(status.flips(now.at())).replace("%20", " "));
    }

    private static Conclusion discovered(DeviceStatus status) {
        return new Conclusion(
                State.DISCOVERED, status.firstSeen(), () -> "polls, " + reports(status) + ", and has no row");
    }

    private static Conclusion neverPolled(DeviceRow row, @Nullable Instant assignedAt, boolean isFileThere) {
        return isFileThere
                ? new Conclusion(
                        State.UNSEEN,
                        assignedAt,
                        () -> "was assigned " + text(row.updateFilePath())
                                + Optional.ofNullable(assignedAt)
                                        .map(at -> " at " + at)
                                        .orElse("") + ", and never polled")
                : unavailable(row, assignedAt);
    }

    /** Whatever its row says by now; that of an update is told apart, because a bad image looks like this. */
    private Optional<Conclusion> silent(@Nullable DeviceRow row, DeviceStatus status, Moment now) {
        Optional<Duration> usual = status.gaps().usual();
        // Of the time in which it could have been seen.
        Duration unseenFor = now.since(status.lastSeen());
        if (usual.isEmpty() || unseenFor.compareTo(usual.get().multipliedBy(settings.silentGaps())) <= 0) {
            return Optional.empty();
        }
        Offer offer = status.offer();
        // Without a row, too: withdrawing a bad image must not hide what it has done.
        if (offer != null && offer.isUpdated() && (row == null || offer.isOf(row))) {
            return Optional.of(new Conclusion(
                    State.UPDATED_SILENT,
                    status.lastSeen().at(),
                    () -> wasOffered(offer) + ", reported version " + text(offer.updatedTo()) + " at "
                            + offer.updatedAt() + ", and hasn't polled since "
                            + status.lastSeen().at()
                            + ", though it usually does every " + words(usual.get())));
        }
        return Optional.of(new Conclusion(
                State.SILENT,
                status.lastSeen().at(),
                () -> "polled last at " + status.lastSeen().at() + ", " + reports(status) + ", and usually polls every "
                        + words(usual.get())));
    }

    private Conclusion polls(DeviceRow row, @Nullable Instant assignedAt, DeviceStatus status, boolean isFileThere) {
        Offer offer = status.offer();
        boolean isOfRow = offer != null && offer.isOf(row);
        if (isOfRow && offer.isUpdated()) {
            return new Conclusion(
                    State.UPDATED,
                    offer.updatedAt(),
                    () -> wasOffered(offer) + ", last at " + offer.last().at() + ", and " + reports(status) + " since "
                            + status.appVersionSince());
        }
        if (isOfRow && offer.isReverted()) {
            return new Conclusion(
                    State.REVERTED,
                    offer.revertedAt(),
                    () -> wasOffered(offer) + ", reported version " + text(offer.updatedTo()) + " at "
                            + offer.updatedAt() + ", and version " + text(status.appVersion()) + " again since "
                            + offer.revertedAt());
        }
        if (!isFileThere) {
            boolean isTold = status.answer() == PollAnswer.FILE_MISSING;
            return unavailable(row, isTold ? later(status.answerSince(), assignedAt) : assignedAt);
        }
        boolean isDue = row.appVersion().equals(status.appVersion());
        if (isOfRow && isDue) {
            boolean isStuck = offer.count() >= settings.stuckOffers()
                    && offer.last().since(offer.since()).compareTo(settings.stuckAfter()) >= 0;
            return new Conclusion(
                    isStuck ? State.STUCK : State.OFFERED,
                    offer.since().at(),
                    () -> wasOffered(offer) + " since " + offer.since().at() + ", and still " + reports(status));
        }
        return new Conclusion(
                State.WAITING,
                later(status.appVersionSince(), assignedAt),
                () -> isDue
                        ? reports(status) + ", and hasn't polled since it was assigned " + text(row.updateFilePath())
                                + ": its next poll is offered it"
                        : reports(status) + "; its assignment offers " + text(row.updateFilePath()) + " to version "
                                + text(row.appVersion()) + " only");
    }

    private static Conclusion unavailable(DeviceRow row, @Nullable Instant since) {
        return new Conclusion(
                State.UNAVAILABLE, since, () -> "its update file " + text(row.updateFilePath()) + " isn't there");
    }

    private static String wasOffered(Offer offer) {
        return "was offered " + text(offer.file()) + " at version " + text(offer.appVersion()) + " "
                + (offer.count() == 1 ? "once" : offer.count() + " times");
    }

    private static String reports(DeviceStatus status) {
        return status.appVersion() == null
                ? "reports no valid version"
                : "reports version " + text(status.appVersion());
    }

    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
        return one == null || other != null && other.isAfter(one) ? other : one;
    }

    private static String words(Duration duration) {
        long seconds = duration.toSeconds();
        return seconds < 1
                ? duration.toMillis() + " ms"
                : seconds < 120 ? seconds + " s" : seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
    }

    private static String text(@Nullable String value) {
        return Printable.of(Optional.ofNullable(value).orElse(""));
    }
}
