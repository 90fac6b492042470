package org.fuota.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Builds ESP32 images from the description of their format, as esptool does, and shares nothing with what it tests.
 * Checksum, SHA-256 and signatures are always right for what was asked: a test that wants them wrong changes the result.
 */
public final class EspImageBuilder {
    private final byte[] header = new byte[24];
    private final List<byte[]> segments = new ArrayList<>();
    private byte padding;
    private boolean isHashed = true;

    private EspImageBuilder() {
        header[0] = (byte) 0xE9;
        // DIO, 40 MHz, 4 MiB.
        header[2] = 2;
        header[3] = 0x20;
        ByteBuffer.wrap(header)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(4, 0x40081234)
                .putShort(15, (short) 101)
                .putShort(17, (short) 399);
    }

    /** Nothing but a header, for an ESP32. */
    static EspImageBuilder image() {
        return new EspImageBuilder();
    }

    /** Three segments: description and constants at 32, variables at 320 (for RAM), code at 336; the image ends at 400. */
    public static EspImageBuilder application() {
        return application("some code, 12345".getBytes(StandardCharsets.US_ASCII));
    }

    /** The same with code of one's own, and longer by it. */
    public static EspImageBuilder application(byte[] code) {
        byte[] constants = Arrays.copyOf(description(), 256 + 24);
        Arrays.fill(constants, 256, constants.length, (byte) 0x5A);
        return image().segment(0x3F400020, constants)
                .segment(0x3FFB0000, "datadata".getBytes(StandardCharsets.US_ASCII))
                .segment(0x400D0150, code);
    }

    /** As of ESP-IDF before 3.3, Zephyr, NuttX: code and constants in flash, and nothing that describes them. */
    public static EspImageBuilder applicationWithoutDescription() {
        return image().segment(0x3F400020, new byte[64]).segment(0x400D0068, new byte[64]);
    }

    static EspImageBuilder bootloader() {
        byte[] data = new byte[256];
        data[0] = 80;
        text(data, 8, "v5.5");
        return image().segment(0x3FFF0030, data);
    }

    /** 256 bytes that describe version 0.1.1 of esp32-fuota. */
    static byte[] description() {
        byte[] description = new byte[256];
        ByteBuffer.wrap(description)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, 0xABCD5432)
                .putInt(4, 7);
        text(description, 16, "0.1.1");
        text(description, 48, "esp32-fuota");
        text(description, 80, "12:34:56");
        text(description, 96, "Jul 14 2025");
        text(description, 112, "v4.4.4");
        Arrays.fill(description, 144, 176, (byte) 0xC4);
        return description;
    }

    /** Replaces the description in the first segment. */
    public EspImageBuilder description(int offset, String text) {
        text(segments.get(0), 8 + offset, text);
        return this;
    }

    EspImageBuilder segment(int loadAddress, byte[] data) {
        return segment(loadAddress, data.length, data);
    }

    /** A segment whose header may lie about its length. */
    EspImageBuilder segment(int loadAddress, int length, byte[] data) {
        segments.add(ByteBuffer.allocate(8 + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(loadAddress)
                .putInt(length)
                .put(data)
                .array());
        header[1]++;
        return this;
    }

    public EspImageBuilder header(int offset, int value) {
        header[offset] = (byte) value;
        return this;
    }

    EspImageBuilder padding(int value) {
        padding = (byte) value;
        return this;
    }

    EspImageBuilder withoutHash() {
        isHashed = false;
        return this;
    }

    public byte[] build() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        header[23] = (byte) (isHashed ? 1 : 0);
        out.writeBytes(header);
        int checksum = 0xEF;
        for (byte[] segment : segments) {
            out.writeBytes(segment);
            for (int i = 8; i < segment.length; i++) {
                checksum ^= segment[i] & 0xFF;
            }
        }
        while (out.size() % 16 != 15) {
            out.write(padding);
        }
        out.write(checksum);
        if (isHashed) {
            out.writeBytes(sha256(out.toByteArray()));
        }
        return out.toByteArray();
    }

    /** Signed for Secure Boot v2 with so many RSA keys. */
    byte[] buildSigned(int keys) {
        return signed(build(), keys, 2);
    }

    /** The image, padded with 0xFF to 4 KiB, and a sector with so many signature blocks: 2 is RSA, 3 is ECDSA P-256. */
    static byte[] signed(byte[] image, int keys, int version) {
        byte[] padded = padded(image);
        byte[] sector = new byte[4096];
        Arrays.fill(sector, (byte) 0xFF);
        for (int key = 0; key < keys; key++) {
            byte[] block = new byte[1216];
            block[0] = (byte) 0xE7;
            block[1] = (byte) version;
            System.arraycopy(sha256(padded), 0, block, 4, 32);
            Arrays.fill(block, 36, version == 2 ? 1196 : 165, (byte) (0x77 + key));
            System.arraycopy(withCrc(block), 0, sector, key * 1216, 1216);
        }
        return concat(padded, sector);
    }

    /** Signed with an ECDSA P-384 key, whose block has a SHA-384; here it is a made-up one. */
    static byte[] signedP384(byte[] image) {
        byte[] sector = new byte[4096];
        Arrays.fill(sector, 1216, 4096, (byte) 0xFF);
        sector[0] = (byte) 0xE7;
        sector[1] = 3;
        sector[2] = 1;
        Arrays.fill(sector, 4, 52, (byte) 0x38);
        sector[52] = 3;
        Arrays.fill(sector, 53, 245, (byte) 0x84);
        System.arraycopy(withCrc(Arrays.copyOf(sector, 1216)), 0, sector, 0, 1216);
        return concat(padded(image), sector);
    }

    static byte[] padded(byte[] image) {
        byte[] padded = Arrays.copyOf(image, (image.length + 4095) / 4096 * 4096);
        Arrays.fill(padded, image.length, padded.length, (byte) 0xFF);
        return padded;
    }

    /** What {@code esptool merge_bin} makes: bootloader, partition table, application; 0xFF between them. */
    static byte[] merged(int bootloaderOffset, byte[] bootloader) {
        byte[] application = application().build();
        byte[] flash = new byte[0x10000 + application.length];
        Arrays.fill(flash, (byte) 0xFF);
        System.arraycopy(bootloader, 0, flash, bootloaderOffset, bootloader.length);
        byte[] table = partitionTable();
        System.arraycopy(table, 0, flash, 0x8000, table.length);
        System.arraycopy(application, 0, flash, 0x10000, application.length);
        return flash;
    }

    /** What {@code gen_esp32part.py} makes of three partitions: 3 KiB, with an MD5 (here made up) behind them. */
    static byte[] partitionTable() {
        byte[] table = new byte[0xC00];
        Arrays.fill(table, (byte) 0xFF);
        partition(table, 0, 1, 2, 0x9000, 0x6000, "nvs");
        partition(table, 32, 1, 0, 0xF000, 0x2000, "otadata");
        partition(table, 64, 0, 0x10, 0x20000, 0x180000, "ota_0");
        table[96] = (byte) 0xEB;
        table[97] = (byte) 0xEB;
        return table;
    }

    private static void partition(byte[] table, int entry, int type, int subtype, int offset, int size, String label) {
        Arrays.fill(table, entry, entry + 32, (byte) 0);
        ByteBuffer.wrap(table)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(entry, (byte) 0xAA)
                .put(entry + 1, (byte) 0x50)
                .put(entry + 2, (byte) type)
                .put(entry + 3, (byte) subtype)
                .putInt(entry + 4, offset)
                .putInt(entry + 8, size);
        text(table, entry + 12, label);
    }

    /** An image for the ESP8266 with two segments: a header of 8 bytes, and no hash. */
    public static byte[] esp8266() {
        ByteBuffer image = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        image.put((byte) 0xE9).put((byte) 2).put((byte) 2).put((byte) 0x40).putInt(0x40100004);
        byte[] code = "code, in RAM 16b".getBytes(StandardCharsets.US_ASCII);
        byte[] data = "some data, 20 bytes.".getBytes(StandardCharsets.US_ASCII);
        image.putInt(0x40100000).putInt(code.length).put(code);
        image.putInt(0x3FFE8000).putInt(data.length).put(data);
        int checksum = 0xEF;
        for (byte octet : concat(code, data)) {
            checksum ^= octet & 0xFF;
        }
        image.put(63, (byte) checksum);
        return image.array();
    }

    static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    static byte[] changed(byte[] bytes, int offset, int... values) {
        byte[] copy = bytes.clone();
        for (int i = 0; i < values.length; i++) {
            copy[offset + i] = (byte) values[i];
        }
        return copy;
    }

    private static byte[] withCrc(byte[] block) {
        CRC32 crc = new CRC32();
        crc.update(block, 0, 1196);
        ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN).putInt(1196, (int) crc.getValue());
        return block;
    }

    private static void text(byte[] bytes, int offset, String text) {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(octets, 0, bytes, offset, octets.length);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
