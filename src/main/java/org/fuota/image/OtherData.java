package org.fuota.image;

/**
 * What a file is that holds no ESP32 application: any file may be stored, but people upload some by mistake.
 *
 * <p>A bootloader is among them, and not refused, because {@code esp_image_verify} asks for no application description, and
 * an application may update its board's bootloader the same way ({@code ESP_PARTITION_TYPE_BOOTLOADER} in esp_https_ota.c).
 */
public enum OtherData {
    EMPTY("the file is empty"),
    HTML_PAGE("the file is an HTML page, such as a web server's error page, and no ESP32 image"),
    ELF("the file is an ELF: boards take the image that is made from it, which ends in .bin"),
    UF2("the file is a UF2, which is for copying to a board over USB, and no ESP32 image"),
    GZIP("the file is compressed with gzip: boards take the image itself"),
    ZIP("the file is a zip archive: boards take the image itself"),
    MERGED_FLASH_IMAGE(
            "the file is a merged flash image with a bootloader and a partition table: boards take the application's image alone"),
    BOOTLOADER("the file is a bootloader and no application"),
    /** A whole ESP32 image, but for its missing application description. */
    OTHER_ESP_IMAGE("the file is an ESP32 image without an application description, such as a bootloader"),
    UNKNOWN("the file is no ESP32 image");

    private final String note;

    OtherData(String note) {
        this.note = note;
    }

    /** One lower-case sentence that says what the file is. */
    public String note() {
        return note;
    }
}
