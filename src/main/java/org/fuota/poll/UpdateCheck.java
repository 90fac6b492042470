package org.fuota.poll;

import java.util.Optional;
import org.fuota.device.AppVersion;
import org.fuota.device.DeviceRow;

/** The one decision of the server: what a device that runs a version is offered. */
public final class UpdateCheck {
    private UpdateCheck() {}

    /** @param assigned what the device is assigned; empty when it has no assignment */
    public static UpdateDecision decide(Optional<AssignedUpdate> assigned, AppVersion appVersion) {
        if (assigned.isEmpty()) {
            return UpdateDecision.withoutRow(PollAnswer.UNKNOWN_DEVICE);
        }
        DeviceRow row = assigned.get().row();
        if (!row.appVersion().equals(appVersion.value())) {
            return new UpdateDecision(PollAnswer.NO_UPDATE, Optional.of(row), Optional.empty());
        }
        Optional<OfferedFile> file = assigned.get().file().get();
        return new UpdateDecision(
                file.isPresent() ? PollAnswer.OFFERED : PollAnswer.FILE_MISSING, Optional.of(row), file);
    }
}
