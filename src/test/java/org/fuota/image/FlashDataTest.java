package org.fuota.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What lies in flash beside applications, and is uploaded by mistake. */
class FlashDataTest {
    @ParameterizedTest(name = "{1}")
    @MethodSource("files")
    void isNamed(byte[] file, OtherData expected) {
        assertEquals(expected, Inspection.other(file));
        assertEquals(expected, ((ImageReport.Other) Inspection.byteByByte(file)).data());
    }

    static Stream<Arguments> files() {
        return Stream.of(
                arguments(EspImageBuilder.partitionTable(), OtherData.PARTITION_TABLE),
                arguments(otaData(0), OtherData.OTA_DATA),
                arguments(otaData(0x1000), OtherData.OTA_DATA),
                arguments(nvs(), OtherData.NVS),
                arguments(spiffs(0x10000), OtherData.SPIFFS),
                arguments(spiffs(0x2000), OtherData.SPIFFS),
                arguments(littleFs(0), OtherData.LITTLEFS),
                arguments(littleFs(0x1000), OtherData.LITTLEFS),
                arguments(EspImageBuilder.esp8266(), OtherData.ESP8266_IMAGE),
                arguments(EspImageBuilder.concat(EspImageBuilder.esp8266(), new byte[5000]), OtherData.ESP8266_IMAGE),
                // Not quite.
                arguments(EspImageBuilder.changed(otaData(0), 0, 2), OtherData.UNKNOWN),
                arguments(Arrays.copyOf(otaData(0), 0x3000), OtherData.UNKNOWN),
                arguments(EspImageBuilder.changed(nvs(), 4, 1), OtherData.UNKNOWN),
                arguments(Arrays.copyOf(nvs(), 0x6001), OtherData.UNKNOWN),
                arguments(Arrays.copyOf(spiffs(0x10000), 0xF000), OtherData.UNKNOWN),
                arguments(EspImageBuilder.changed(spiffs(0x10000), 0x10FC, 0), OtherData.UNKNOWN),
                arguments(littleFs(0x2000), OtherData.UNKNOWN),
                arguments(erased(0x4000), OtherData.UNKNOWN),
                arguments(new byte[0x2000], OtherData.UNKNOWN),
                // Cut off, or with another byte in it, it is no image for the ESP8266, and never one for an ESP32.
                arguments(Arrays.copyOf(EspImageBuilder.esp8266(), 63), OtherData.UNKNOWN),
                arguments(EspImageBuilder.changed(EspImageBuilder.esp8266(), 20, 0), OtherData.UNKNOWN),
                // Even where the rest would do for an ESP32's header.
                arguments(EspImageBuilder.changed(EspImageBuilder.esp8266(), 16, new int[16]), OtherData.UNKNOWN));
    }

    /** A loop over the load addresses at byte 8 that make an image one for the ESP8266, each range's first and end. */
    @Test
    void isForTheEsp8266ByTheAddressOfItsFirstSegment() {
        for (String range : new String[] {"40100000 4010C000", "40200000 40300000", "3FFE8000 3FFFC000"}) {
            int first = Integer.parseUnsignedInt(range.substring(0, 8), 16);
            int end = Integer.parseUnsignedInt(range.substring(9), 16);

            assertEquals(OtherData.ESP8266_IMAGE, at(first), range);
            assertEquals(OtherData.ESP8266_IMAGE, at(end - 4), range);
            assertEquals(OtherData.UNKNOWN, at(first - 4), range);
            assertEquals(OtherData.UNKNOWN, at(end), range);
        }
    }

    private static OtherData at(int address) {
        byte[] file = EspImageBuilder.esp8266();
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(8, address);
        return Inspection.other(file);
    }

    private static byte[] erased(int bytes) {
        byte[] flash = new byte[bytes];
        Arrays.fill(flash, (byte) 0xFF);
        return flash;
    }

    /** As Arduino's boot_app0.bin is: slot 1, and the CRC-32 that belongs to it. */
    private static byte[] otaData(int sector) {
        byte[] data = erased(0x2000);
        ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).putInt(sector, 1).putInt(sector + 28, 0x4743989A);
        return data;
    }

    /** An active page whose header is of sequence 0 and version 2; its CRC-32 was computed with Python's zlib. */
    private static byte[] nvs() {
        byte[] data = erased(0x6000);
        ByteBuffer.wrap(data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, 0xFFFFFFFE)
                .putInt(4, 0)
                .put(8, (byte) 0xFE)
                .putInt(28, 0xB9BA2D84);
        return data;
    }

    private static byte[] spiffs(int bytes) {
        byte[] data = erased(bytes);
        int blocks = bytes / 0x1000;
        for (int block = 0; block < blocks; block++) {
            ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).putShort(block * 0x1000 + 252, (short)
                    (0x20140529 ^ 256 ^ (blocks - block)));
        }
        return data;
    }

    private static byte[] littleFs(int sector) {
        byte[] data = erased(0x4000);
        byte[] name = "littlefs".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(name, 0, data, sector + 8, name.length);
        return data;
    }
}
