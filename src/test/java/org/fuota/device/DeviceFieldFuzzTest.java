package org.fuota.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.fuota.Fuzzed;

class DeviceFieldFuzzTest {
    /** As UTF-16, so that halves of surrogate pairs come, too; or else as UTF-8. */
    @FuzzTest(maxDuration = "1m")
    void isShortTextAndAnIdIsASegmentOfAPath(byte[] input) throws Exception {
        boolean isUtf16 = input.length > 1 && input[0] == 0;
        String text = new String(input, isUtf16 ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_8);

        Optional<AppVersion> version = Fuzzed.parse(() -> new AppVersion(text));
        Optional<DeviceId> id = Fuzzed.parse(() -> new DeviceId(text));

        if (version.isPresent()) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            assertEquals(text, new String(utf8, StandardCharsets.UTF_8));
            assertTrue(utf8.length > 0 && utf8.length <= 128);
            assertFalse(text.matches("(?s).*\\p{Cntrl}.*"));
        }
        if (id.isPresent()) {
            assertTrue(version.isPresent(), "all that a version mustn't have, an id mustn't");
            assertFalse(text.contains("\\"));
            URI url = new URI("https", "host", "/devices/" + text, null).normalize();
            assertEquals("/devices/" + text, url.getPath());
        }
    }
}
