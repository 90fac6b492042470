package org.fuota.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageWarningsTest {
    @ParameterizedTest
    @CsvSource({
        "'', the image's version is empty",
        "1, 'the image''s version is 1, which ESP-IDF puts there when a project has none'",
        "abcdef0, the image's version looks like a git hash: abcdef0",
        "0123abc-dirty, the image's version looks like a git hash: 0123abc-dirty",
        "1234567-dirty, the image's version looks like a git hash: 1234567-dirty",
        "abcdefabcdefabcdefabcdefabcdefab, the image's version looks like a git hash: abcdefabcdefabcdefabcdefabcdefab"
    })
    void areAboutTheVersion(String version, String warning) {
        byte[] file = EspImageBuilder.application()
                .description(16, version + "\0\0\0\0\0".substring(version.length() > 27 ? 5 : 0))
                .build();

        assertEquals(List.of(warning), Inspection.application(file).warnings());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.1.1",
                "2",
                "11",
                "v1",
                "abcdef",
                "ABCDEF0",
                "abcdefg",
                "v1.0-3-gabcdef0",
                "abcdef0-dirt",
                "20250714"
            })
    void leaveAVersionAlone(String version) {
        byte[] file =
                EspImageBuilder.application().description(16, version + "\0").build();

        assertEquals(List.of(), Inspection.application(file).warnings());
    }

    @Test
    void areAboutAProjectThatIsTheFrameworks() {
        byte[] file = EspImageBuilder.application()
                .description(48, "arduino-lib-builder\0")
                .build();

        assertEquals(
                List.of("project and version are those of the Arduino framework, and not the application's own"),
                Inspection.application(file).warnings());
    }

    @Test
    void areAboutTheFilesSizeAndNotTheImages() {
        byte[] file = EspImageBuilder.application().buildSigned(1);

        assertEquals(List.of("the file has 8192 bytes, more than the 8191 of a board's slot"), warnings(file, 8191));
        assertEquals(List.of(), warnings(file, 8192));
    }

    @Test
    void comeAllInTheOrderOfTheFile() {
        byte[] file = EspImageBuilder.concat(
                EspImageBuilder.application()
                        .header(12, 99)
                        .description(16, "\0\0\0\0\0")
                        .withoutHash()
                        .build(),
                new byte[2]);

        assertEquals(
                List.of(
                        "unknown chip id 99",
                        "no SHA-256 is appended, so a board may not detect corruption",
                        "the image's version is empty",
                        "bytes 368 to 369 follow the image, only to fill up",
                        "the file has 370 bytes, more than the 100 of a board's slot"),
                warnings(file, 100));
    }

    private static List<String> warnings(byte[] file, long slotBytes) {
        ImageInspector inspector = new ImageInspector(slotBytes);
        inspector.update(file, 0, 300);
        inspector.update(file, 300, file.length - 300);
        return assertInstanceOf(ImageReport.Application.class, inspector.finish())
                .warnings();
    }
}
