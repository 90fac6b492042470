package org.fuota.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            7       | 7
            3 1 2   | 2
            4 1 3 2 | 2.5
            """)
    void takesTheMiddleOfAnyOrder(String values, double median) {
        assertEquals(median, sample(values).median());
    }

    @ParameterizedTest(name = "p{0}")
    @CsvSource({"50, 100", "99, 198", "99.9, 200", "100, 200", "0.5, 1"})
    void takesTheNearestRank(double percent, double value) {
        Sample oneTo200 = new Sample(
                IntStream.rangeClosed(1, 200).mapToObj(Double::valueOf).toList());

        assertEquals(value, oneTo200.percentile(percent));
    }

    @Test
    void refusesToTellOfNothing() {
        assertThrows(IllegalArgumentException.class, () -> new Sample(List.of()));
    }

    @Test
    void comparesRoundByRound() {
        Rounds rounds = new Rounds();
        rounds.add(2, 1);
        // A round that was disturbed is so for both.
        rounds.add(30, 10);
        rounds.add(1, 2);

        assertEquals(List.of(0.5, 2.0, 3.0), rounds.ratios().values());
        assertEquals(2, rounds.product());
        assertEquals(2, rounds.floor());
    }

    private static Sample sample(String values) {
        return new Sample(Arrays.stream(values.split(" ")).map(Double::valueOf).toList());
    }
}
