package org.fuota.evidence;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.fuota.device.DeviceRow;
import org.fuota.error.Printable;
import org.jspecify.annotations.Nullable;

/** Why a device is in its state. */
public final class Evidence {
    private Evidence() {}

    /** A lower-case sentence of printable ASCII. */
    public static String of(FleetDevice device, Instant now) {
        DeviceStatus status = device.status();
        DeviceRow row = Objects.requireNonNullElse(device.row(), new DeviceRow("", "", ""));
        if (status == null) {
            return device.conclusion().state() == State.UNAVAILABLE
                    ? unavailable(row)
                    : "was assigned " + text(row.updateFilePath())
                            + Optional.ofNullable(device.assignedAt())
                                    .map(at -> " at " + at)
                                    .orElse("") + ", and never polled";
        }
        String flips = status.flips(now);
        return of(device.conclusion().state(), row, status)
                + (flips.isEmpty()
                        ? ""
                        : (status.isClone(now)
                                        ? "; perhaps two boards with one id: "
                                        : "; perhaps behind two uplinks: ")
                                + text(flips).replace("%20", " "));
    }

    private static String of(State state, DeviceRow row, DeviceStatus status) {
        Instant lastSeen = status.lastSeen().at();
        String usual = status.gaps().usual().map(Evidence::words).orElse("");
        return switch (state) {
            case UPDATED_SILENT ->
                wasOffered(offer(status)) + ", reported version "
                        + text(offer(status).updatedTo()) + " at "
                        + offer(status).updatedAt() + ", and hasn't polled since " + lastSeen
                        + ", though it usually does every " + usual;
            case SILENT -> "polled last at " + lastSeen + ", " + reports(status) + ", and usually polls every " + usual;
            case UPDATED ->
                wasOffered(offer(status)) + ", last at " + offer(status).last().at() + ", and " + reports(status)
                        + " since " + status.appVersionSince();
            case REVERTED ->
                wasOffered(offer(status)) + ", reported version "
                        + text(offer(status).updatedTo()) + " at "
                        + offer(status).updatedAt() + ", and version " + text(status.appVersion()) + " again since "
                        + offer(status).revertedAt();
            case UNAVAILABLE -> unavailable(row);
            case OFFERED, STUCK ->
                wasOffered(offer(status)) + " since " + offer(status).since().at() + ", and still " + reports(status);
            case WAITING ->
                row.appVersion().equals(status.appVersion())
                        ? reports(status) + ", and hasn't polled since it was assigned " + text(row.updateFilePath())
                                + ": its next poll is offered it"
                        : reports(status) + "; its assignment offers " + text(row.updateFilePath()) + " to version "
                                + text(row.appVersion()) + " only";
            case DISCOVERED, UNSEEN -> "polls, " + reports(status) + ", and has no assignment";
        };
    }

    /** In the states that come of one. */
    private static Offer offer(DeviceStatus status) {
        return Objects.requireNonNull(status.offer());
    }

    private static String unavailable(DeviceRow row) {
        return "its update file " + text(row.updateFilePath()) + " isn't there";
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

    private static String words(Duration duration) {
        long seconds = duration.toSeconds();
        return seconds < 1
                ? duration.toMillis() + " ms"
                : seconds < 120 ? seconds + " s" : seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
    }

    private static String text(@Nullable String value) {
        return Printable.of(value == null ? "" : value);
    }
}
