package org.fuota.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What something on the way from the build to the server makes of an image; and what only looks like one. */
class MangledImageTest {
    private static final byte[] IMAGE = image();

    @ParameterizedTest(name = "{1}: {2}")
    @MethodSource("mangledImages")
    void isKnownForCertain(byte[] file, Damage damage, long offset, String detail) {
        assertEquals(new ImageReport.Broken(damage, offset, detail), Inspection.of(file));
        assertEquals(Inspection.of(file), Inspection.byteByByte(file));
    }

    static Stream<Arguments> mangledImages() {
        return Stream.of(
                arguments(
                        decoded(StandardCharsets.UTF_8),
                        Damage.TAKEN_FOR_TEXT,
                        0,
                        "at byte 0 is ef bf bd in place of e9"),
                arguments(
                        decoded(StandardCharsets.ISO_8859_1),
                        Damage.TAKEN_FOR_TEXT,
                        0,
                        "at byte 0 is c3 a9 in place of e9"),
                arguments(
                        Base64.getEncoder().encode(IMAGE),
                        Damage.BASE64,
                        0,
                        "at byte 0 is the base64 of an image's header"),
                arguments(
                        Base64.getMimeEncoder().encode(IMAGE),
                        Damage.BASE64,
                        0,
                        "at byte 0 is the base64 of an image's header"),
                arguments(
                        Arrays.copyOfRange(IMAGE, 1, IMAGE.length),
                        Damage.HEAD_MISSING,
                        31,
                        "an application's description is at byte 31, without an image's header before it"),
                arguments(
                        Arrays.copyOfRange(IMAGE, 24, IMAGE.length),
                        Damage.HEAD_MISSING,
                        8,
                        "an application's description is at byte 8, without an image's header before it"),
                arguments(
                        Arrays.copyOfRange(IMAGE, 32, IMAGE.length),
                        Damage.HEAD_MISSING,
                        0,
                        "an application's description is at byte 0, without an image's header before it"),
                arguments(
                        EspImageBuilder.changed(IMAGE, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF),
                        Damage.HEAD_MISSING,
                        32,
                        "an application's description is at byte 32, without an image's header before it"),
                // As curl -d @file sends it.
                arguments(
                        without(IMAGE, 0, '\r', '\n'),
                        Damage.HEAD_MISSING,
                        17,
                        "an application's description is at byte 17, without an image's header before it"),
                arguments(
                        EspImageBuilder.concat("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII), IMAGE),
                        Damage.BEHIND_OTHER_BYTES,
                        19,
                        "the image begins at byte 19"),
                arguments(
                        inTextMode(IMAGE),
                        Damage.TEXT_MODE,
                        511,
                        "the checksum at byte 511 is 0x0a, but the data's is 0xe5, and each of 20 line feeds has a carriage"
                                + " return before it"),
                // One in the header, before the description.
                arguments(
                        inTextMode(EspImageBuilder.changed(IMAGE, 4, '\n')),
                        Damage.TEXT_MODE,
                        33,
                        "an application's description is at byte 33, without an image's header before it, and each of 21 line"
                                + " feeds has a carriage return before it"));
    }

    @Test
    void isDamagedAndNothingElseWhereItsLineEndsMayBeChance() {
        byte[] few = EspImageBuilder.changed(EspImageBuilder.application().build(), 60, '\r', '\n', 'x', '\r', '\n');

        assertEquals(Damage.DAMAGED, Inspection.broken(few).damage());
    }

    @Test
    void isAnImageWhoseHeaderIsDamagedAsLongAsMostOfItMakesSense() {
        byte[] bootloader = EspImageBuilder.bootloader().build();

        assertEquals(
                Damage.DAMAGED,
                Inspection.broken(EspImageBuilder.changed(bootloader, 1, 99, 99))
                        .damage());
        assertEquals(
                Damage.DAMAGED,
                Inspection.broken(EspImageBuilder.changed(bootloader, 4, 99, 99, 99, 99))
                        .damage());
        // With its description, any header is one.
        assertEquals(
                Damage.DAMAGED,
                Inspection.broken(EspImageBuilder.changed(
                                IMAGE, 1, new Random(5).ints(23, 0, 256).toArray()))
                        .damage());
    }

    @ParameterizedTest
    @MethodSource("noImages")
    void isNothingOfTheKind(byte[] file) {
        assertEquals(OtherData.UNKNOWN, Inspection.other(file));
    }

    static Stream<byte[]> noImages() {
        byte[] random = new byte[5000];
        new Random(7).nextBytes(random);
        return Stream.of(
                // Each begins with the byte 0xE9.
                "\u952E\u76D8\u8BBE\u7F6E\uFF1A\u8BF7\u9009\u62E9\u8BED\u8A00\u5E76\u6309\u56DE\u8F66\u952E\u3002"
                        .repeat(20)
                        .getBytes(StandardCharsets.UTF_8),
                "\u00e9t\u00e9, and much more text than a header has bytes".getBytes(StandardCharsets.ISO_8859_1),
                EspImageBuilder.changed(new byte[5000], 0, 0xE9),
                EspImageBuilder.changed(random, 0, 0xE9),
                new byte[] {(byte) 0xE9},
                Arrays.copyOf(IMAGE, 23),
                // Text that only begins as one that was decoded, or as base64 of an image.
                "\uFFFD\t and more".getBytes(StandardCharsets.UTF_8),
                "\u00e9 and more".getBytes(StandardCharsets.UTF_8),
                "\u00e9\t\t".getBytes(StandardCharsets.UTF_8),
                "6QMC".getBytes(StandardCharsets.US_ASCII),
                "6QMCandnomorethanlettersthatlooklikeitbutthatareneveranimagesheader"
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] image() {
        byte[] lines = "a line\n".repeat(20).getBytes(StandardCharsets.US_ASCII);
        return EspImageBuilder.application().segment(0x3FFB1000, lines).build();
    }

    private static byte[] decoded(Charset charset) {
        return new String(IMAGE, charset).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] inTextMode(byte[] file) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte octet : file) {
            if (octet == '\n') {
                out.write('\r');
            }
            out.write(octet);
        }
        return out.toByteArray();
    }

    private static byte[] without(byte[] file, int... dropped) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte octet : file) {
            if (Arrays.stream(dropped).noneMatch(drop -> drop == octet)) {
                out.write(octet);
            }
        }
        return out.toByteArray();
    }
}
