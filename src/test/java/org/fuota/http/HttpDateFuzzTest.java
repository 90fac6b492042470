package org.fuota.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

class HttpDateFuzzTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    @FuzzTest(maxDuration = "1m")
    void isReadAsItIsWritten(byte[] input) {
        Optional<Instant> date = HttpDate.parse(new String(input, StandardCharsets.ISO_8859_1), NOW);

        // The leap second at the end of 9999 is in a year that has no such form.
        date.filter(read -> read.isBefore(Instant.parse("+10000-01-01T00:00:00Z")))
                .ifPresent(read -> assertEquals(date, HttpDate.parse(IMF_FIXDATE.format(read), NOW)));
    }
}
