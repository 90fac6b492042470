package org.fuota.device;

import org.fuota.file.FilePath;
import org.fuota.file.LastFile;
import org.fuota.file.Recipients;

/**
 * An assignment: when this device reports this version, it is offered this file.
 *
 * @param appVersion the version to be replaced, not the one that the file brings
 */
public record DeviceUpdate(DeviceId deviceId, AppVersion appVersion, FilePath updateFilePath) {
    /** @param last the file that the device took last */
    Recipients recipients(LastFile last) {
        return new Recipients(1, deviceId.value(), appVersion.value(), last);
    }
}
