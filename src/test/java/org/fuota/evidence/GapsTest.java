package org.fuota.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GapsTest {
    @ParameterizedTest(name = "{0}: {1} s")
    @CsvSource(delimiter = '|', textBlock = """
                    # polls at seconds                                     | usual gap in seconds
                    0                                                      |
                    0; 60; 120                                             |
                    0; 60; 120; 180                                        | 60
                    # One retry, one outage, one clock set back.
                    0; 1; 61; 121                                          | 60
                    0; 60; 120; 180; 99999; 100059                         | 60
                    0; 60; 120; 180; 100; 160                              | 60
                    # A new interval, within three polls.
                    0; 60; 120; 180; 240; 300; 3900; 7500                  | 60
                    0; 60; 120; 180; 240; 300; 3900; 7500; 11100           | 3600
                    """)
    void isTheMedianOfTheLast(String seconds, @Nullable Long usual) {
        String polls = seconds.replace(";", " 1;") + " 1";

        assertEquals(
                usual,
                Objects.requireNonNull(Script.status(polls))
                        .gaps()
                        .usual()
                        .map(Duration::toSeconds)
                        .orElse(null));
    }

    @Test
    void survivesTheDatabase() {
        Gaps gaps = Objects.requireNonNull(Script.status("0 1; 60 1; 121 1; 183 1; 246 1; 310 1; 375 1"))
                .gaps();

        assertEquals("61000,62000,63000,64000,65000", gaps.text());
        assertEquals(gaps, Gaps.ofText(gaps.text()));
        assertEquals(Gaps.none(), Gaps.ofText(""));
    }
}
