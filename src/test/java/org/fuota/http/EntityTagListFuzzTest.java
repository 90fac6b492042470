package org.fuota.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

class EntityTagListFuzzTest {
    /** Each line is one of the header. */
    @FuzzTest(maxDuration = "1m")
    void isReadAsItIsWritten(byte[] input) {
        List<String> lines = List.of(new String(input, StandardCharsets.ISO_8859_1).split("\n"));

        Optional<EntityTagList> list = EntityTagList.parse(lines);

        list.ifPresent(read -> {
            List<String> written = read.isAny()
                    ? List.of("*")
                    : read.tags().stream().map(EntityTag::toString).toList();
            assertEquals(list, EntityTagList.parse(written));
            for (EntityTag tag : read.tags()) {
                assertTrue(read.matches(tag::equalsWeakly));
                assertTrue(tag.isWeak() || read.matches(tag::equalsStrongly));
            }
        });
    }
}
