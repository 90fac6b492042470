package org.fuota.poll;

import java.util.Optional;
import org.fuota.device.DeviceRow;
import org.fuota.error.Printable;

/**
 * What a device that runs a version is to be told.
 *
 * @param row its assignment, if it has one
 * @param file what it is offered, if anything
 * @param rollout the name of the one that offers it, or would, if one does
 * @param isStopped whether it would be offered something, if all offers weren't stopped
 */
public record UpdateDecision(
        PollAnswer answer,
        Optional<DeviceRow> row,
        Optional<OfferedFile> file,
        Optional<String> rollout,
        boolean isStopped) {
    UpdateDecision(PollAnswer answer, Optional<DeviceRow> row, Optional<OfferedFile> file) {
        this(answer, row, file, Optional.empty(), false);
    }

    static UpdateDecision rolledOut(Optional<DeviceRow> row, RolledOut rolledOut) {
        return new UpdateDecision(
                PollAnswer.OFFERED, row, Optional.of(rolledOut.file()), Optional.of(rolledOut.rollout()), false);
    }

    /** The same while all offers are stopped: no update, or, where there is no assignment, what such a device is told. */
    UpdateDecision stopped() {
        return new UpdateDecision(
                row.isPresent() ? PollAnswer.NO_UPDATE : PollAnswer.UNKNOWN_DEVICE,
                row,
                Optional.empty(),
                rollout,
                true);
    }

    /** Of a device without an assignment, or whose assignment nobody could look at. */
    static UpdateDecision withoutRow(PollAnswer answer) {
        return new UpdateDecision(answer, Optional.empty(), Optional.empty());
    }

    /** Why, as a lower-case sentence. */
    public String reason() {
        if (isStopped) {
            return "all offers are stopped";
        }
        if (rollout.isPresent()) {
            return "rollout " + rollout.get() + " offers "
                    + Printable.of(file.map(offered -> offered.path().value()).orElse(""));
        }
        String path = Printable.of(row.map(DeviceRow::updateFilePath).orElse(""));
        String version = Printable.of(row.map(DeviceRow::appVersion).orElse(""));
        return switch (answer) {
            case OFFERED -> "its assignment offers " + path + " to version " + version;
            case NO_UPDATE -> "its assignment offers " + path + " to version " + version + " only";
            case UNKNOWN_DEVICE -> "the device isn't known: it has no assignment";
            case FILE_MISSING -> "update file " + path + " of this device isn't there";
            case MALFORMED -> "the version is missing or malformed";
            case TROUBLE -> "the server can't decide; its log tells why";
        };
    }
}
