package org.fuota.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.Random;

/** Any bytes at all. */
class ImageInspectorFuzzTest {
    @FuzzTest(maxDuration = "1m")
    void findsTheSameInPiecesAsInOne(byte[] file) {
        ImageReport report = Inspection.of(file);

        assertSound(report, file.length);
        assertEquals(report, Inspection.inPieces(file, new Random(Arrays.hashCode(file))));
    }

    static void assertSound(ImageReport report, int fileBytes) {
        if (report instanceof ImageReport.Broken broken) {
            assertTrue(broken.offset() <= fileBytes, broken.toString());
            assertTrue(broken.sentence().matches("[a-z][ -~]+"), broken.sentence());
        }
        if (report instanceof ImageReport.Application application) {
            assertTrue(application.imageBytes() <= fileBytes && application.imageBytes() % 16 == 0);
            application.warnings().forEach(warning -> assertTrue(warning.matches("[ -~]+"), warning));
            AppDescription told = application.description();
            assertTrue((told.version() + told.project() + told.compiled() + told.espIdf()).matches("[ -~]*"));
        }
    }
}
