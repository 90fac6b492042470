package org.fuota.poll;

import java.util.Optional;
import org.fuota.device.DeviceRow;
import org.fuota.error.Printable;

/** What a device that runs a version is to be told, with its assignment, if it has one, and what it is offered, if anything. */
public record UpdateDecision(PollAnswer answer, Optional<DeviceRow> row, Optional<OfferedFile> file) {
    /** Of a device without an assignment, or whose assignment nobody could look at. */
    static UpdateDecision withoutRow(PollAnswer answer) {
        return new UpdateDecision(answer, Optional.empty(), Optional.empty());
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
