package org.fuota.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.fuota.device.DeviceRow;
import org.fuota.device.PollAnswer;
import org.fuota.error.Printable;
import org.jspecify.annotations.Nullable;

/**
 * What a device's row and its polls mean, taken together. Pure: the same input is always the same conclusion.
 *
 * <p>The first rule that fits decides, in this order: discovered, unavailable or unseen of those that never polled,
 * silent, updated, reverted, unavailable, stuck, offered, waiting.
 */
final class StateRules {
    private final FleetSettings settings;

    StateRules(FleetSettings settings) {
        this.settings = settings;
    }

    /** @param isFileThere whether the file that the device's row names can be downloaded; of no account without a row */
    Conclusion conclude(FleetDevice device, boolean isFileThere, Instant now) {
        DeviceRow row = device.row();
        DeviceStatus status = device.status();
        Conclusion conclusion = row == null
                ? discovered(status)
                : status == null
                        ? neverPolled(row, device.assignedAt(), isFileThere)
                        : polled(row, device.assignedAt(), status, isFileThere, now);
        return status != null && status.isClone(now)
                ? new Conclusion(
                        conclusion.state(),
                        conclusion.since(),
                        () -> conclusion.evidence() + "; perhaps two boards with one id: "
                                + text(status.cloneEvidence(now)).replace("%20", " "))
                : conclusion;
    }

    private static Conclusion discovered(@Nullable DeviceStatus status) {
        if (status == null) {
            throw new IllegalArgumentException("neither a row nor a poll");
        }
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

    private Conclusion polled(
            DeviceRow row, @Nullable Instant assignedAt, DeviceStatus status, boolean isFileThere, Instant now) {
        Optional<Duration> usual = status.gaps().usual();
        Duration unseenFor = Duration.between(status.lastSeen(), now);
        if (usual.isPresent() && unseenFor.compareTo(usual.get().multipliedBy(settings.silentGaps())) > 0) {
            return new Conclusion(
                    State.SILENT,
                    status.lastSeen(),
                    () -> "polled last at " + status.lastSeen() + ", " + reports(status) + ", and usually polls every "
                            + words(usual.get()));
        }
        Offer offer = status.offer();
        boolean isOfRow = offer != null
                && offer.file().equals(row.updateFilePath())
                && offer.appVersion().equals(row.appVersion());
        if (isOfRow && offer.isUpdated()) {
            return new Conclusion(
                    State.UPDATED,
                    offer.updatedAt(),
                    () -> wasOffered(offer) + ", last at " + offer.last() + ", and " + reports(status) + " since "
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
                    && Duration.between(offer.since(), offer.last()).compareTo(settings.stuckAfter()) >= 0;
            return new Conclusion(
                    isStuck ? State.STUCK : State.OFFERED,
                    offer.since(),
                    () -> wasOffered(offer) + " since " + offer.since() + ", and still " + reports(status));
        }
        return new Conclusion(
                State.WAITING,
                later(status.appVersionSince(), assignedAt),
                () -> isDue
                        ? reports(status) + ", and hasn't polled since it was assigned " + text(row.updateFilePath())
                                + ": its next poll is offered it"
                        : reports(status) + "; its row offers " + text(row.updateFilePath()) + " to version "
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
