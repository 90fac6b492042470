package org.fuota.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarningTallyTest {
    @Test
    void tellsEachOnceWithWhomItConcerns() {
        WarningTally tally = new WarningTally();
        tally.add("second", 1, "b");
        tally.add("first", 1, "a");
        tally.add("second", 1, "c");
        tally.note("about all");

        assertEquals(List.of("about all", "second (2 devices, the first b)", "first (device a)"), tally.sentences());
    }

    @ParameterizedTest(name = "of {0}: {1}")
    @CsvSource({
        "21, ... and 1 more",
        "1000, ... and 980 more",
        "1001, ... and more than 980 more",
        "5000, ... and more than 980 more"
    })
    void countsOnlyAsManyAsItHolds(int sentences, String last) {
        WarningTally tally = new WarningTally();
        IntStream.range(0, sentences).forEach(i -> tally.add("warning " + i, 1, "d" + i));
        tally.add("warning 0", 1, "again");

        List<String> told = tally.sentences();

        assertEquals(21, told.size());
        assertEquals("warning 0 (2 devices, the first d0)", told.get(0));
        assertEquals(last, told.get(20));
    }
}
