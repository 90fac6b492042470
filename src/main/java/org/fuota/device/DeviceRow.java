package org.fuota.device;

/**
 * A row of {@code device_app} as it is stored. Unlike a {@link DeviceUpdate} it may hold anything, because the database
 * may come from docker-fuota-server, which checks nothing; an SQL NULL is empty here.
 */
public record DeviceRow(String deviceId, String appVersion, String updateFilePath) {
    static DeviceRow of(DeviceUpdate update) {
        return new DeviceRow(
                update.deviceId().value(),
                update.appVersion().value(),
                update.updateFilePath().value());
    }
}
