package org.fuota.device;

/** What a board calls itself, decoded: 1 to 128 bytes of UTF-8, one path segment, no control characters, no backslash. */
public record DeviceId(String value) {
    /** @throws org.fuota.error.FuotaException when it breaks a rule above */
    public DeviceId {
        DeviceField.check("device id", value);
        if (value.indexOf('/') >= 0) {
            throw DeviceField.invalid("the device id has a slash");
        }
        // What these name could be neither polled nor deleted: no container hands them on.
        if (value.indexOf('\\') >= 0) {
            throw DeviceField.invalid("the device id has a backslash");
        }
        if (value.equals(".") || value.equals("..")) {
            throw DeviceField.invalid("the device id is a dot segment, which no URL can hold");
        }
    }
}
