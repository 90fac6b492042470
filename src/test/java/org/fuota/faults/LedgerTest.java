package org.fuota.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The crash test's judge: it must see each kind of loss, and none where there is none. */
class LedgerTest {
    /**
     * What happens: {@code 1: a=x} begins write 1 of key a, {@code 1+} acknowledges it, {@code 1-} refuses it. Before, all
     * is {@code 0}.
     */
    @ParameterizedTest(name = "{0} -> {1}: {2} lies")
    @CsvSource(delimiter = '|', textBlock = """
            # acknowledged: there
            1: a=x, 1+                         | a=x         | 0
            1: a=x, 1+                         | a=0         | 1
            1: a=x, 1+                         | a=absent    | 1
            1: a=absent, 1+                    | a=absent    | 0
            1: a=absent, 1+                    | a=0         | 1
            # one after the other: the second
            1: a=x, 1+, 2: a=y, 2+             | a=y         | 0
            1: a=x, 1+, 2: a=y, 2+             | a=x         | 1
            # at the same time: one of them
            1: a=x, 2: a=y, 1+, 2+             | a=y         | 0
            1: a=x, 2: a=y, 1+, 2+             | a=x         | 0
            1: a=x, 2: a=y, 1+, 2+             | a=0         | 1
            # unacknowledged: there or not
            1: a=x                             | a=x         | 0
            1: a=x                             | a=0         | 0
            1: a=x                             | a=y         | 1
            1: a=x, 1+, 2: a=y                 | a=x         | 0
            1: a=x, 1+, 2: a=y                 | a=y         | 0
            1: a=x, 1+, 2: a=y                 | a=0         | 1
            # refused: not there
            1: a=x, 1-                         | a=0         | 0
            1: a=x, 1-                         | a=x         | 1
            # never written
            1: a=x, 1+                         | a=x b=z     | 1
            # all of many, or none
            1: a=x b=x                         | a=x b=x     | 0
            1: a=x b=x                         | a=0 b=0     | 0
            1: a=x b=x                         | a=x b=0     | 1
            1: a=x b=x, 1+                     | a=x b=0     | 2
            1: a=x b=x, 2: b=y, 2+             | a=x b=y     | 0
            2: b=y, 2+, 1: a=x b=x             | a=x b=y     | 1
            2: b=absent, 2+, 1: a=x b=x        | a=x b=absent| 1
            1: a=x b=x, 2: b=absent            | a=x b=absent| 0
            """)
    void judges(String events, String found, int lies) {
        Ledger ledger = new Ledger();
        ledger.goOn(Map.of("a", "0", "b", "0"));
        Map<String, Ledger.Begun> writes = new HashMap<>();
        for (String event : events.split(", ")) {
            String number = event.substring(0, 1);
            switch (event.charAt(1)) {
                case ':' -> writes.put(number, ledger.begin(values(event.substring(3))));
                case '+' -> writes.get(number).acknowledge();
                default -> writes.get(number).refuse();
            }
        }
        Map<String, String> there = new HashMap<>(Map.of("a", "0", "b", "0"));
        there.putAll(values(found));
        there.values().removeIf(Ledger.ABSENT::equals);

        assertEquals(lies, ledger.lies(there).size(), () -> String.valueOf(ledger.lies(there)));
    }

    private static Map<String, String> values(String text) {
        Map<String, String> values = new HashMap<>();
        for (String pair : text.split(" ")) {
            values.put(pair.split("=")[0], pair.split("=")[1]);
        }
        return values;
    }
}
