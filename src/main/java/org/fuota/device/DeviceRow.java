package org.fuota.device;

/** A row of {@code device_app}. It may hold anything, because docker-fuota-server checks nothing; an SQL NULL is empty here. */
public record DeviceRow(String deviceId, String appVersion, String updateFilePath) {
    /** Not the record's own equals: JDK 17 never lets go of the last class that used a generated one (JDK-8078641). */
    public boolean isSame(DeviceRow other) {
        return deviceId.equals(other.deviceId)
                && appVersion.equals(other.appVersion)
                && updateFilePath.equals(other.updateFilePath);
    }
}
