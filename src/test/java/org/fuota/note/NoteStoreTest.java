package org.fuota.note;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.history.Actor;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag(TestDatabase.TAG)
class NoteStoreTest {
    private static final Actor ALICE = new Actor("alice", "192.0.2.4");
    private static final Instant NOW = Instant.parse("2026-11-24T03:06:53.116Z");

    @TempDir
    Path folder;

    private BasicDataSource pool = new BasicDataSource();
    private Database database = new Database(pool);
    private HistoryStore history = new HistoryStore(database);
    private NoteStore notes = new NoteStore(database, history);

    @BeforeEach
    void open() {
        pool = TestDatabase.pool(folder);
        database = new Database(pool);
        history = new HistoryStore(database);
        notes = new NoteStore(database, history);
    }

    @AfterEach
    void close() throws Exception {
        pool.close();
    }

    @Test
    void keepsThemInTheirOrder() {
        Note first = add("1", "\u00e9\n\u2026");
        add("2", "of another");
        add("1", "second");

        assertEquals(new Note(first.number(), "1", NOW, "alice", "192.0.2.4", "\u00e9\n\u2026"), first);
        assertEquals(List.of("second", "\u00e9\n\u2026"), texts(notes.ofDevice("1", 9)));
        assertEquals(List.of("second"), texts(notes.ofDevice("1", 1)));
        assertEquals(List.of("\u00e9\n\u2026", "of another"), texts(notes.after(0, 2)));
        assertEquals(List.of("of another", "second"), texts(notes.after(first.number(), 9)));
        assertEquals(first, notes.after(0, 1).get(0));
    }

    @Test
    void deletesOneOfItsDeviceAlone() {
        long number = add("1", "a").number();
        add("1", "b");

        assertFalse(notes.delete("2", number, ALICE, NOW));
        assertFalse(notes.delete("1", number + 100, ALICE, NOW));
        assertTrue(notes.delete("1", number, ALICE, NOW));
        assertFalse(notes.delete("1", number, ALICE, NOW));

        assertEquals(List.of("b"), texts(notes.ofDevice("1", 9)));
    }

    @Test
    void tellsTheHistoryWhoDidWhat() {
        long number = add("1", "a").number();
        notes.delete("1", number, new Actor("bob", "::1"), NOW);

        assertEquals(
                List.of(
                        "note_deleted device 1, before: a, by bob, from ::1",
                        "noted device 1, after: a, by alice, from 192.0.2.4"),
                history.ofDevice("1", 9).stream().map(HistoryEvent::toString).toList());
    }

    /** Whoever looks at an old list and deletes from it must not hit another's. */
    @Test
    void givesNoNumberTwice() {
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Note note = add("1", "a");
            numbers.add(note.number());
            notes.delete("1", note.number(), ALICE, NOW);
        }

        assertEquals(3, numbers.stream().distinct().count(), numbers.toString());
    }

    /** After years, when the audit trail of a note is gone. */
    @Test
    void numbersOnWhenTheHistoryIsPruned() {
        long first = add("1", "a").number();
        database.update("DELETE FROM history");

        assertTrue(add("1", "b").number() > first);
    }

    @Test
    void isBoundedForEachDevice() {
        for (int i = 0; i < NoteStore.MAX_OF_DEVICE; i++) {
            add("1", "n" + i);
        }

        FuotaException refused = assertThrows(FuotaException.class, () -> add("1", "one more"));

        assertEquals(ErrorCode.CONFLICT, refused.code());
        assertEquals("device 1 has 200 notes: delete one first", refused.sentence());
        add("2", "another's");
        notes.delete("1", notes.ofDevice("1", 1).get(0).number(), ALICE, NOW);
        add("1", "in its place");
    }

    private Note add(String deviceId, String text) {
        return notes.add(deviceId, text, ALICE, NOW);
    }

    private static List<String> texts(List<Note> notes) {
        return notes.stream().map(Note::text).toList();
    }
}
