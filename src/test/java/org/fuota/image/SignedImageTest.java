package org.fuota.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The image ends at 400, its padding at 4096, the signature's first block at 5312, its sector at 8192. */
class SignedImageTest {
    private static final byte[] IMAGE = EspImageBuilder.application().build();
    private static final byte[] SIGNED = EspImageBuilder.application().buildSigned(2);

    @ParameterizedTest
    @MethodSource("signedImages")
    void seesTheSignature(byte[] file) {
        ImageReport.Application report = Inspection.application(file);

        assertTrue(report.isSigned());
        assertEquals(400, report.imageBytes());
        assertEquals(List.of(), report.warnings());
    }

    static Stream<byte[]> signedImages() {
        byte[] v1 = new byte[68];
        Arrays.fill(v1, 4, 68, (byte) 0x31);
        return Stream.of(
                EspImageBuilder.signed(IMAGE, 1, 2),
                EspImageBuilder.signed(IMAGE, 3, 2),
                EspImageBuilder.signed(IMAGE, 1, 3),
                EspImageBuilder.signedP384(IMAGE),
                EspImageBuilder.concat(IMAGE, v1));
    }

    /** A board looks for it right behind the image: padding to 64 KiB follows it as a rule. */
    @ParameterizedTest(name = "{0} bytes of {1} follow")
    @CsvSource({
        "1, 0x00, 'bytes 468 to 468 follow the signature, only to fill up'",
        "65068, 0xFF, 'bytes 468 to 65535 follow the signature, only to fill up'",
        "4000, 0x77, 'bytes 468 to 4467 follow the signature, and boards ignore them'"
    })
    void seesASignatureOfSecureBootV1WhateverFollows(int bytes, String value, String warning) {
        byte[] v1 = new byte[68 + bytes];
        Arrays.fill(v1, 4, 68, (byte) 0x31);
        Arrays.fill(v1, 68, v1.length, Integer.decode(value).byteValue());

        ImageReport.Application report = Inspection.application(EspImageBuilder.concat(IMAGE, v1));

        assertTrue(report.isSigned());
        assertEquals(List.of(warning), report.warnings());
    }

    @Test
    void takesASignatureRightAfterAnImageThatNeedsNoPadding() {
        byte[] image = EspImageBuilder.image()
                .segment(0x3F400020, Arrays.copyOf(EspImageBuilder.description(), 4096 - 32 - 16 - 32))
                .build();
        assertEquals(4096, image.length);

        ImageReport.Application report = Inspection.application(EspImageBuilder.signed(image, 1, 2));

        assertTrue(report.isSigned());
        assertEquals(4096, report.imageBytes());
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("brokenSignatures")
    void refusesASignatureThatIsOfNoUse(byte[] file, long offset, String sentence) {
        Damage damage = sentence.contains("cut off") ? Damage.CUT_OFF : Damage.SIGNATURE;

        assertEquals(new ImageReport.Broken(damage, offset, sentence), Inspection.of(file));
    }

    static Stream<Arguments> brokenSignatures() {
        byte[] other = EspImageBuilder.application().description(16, "0.1.2").buildSigned(1);
        System.arraycopy(IMAGE, 0, other, 0, IMAGE.length);
        return Stream.of(
                arguments(
                        EspImageBuilder.changed(SIGNED, 4096 + 700, 0),
                        5292,
                        "the CRC-32 at byte 5292 doesn't fit the signature before it"),
                arguments(
                        EspImageBuilder.changed(SIGNED, 5292, ~SIGNED[5292]),
                        5292,
                        "the CRC-32 at byte 5292 doesn't fit the signature before it"),
                arguments(
                        EspImageBuilder.changed(SIGNED, 4096 + 1216 + 700, 0),
                        6508,
                        "the CRC-32 at byte 6508 doesn't fit the signature before it"),
                arguments(other, 4100, "the signature is for another image: the SHA-256 at byte 4100 isn't this one's"),
                arguments(
                        EspImageBuilder.changed(SIGNED, 2000, 0),
                        4100,
                        "the signature is for another image: the SHA-256 at byte 4100 isn't this one's"),
                arguments(
                        Arrays.copyOf(SIGNED, 8191),
                        8191,
                        "the image is cut off at byte 8191: its signature ends at byte 8192"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("trailingBytes")
    void warnsOfBytesThatAreNeitherImageNorSignature(byte[] file, String warning, boolean isSigned) {
        ImageReport.Application report = Inspection.application(file);

        assertEquals(List.of(warning), report.warnings());
        assertEquals(isSigned, report.isSigned());
    }

    static Stream<Arguments> trailingBytes() {
        byte[] v1WithVersion1 = new byte[68];
        v1WithVersion1[0] = 1;
        return Stream.of(
                arguments(EspImageBuilder.padded(IMAGE), "bytes 400 to 4095 follow the image, only to fill up", false),
                arguments(Arrays.copyOf(IMAGE, 401), "bytes 400 to 400 follow the image, only to fill up", false),
                // 68 zeros are no signature.
                arguments(Arrays.copyOf(IMAGE, 468), "bytes 400 to 467 follow the image, only to fill up", false),
                arguments(
                        EspImageBuilder.concat(IMAGE, v1WithVersion1),
                        "bytes 400 to 467 follow the image, and boards ignore them",
                        false),
                arguments(
                        EspImageBuilder.concat(IMAGE, new byte[] {0, (byte) 0xFF}),
                        "bytes 400 to 401 follow the image, and boards ignore them",
                        false),
                arguments(
                        EspImageBuilder.concat(IMAGE, new byte[] {0x11, 0x11}),
                        "bytes 400 to 401 follow the image, and boards ignore them",
                        false),
                arguments(
                        EspImageBuilder.concat(IMAGE, IMAGE),
                        "bytes 400 to 799 follow the image, and boards ignore them",
                        false),
                arguments(
                        EspImageBuilder.changed(SIGNED, 4096, 0xE6),
                        "bytes 400 to 8191 follow the image, and boards ignore them",
                        false),
                arguments(
                        EspImageBuilder.changed(SIGNED, 4097, 4),
                        "bytes 400 to 8191 follow the image, and boards ignore them",
                        false),
                arguments(
                        EspImageBuilder.concat(SIGNED, new byte[] {1}),
                        "bytes 8192 to 8192 follow the signature, and boards ignore them",
                        true),
                arguments(
                        Arrays.copyOf(SIGNED, 9000), "bytes 8192 to 8999 follow the signature, only to fill up", true));
    }

    @Test
    void doesNotTakeASignatureAtAnotherPlace() {
        byte[] sector = Arrays.copyOfRange(SIGNED, 4096, 8192);

        assertFalse(
                Inspection.application(EspImageBuilder.concat(IMAGE, sector)).isSigned());
    }
}
