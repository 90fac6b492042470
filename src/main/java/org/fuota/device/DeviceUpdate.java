package org.fuota.device;

import org.fuota.file.FilePath;

/**
 * An assignment: when this device reports this version, it is offered this file.
 *
 * @param appVersion the version to be replaced, not the one that the file brings
 */
public record DeviceUpdate(DeviceId deviceId, AppVersion appVersion, FilePath updateFilePath) {}
