package org.fuota.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Objects;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JournalEntryTest {
    /** As people and the server write it: from {@code ::1}, or from nowhere. */
    @ParameterizedTest(name = "{0} -> {1} by {2}")
    @CsvSource(delimiter = '|', textBlock = """
            # before  | after                                      | by    | action      | why
                      | running {"file":"a.bin"}                   | alice | made        |
                      | scheduled {"file":"a: b.bin"}              | alice | made        |
            scheduled | running: it has begun                      | fuota | began       |
            running   | paused: 6 % failed: more than 5 %          | fuota | paused      | 6 % failed: more than 5 %
            running   | paused                                     | alice | paused      |
            scheduled | paused: holiday                            | alice | paused      | holiday
            paused    | running                                    | alice | resumed     |
            paused    | running: it was the lamp                   | alice | resumed     | it was the lamp
            paused    | completed                                  | alice | resumed     |
            paused    | scheduled                                  | alice | resumed     |
            running   | running, the first 10 %                    | fuota | advanced    | to the first 10 %
            running   | running, group hall-3                      | fuota | advanced    | to group hall-3
            running   | running, all                               | fuota | advanced    | to all
            running   | running, advanced by hand                  | alice | advanced    |
            running   | running, advanced by hand: in a hurry      | alice | advanced    | in a hurry
            running   | completed, advanced by hand: done          | alice | advanced    | done
            running   | completed                                  | fuota | completed   |
            completed | stopped: enough                            | alice | stopped     | enough
            running   | stopped                                    | alice | stopped     |
            running   | stopped: rolled back                       | alice | rolled_back |
            running   | Something else                             | alice | changed     | Something else
            """)
    void readsTheAuditTrail(@Nullable String before, String after, String by, String action, @Nullable String why) {
        boolean isServer = by.equals("fuota");
        HistoryEvent event = new HistoryEvent(
                Instant.EPOCH,
                null,
                null,
                EventKind.ROLLOUT,
                before == null ? null : "2.0.0 " + before,
                "2.0.0 " + after,
                by,
                isServer ? "" : "::1");

        JournalEntry entry = JournalEntry.of("2.0.0", event);

        assertEquals(
                new JournalEntry(
                        Instant.EPOCH,
                        isServer ? null : by,
                        isServer ? null : "::1",
                        action,
                        Objects.requireNonNullElse(why, "")),
                entry);
    }
}
