package org.fuota.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.Random;

/** Images whose checksum, SHA-256 and signature are right, whatever is in them: what no fuzzer finds by changing bytes. */
class BuiltImageFuzzTest {
    @FuzzTest(maxDuration = "1m")
    void isNeverBrokenByWhatItSays(FuzzedDataProvider input) {
        EspImageBuilder builder = EspImageBuilder.image();
        for (int offset : new int[] {2, 3, 4, 12, 13, 14, 15, 16, 17, 18, 19}) {
            builder.header(offset, input.consumeByte());
        }
        builder.padding(input.consumeByte());
        byte[] first = EspImageBuilder.description();
        byte[] changes = input.consumeBytes(256 - 4);
        System.arraycopy(changes, 0, first, 4, changes.length);
        builder.segment(0, first);
        int segments = input.consumeInt(0, 15);
        for (int i = 0; i < segments; i++) {
            byte[] data = input.consumeBytes(64);
            builder.segment(0, Arrays.copyOf(data, data.length / 4 * 4));
        }
        if (input.consumeBoolean()) {
            builder.withoutHash();
        }
        int keys = input.consumeInt(0, 3);
        byte[] image = keys == 0 ? builder.build() : builder.buildSigned(keys);
        byte[] file = EspImageBuilder.concat(image, input.consumeRemainingAsBytes());

        ImageReport report = Inspection.of(file);

        assertFalse(report instanceof ImageReport.Broken, report::toString);
        ImageInspectorFuzzTest.assertSound(report, file.length);
        assertEquals(report, Inspection.inPieces(file, new Random(Arrays.hashCode(file))));
    }
}
