package org.fuota.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.fuota.Fuzzed;

class DeviceUpdateCsvFuzzTest {
    @FuzzTest(maxDuration = "1m")
    void isReadAsItIsWritten(byte[] input) throws Exception {
        String text = new String(input, StandardCharsets.UTF_8);

        Optional<DeviceUpdate> row = Fuzzed.parse(() -> DeviceUpdateCsv.parse(text, "the body"));

        if (row.isPresent()) {
            assertEquals(row.get(), DeviceUpdateCsv.parse(written(row.get()), "the body"));
        }
    }

    /** As the list of all devices has it. */
    static String written(DeviceUpdate row) {
        return quoted(row.deviceId().value()) + "," + quoted(row.appVersion().value()) + ","
                + quoted(row.updateFilePath().value()) + "\n";
    }

    private static String quoted(String field) {
        return '"' + field.replace("\"", "\"\"") + '"';
    }
}
