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

class DeviceUpdateReaderFuzzTest {
    /** More than the fuzzer's inputs can have. */
    private static final int MAX_ROWS = 10_000;

    @FuzzTest(maxDuration = "1m")
    void readsAsItIsWritten(byte[] input) throws Exception {
        String text = new String(input, StandardCharsets.UTF_8);

        Optional<List<UpdateLine>> lines = Fuzzed.parse(() -> read(text));

        if (lines.isPresent()) {
            assertTrue(
                    lines.get().size() <= text.lines().count() && !lines.get().isEmpty());
            List<DeviceUpdate> rows =
                    lines.get().stream().map(UpdateLine::update).toList();
            String written = rows.stream().map(DeviceUpdateCsvFuzzTest::written).collect(Collectors.joining());
            assertEquals(rows, read(written).stream().map(UpdateLine::update).toList());
            assertEquals(
                    rows.size(),
                    rows.stream().map(DeviceUpdate::deviceId).distinct().count());
        }
    }

    private static List<UpdateLine> read(String body) throws IOException {
        return new DeviceUpdateReader(new StringReader(body), MAX_ROWS).read();
    }
}
