package org.fuota.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.fuota.Fuzzed;

class AssignmentReaderFuzzTest {
    /** More than the fuzzer's inputs can have. */
    private static final int MAX_ROWS = 10_000;

    @FuzzTest(maxDuration = "1m")
    void readsAsItIsWritten(byte[] input) throws Exception {
        String text = new String(input, StandardCharsets.UTF_8);

        Optional<List<DeviceRow>> rows = Fuzzed.parse(() -> read(text));

        if (rows.isPresent()) {
            assertTrue(!rows.get().isEmpty());
            String written =
                    rows.get().stream().map(AssignmentReaderFuzzTest::written).collect(Collectors.joining());
            assertEquals(rows.get(), read(written));
            assertEquals(
                    rows.get().size(),
                    rows.get().stream().map(DeviceRow::deviceId).distinct().count());
        }
    }

    private static List<DeviceRow> read(String body) throws IOException {
        return new AssignmentReader(new StringReader(body), MAX_ROWS, AssignmentReader.Kind.MANY, false)
                .read()
                .slices()
                .flatMap(List::stream)
                .map(AssignmentList.Line::row)
                .toList();
    }

    /** As the list of all devices has it. */
    private static String written(DeviceRow row) {
        return quoted(row.deviceId()) + "," + quoted(row.appVersion()) + "," + quoted(row.updateFilePath()) + "\n";
    }

    private static String quoted(String field) {
        return '"' + field.replace("\"", "\"\"") + '"';
    }
}
