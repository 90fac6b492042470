package org.fuota.device;

/**
 * The version that a board says it runs: 1 to 128 bytes of UTF-8 without control characters, compared as it is. It needn't
 * be the version that the image says of itself.
 *
 * @param value such as {@code 1.0.0+abc}
 */
public record AppVersion(String value) {
    /** @throws org.fuota.error.FuotaException when it breaks a rule above */
    public AppVersion {
        DeviceField.check("app version", value);
    }
}
