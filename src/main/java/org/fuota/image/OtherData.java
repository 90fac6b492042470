package org.fuota.image;

/**
 * What a file is that holds no ESP32 application with a description. Any may be stored, also a bootloader, because an application
 * may update its board's the same way ({@code ESP_PARTITION_TYPE_BOOTLOADER} in esp_https_ota.c).
 */
public enum OtherData {
    EMPTY("the file is empty"),
    HTML_PAGE("the file is an HTML page, such as a web server's error page, and no ESP32 image"),
    ELF("the file is an ELF: boards take the image that is made from it, which ends in .bin"),
    UF2("the file is a UF2, which is for copying to a board over USB, and no ESP32 image"),
    GZIP("the file is compressed with gzip: boards take the image itself"),
    ZIP("the file is a zip archive: boards take the image itself"),
    MULTIPART_FORM("the file is a web form with a file in it: boards take the file itself, as curl -T sends it"),
    FORM_FIELDS("the file is a name and a value, as a web form sends them, and no ESP32 image"),
    MERGED_FLASH_IMAGE(
            "the file is a merged flash image with a bootloader and a partition table: boards take the application's image alone"),
    PARTITION_TABLE("the file is a partition table and no application"),
    OTA_DATA("the file is OTA data, which tells a board what slot to start, and no application"),
    NVS("the file is an NVS partition, which holds settings, and no application"),
    SPIFFS("the file is a SPIFFS file system and no application"),
    LITTLEFS("the file is a LittleFS file system and no application"),
    MCUBOOT("the file is an image for MCUboot: only boards that have that as their bootloader take it"),
    ENCRYPTED_IMAGE("the file is an encrypted image: only boards that have the key to it take it"),
    ESP8266_IMAGE("the file is an image for the ESP8266, which no ESP32 starts"),
    BOOTLOADER("the file is a bootloader and no application"),
    /** Code that runs from flash: no bootloader has that. Of ESP-IDF before 3.3, NuttX, Rust and others. */
    UNDESCRIBED_APPLICATION(
            "the file is an application without a description, so that its project and version aren't known"),
    /** A whole ESP32 image without a description, all in RAM. */
    OTHER_ESP_IMAGE(
            "the file is an ESP32 image without a description, such as a bootloader, or an application that runs from RAM"),
    UNKNOWN("the file is no ESP32 image");

    private final String note;

    OtherData(String note) {
        this.note = note;
    }

    /** One lower-case sentence. */
    public String note() {
        return note;
    }

    /** Whether boards start it as their application. */
    public boolean isApplication() {
        return this == UNDESCRIBED_APPLICATION;
    }
}
