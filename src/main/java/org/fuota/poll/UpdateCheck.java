package org.fuota.poll;

import java.util.Optional;
import java.util.function.Supplier;
import org.fuota.device.AppVersion;
import org.fuota.device.DeviceRow;

/** The one decision of the server: what a device that runs a version is offered. */
public final class UpdateCheck {
    private UpdateCheck() {}

    /**
     * @param isStopped whether nobody is offered anything
     * @param assigned what the device is assigned; empty when it has no assignment
     * @param rollout what the first rollout offers it that has nothing against that; asked where its assignment has no say
     */
    public static UpdateDecision decide(
            boolean isStopped,
            Optional<AssignedUpdate> assigned,
            AppVersion appVersion,
            Supplier<Optional<RolledOut>> rollout) {
        UpdateDecision decision = decide(assigned, appVersion, rollout);
        return isStopped && decision.answer() == PollAnswer.OFFERED ? decision.stopped() : decision;
    }

    private static UpdateDecision decide(
            Optional<AssignedUpdate> assigned, AppVersion appVersion, Supplier<Optional<RolledOut>> rollout) {
        Optional<DeviceRow> row = assigned.map(AssignedUpdate::row);
        if (row.isPresent() && row.get().appVersion().equals(appVersion.value())) {
            Optional<OfferedFile> file = assigned.get().file().get();
            return new UpdateDecision(file.isPresent() ? PollAnswer.OFFERED : PollAnswer.FILE_MISSING, row, file);
        }
        Optional<RolledOut> rolledOut = rollout.get();
        if (rolledOut.isPresent()) {
            return UpdateDecision.rolledOut(row, rolledOut.get());
        }
        return new UpdateDecision(
                row.isPresent() ? PollAnswer.NO_UPDATE : PollAnswer.UNKNOWN_DEVICE, row, Optional.empty());
    }
}
