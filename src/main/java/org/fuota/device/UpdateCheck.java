package org.fuota.device;

import java.util.Optional;
import java.util.function.Predicate;
import org.fuota.file.FilePath;

/** The one decision of the server: what a device that runs a version is offered. */
public final class UpdateCheck {
    private final DeviceUpdateStore updates;
    private final Predicate<FilePath> fileExists;

    public UpdateCheck(DeviceUpdateStore updates, Predicate<FilePath> fileExists) {
        this.updates = updates;
        this.fileExists = fileExists;
    }

    /** Decides. What keeps it from deciding, such as a database that is gone, is thrown. */
    public UpdateDecision check(DeviceId deviceId, AppVersion appVersion) {
        Optional<DeviceRow> found = updates.find(deviceId);
        if (found.isEmpty()) {
            return UpdateDecision.unknownDevice();
        }
        DeviceRow row = found.get();
        if (!row.appVersion().equals(appVersion.value())) {
            return UpdateDecision.noUpdate(row);
        }
        return FilePath.ifRequestable(row.updateFilePath())
                .filter(fileExists)
                .map(file -> UpdateDecision.offer(row, file))
                .orElseGet(() -> UpdateDecision.fileMissing(row));
    }
}
