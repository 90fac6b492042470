package org.fuota.device;

/** The version that a board says it runs, such as {@code 1.0.0+abc}: 1 to 128 bytes of UTF-8, no control characters. Its image may say another. */
public record AppVersion(String value) {
    /** @throws org.fuota.error.FuotaException when it breaks a rule above */
    public AppVersion {
        DeviceField.check("app version", value);
    }
}
