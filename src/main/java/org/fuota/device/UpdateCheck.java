package org.fuota.device;

import java.util.Optional;
import java.util.function.Predicate;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.file.FilePath;

/** The one decision of the server: what a device that runs a version is offered. */
public final class UpdateCheck {
    private final DeviceUpdateStore updates;
    private final Predicate<FilePath> fileExists;

    public UpdateCheck(DeviceUpdateStore updates, Predicate<FilePath> fileExists) {
        this.updates = updates;
        this.fileExists = fileExists;
    }

    /**
     * The file that the device is to download, or empty when it runs another version than its row names.
     *
     * @throws FuotaException {@link ErrorCode#NOT_FOUND} when the device has no row, or its file isn't there, or has a
     *     path that no board could request
     */
    public Optional<FilePath> check(DeviceId deviceId, AppVersion appVersion) {
        DeviceRow row = updates.find(deviceId)
                .orElseThrow(() -> notFound("device " + Printable.of(deviceId.value()) + " isn't known"));
        if (!row.appVersion().equals(appVersion.value())) {
            return Optional.empty();
        }
        return Optional.of(FilePath.ifRequestable(row.updateFilePath())
                .filter(fileExists)
                .orElseThrow(() ->
                        notFound("update file " + Printable.of(row.updateFilePath()) + " of this device isn't there")));
    }

    private static FuotaException notFound(String sentence) {
        return new FuotaException(ErrorCode.NOT_FOUND, sentence);
    }
}
