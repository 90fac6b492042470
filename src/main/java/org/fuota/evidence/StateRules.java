package org.fuota.evidence;

import java.time.Duration;
import java.time.Instant;
import org.fuota.device.DeviceRow;
import org.fuota.poll.PollAnswer;
import org.jspecify.annotations.Nullable;

/**
 * What a device's assignment and its polls mean, taken together. Pure: the same input is always the same conclusion.
 *
 * <p>The first rule that fits decides, in this order: unavailable or unseen of those that never polled, updated and then
 * silent, silent, discovered, updated, reverted, unavailable, stuck, offered, waiting.
 */
public final class StateRules {
    private final FleetSettings settings;

    public StateRules(FleetSettings settings) {
        this.settings = settings;
    }

    /**
     * Concludes about a device, of which there must be an assignment, or a status.
     *
     * @param assignedAt since when its assignment is as it is; null when that isn't known
     * @param isFileThere whether the file that its assignment names can be downloaded; of no account without an assignment
     */
    public Conclusion conclude(
            @Nullable DeviceRow row,
            @Nullable Instant assignedAt,
            @Nullable DeviceStatus status,
            boolean isFileThere,
            Moment now) {
        if (status == null) {
            if (row == null) {
                throw new IllegalArgumentException("neither an assignment nor a poll");
            }
            return new Conclusion(isFileThere ? State.UNSEEN : State.UNAVAILABLE, assignedAt, null);
        }
        Long silentAt = silentAt(status);
        if (silentAt != null && now.served() >= silentAt) {
            return new Conclusion(silent(row, status), status.lastSeen().at(), null);
        }
        return row == null
                ? new Conclusion(State.DISCOVERED, status.firstSeen(), silentAt)
                : polls(row, assignedAt, status, isFileThere, silentAt);
    }

    /** Of the time in which it could be seen. */
    private @Nullable Long silentAt(DeviceStatus status) {
        return status.gaps()
                .usual()
                .map(gap -> status.lastSeen().served()
                        + gap.multipliedBy(settings.silentGaps()).toMillis()
                        + 1)
                .orElse(null);
    }

    /** Whatever its assignment says by now; that of an update is told apart, because a bad image looks like this. */
    private static State silent(@Nullable DeviceRow row, DeviceStatus status) {
        Offer offer = status.offer();
        // Without an assignment, too: withdrawing a bad image must not hide what it has done.
        return offer != null && offer.isUpdated() && (row == null || offer.isOf(row))
                ? State.UPDATED_SILENT
                : State.SILENT;
    }

    private Conclusion polls(
            DeviceRow row,
            @Nullable Instant assignedAt,
            DeviceStatus status,
            boolean isFileThere,
            @Nullable Long silentAt) {
        Offer last = status.offer();
        Offer offer = last != null && last.isOf(row) ? last : null;
        if (offer != null && offer.isUpdated()) {
            return new Conclusion(State.UPDATED, offer.updatedAt(), silentAt);
        }
        if (offer != null && offer.isReverted()) {
            return new Conclusion(State.REVERTED, offer.revertedAt(), silentAt);
        }
        if (!isFileThere) {
            boolean isTold = status.answer() == PollAnswer.FILE_MISSING;
            return new Conclusion(
                    State.UNAVAILABLE, isTold ? later(status.answerSince(), assignedAt) : assignedAt, silentAt);
        }
        if (offer != null && row.appVersion().equals(status.appVersion())) {
            Duration offered = offer.last().since(offer.since());
            boolean isStuck = offer.count() >= settings.stuckOffers() && offered.compareTo(settings.stuckAfter()) >= 0;
            return new Conclusion(
                    isStuck ? State.STUCK : State.OFFERED, offer.since().at(), silentAt);
        }
        return new Conclusion(State.WAITING, later(status.appVersionSince(), assignedAt), silentAt);
    }

    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
        return one == null || other != null && other.isAfter(one) ? other : one;
    }
}
