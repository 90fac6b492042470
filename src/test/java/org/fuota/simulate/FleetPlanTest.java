package org.fuota.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FleetPlanTest {
    private static FleetPlan parse(String arguments) {
        return FleetPlan.parse(arguments.split(" "), "secret");
    }

    @Test
    void hasUsualBoards() {
        FleetPlan plan = parse("--simulate https://localhost:8443/");

        assertEquals("https://localhost:8443", plan.server().toString());
        assertEquals("device", plan.user());
        assertEquals("sim-0001", plan.id(1));
        assertEquals(100, plan.boards());
        assertEquals("1.0.0", plan.versionAt(0.99));
        assertEquals(Mishap.NONE, plan.mishapAt(0));
        assertEquals(10_000, plan.gap().toMillis());
    }

    @Test
    void dividesBoardsAsItIsTold() {
        FleetPlan plan = parse(
                "--simulate http://h --boards 20000 --versions 1=7,b=2,1.0=x=1 --stuck 1 --reverted 2.5 --silent 96 --every 0.5");

        assertEquals("sim-20000", plan.id(20_000));
        assertEquals(Map.of("1", 700L, "b", 200L, "1.0=x", 100L), share(plan::versionAt));
        assertEquals(
                Map.of(Mishap.STUCK, 10L, Mishap.REVERTED, 25L, Mishap.SILENT, 960L, Mishap.NONE, 5L),
                share(plan::mishapAt));
        assertEquals(500, plan.gap().toMillis());
    }

    private static <T> Map<T, Long> share(Function<Double, T> at) {
        return IntStream.range(0, 1000)
                .mapToObj(i -> at.apply((i + 0.5) / 1000))
                .collect(Collectors.groupingBy(one -> one, TreeMap::new, Collectors.counting()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --simulate                                 | --simulate isn't an option with a value; --simulate --help lists them
                    --simulate ftp://h                         | --simulate ftp://h isn't https://HOST:PORT
                    --simulate https://u:p@h                   | --simulate https://...@h isn't https://HOST:PORT
                    --simulate https://h boards 3              | boards isn't an option with a value; --simulate --help lists them
                    --simulate https://h --bards 3             | unknown option --bards; --simulate --help lists them
                    --simulate https://h --boards 0            | --boards 0 isn't a number from 1 to 100000
                    --simulate https://h --boards 1e3          | --boards 1e3 isn't a number from 1 to 100000
                    --simulate https://h --every 0             | --every 0 isn't a number from 0.1 to 86400
                    --simulate https://h --stuck 101           | --stuck 101 isn't a number from 0 to 100
                    --simulate https://h --stuck 60 --silent 60 | --stuck, --reverted and --silent are more than 100 percent together
                    --simulate https://h --versions 1=0        | --versions 1=0 isn't VERSION=SHARE,VERSION=SHARE,...
                    --simulate https://h --versions a,         | --versions a, isn't VERSION=SHARE,VERSION=SHARE,...
                    --simulate https://h --seconds 0           | --seconds 0 isn't a number from 1 to 31536000
                    """)
    void saysWhatIsWrong(String arguments, String sentence) {
        assertEquals(
                sentence,
                assertThrows(IllegalArgumentException.class, () -> parse(arguments))
                        .getMessage());
    }

    @Test
    void needsAPassword() {
        assertEquals(
                "FUOTA_DEVICE_PASSWORD is missing: the password of --user",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> FleetPlan.parse(new String[] {"--simulate", "https://h"}, ""))
                        .getMessage());
    }
}
