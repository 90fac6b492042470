package org.fuota.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

class EntityTagFuzzTest {
    @FuzzTest(maxDuration = "1m")
    void isReadAsItIsWritten(byte[] input) {
        String header = new String(input, StandardCharsets.ISO_8859_1);

        Optional<EntityTag> tag = EntityTag.parse(header);

        tag.ifPresent(read -> {
            assertEquals(header, read.toString());
            assertEquals(!read.isWeak(), read.equalsStrongly(read));
        });
    }
}
