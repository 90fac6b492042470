package org.fuota.poll;

import java.util.Optional;
import org.fuota.device.DeviceRow;
import org.fuota.error.Printable;

/**
 * What a device that runs a version is to be told.
 *
 * @param row its assignment, if it has one
 * @param file what it is offered, if anything is
 */
public record UpdateDecision(PollAnswer answer, Optional<DeviceRow> row, Optional<OfferedFile> file) {
    static UpdateDecision unknownDevice() {
        return new UpdateDecision(PollAnswer.UNKNOWN_DEVICE, Optional.empty(), Optional.empty());
    }

    static UpdateDecision noUpdate(DeviceRow row) {
        return new UpdateDecision(PollAnswer.NO_UPDATE, Optional.of(row), Optional.empty());
    }

    static UpdateDecision fileMissing(DeviceRow row) {
        return new UpdateDecision(PollAnswer.FILE_MISSING, Optional.of(row), Optional.empty());
    }

    static UpdateDecision offer(DeviceRow row, OfferedFile file) {
        return new UpdateDecision(PollAnswer.OFFERED, Optional.of(row), Optional.of(file));
    }

    static UpdateDecision malformed() {
        return new UpdateDecision(PollAnswer.MALFORMED, Optional.empty(), Optional.empty());
    }

    /** Not decided: the server is in trouble. */
    static UpdateDecision trouble() {
        return new UpdateDecision(PollAnswer.TROUBLE, Optional.empty(), Optional.empty());
    }

    /** Why, as a lower-case sentence. */
    public String reason() {
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
