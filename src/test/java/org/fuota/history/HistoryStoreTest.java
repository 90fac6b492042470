package org.fuota.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag(TestDatabase.TAG)
class HistoryStoreTest {
    @TempDir
    Path folder;

    private BasicDataSource pool = new BasicDataSource();
    private Database database = new Database(pool);
    private HistoryStore history = new HistoryStore(database);

    @BeforeEach
    void open() {
        pool = TestDatabase.pool(folder);
        database = new Database(pool);
        history = new HistoryStore(database);
    }

    @AfterEach
    void close() throws Exception {
        pool.close();
    }

    @Test
    void tellsTheNewestFirstWhateverTheClockSays() {
        add(20, "1", "first", null);
        add(10, "1", "second", "admin");
        add(30, "2", "of another", null);
        add(15, "1", "third", null);

        assertEquals(List.of("third", "second", "first"), events("1", 9));
        assertEquals(List.of("third", "second"), events("1", 2));
        assertEquals(Instant.ofEpochSecond(15), history.ofDevice("1", 1).get(0).at());
    }

    @Test
    void trimsWhatPollsToldAndNothingElse() {
        add(1, "1", "audit", "admin");
        for (int i = 0; i < HistoryStore.MAX_OBSERVED + 5; i++) {
            add(2, "1", "e" + i, null);
        }
        add(3, "2", "of another", null);

        database.transaction(transaction -> {
            history.trim(transaction, "1");
            return 1;
        });

        List<String> events = events("1", 999);
        assertEquals(HistoryStore.MAX_OBSERVED + 1, events.size());
        assertEquals("e5", events.get(HistoryStore.MAX_OBSERVED - 1));
        assertEquals("audit", events.get(HistoryStore.MAX_OBSERVED));
        assertEquals(1, events("2", 9).size());
    }

    /** Who made its id up, too. */
    @Test
    void keepsLittleOfADeviceThatNobodyAssigned() {
        for (int i = 0; i < HistoryStore.MAX_OBSERVED; i++) {
            add(2, "stranger", "e" + i, null);
            add(2, "row", "e" + i, null);
        }
        database.transaction(transaction -> {
            transaction.update("INSERT INTO device_app (device_id) VALUES ('row')");
            history.trim(transaction, "stranger");
            history.trim(transaction, "row");
            return 1;
        });

        assertEquals(HistoryStore.MAX_OF_STRANGER, events("stranger", 999).size());
        assertEquals("e199", events("stranger", 1).get(0));
        assertEquals(HistoryStore.MAX_OBSERVED, events("row", 999).size());
    }

    @Test
    void forgetsWhatPollsToldAndNothingElse() {
        add(1, "1", "audit", "admin");
        add(2, "1", "seen", null);
        add(3, "2", "seen", null);

        database.transaction(transaction -> {
            history.forget(transaction, List.of("1"));
            return 1;
        });

        assertEquals(List.of("audit"), events("1", 9));
        assertEquals(List.of("seen"), events("2", 9));
    }

    @Test
    void prunesWhatIsTooOld() {
        add(10, "1", "old", null);
        add(20, "1", "new", null);
        add(10, "1", "old audit", "admin");
        add(5, "1", "very old audit", "admin");

        assertFalse(history.pruneSome(Instant.ofEpochSecond(20), Instant.ofEpochSecond(10)));

        assertEquals(List.of("old audit", "new"), events("1", 9));
    }

    @Test
    void prunesSliceBySlice() {
        database.transaction(transaction -> {
            history.add(
                    transaction,
                    IntStream.range(0, 5_001)
                            .mapToObj(i -> event(1, "1", "e", null))
                            .toList());
            return 1;
        });

        assertTrue(history.pruneSome(Instant.ofEpochSecond(2), Instant.EPOCH));
        assertEquals(1, events("1", 9).size());
        assertFalse(history.pruneSome(Instant.ofEpochSecond(2), Instant.EPOCH));
        assertEquals(0, events("1", 9).size());
    }

    /** Names may begin alike, and hold what SQL's patterns give a meaning. */
    @Test
    void tellsOfOneRolloutAlone() {
        for (String after :
                List.of("a_b running", "a_b.1 running", "acb running", "a_b paused", "a_b-rollback running")) {
            database.transaction(transaction -> {
                history.add(
                        transaction,
                        new HistoryEvent(Instant.EPOCH, null, null, EventKind.ROLLOUT, null, after, "admin", "::1"));
                return 1;
            });
        }
        add(1, "1", "a_b polled", null);

        assertEquals(
                List.of("a_b paused", "a_b running"),
                history.ofRollout("a_b", 9).stream().map(HistoryEvent::after).toList());
        assertEquals(1, history.ofRollout("a_b", 1).size());
    }

    @Test
    void printsOneLineThatNobodyCanForge() {
        HistoryEvent event = new HistoryEvent(
                Instant.EPOCH, "a\nb", "f.bin", EventKind.ASSIGNED, null, "\u202e\r\n x", "ad\"min", "::1");

        assertEquals(
                "assigned device a%0Ab file f.bin, after: %E2%80%AE%0D%0A x, by ad%22min, from ::1", event.toString());
    }

    private void add(long second, String deviceId, String event, @Nullable String user) {
        database.transaction(transaction -> {
            history.add(transaction, event(second, deviceId, event, user));
            return 1;
        });
    }

    private static HistoryEvent event(long second, String deviceId, String event, @Nullable String user) {
        return new HistoryEvent(
                Instant.ofEpochSecond(second), deviceId, null, EventKind.SEEN, null, event, user, "::1");
    }

    private List<String> events(String deviceId, int limit) {
        return history.ofDevice(deviceId, limit).stream()
                .map(HistoryEvent::after)
                .toList();
    }
}
