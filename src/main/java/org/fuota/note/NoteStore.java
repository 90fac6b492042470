package org.fuota.note;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.history.Actor;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;

/** The table {@code device_note}; what comes to it and goes is in the history, too. */
public final class NoteStore {
    static final int MAX_OF_DEVICE = 200;

    private static final String SELECT = "SELECT number, device_id, at, user_name, remote_addr, text FROM device_note ";

    private final Database database;
    private final HistoryStore history;

    public NoteStore(Database database, HistoryStore history) {
        this.database = database;
        this.history = history;
    }

    /** @throws FuotaException when the device has {@value #MAX_OF_DEVICE} already */
    Note add(String deviceId, String text, Actor actor, Instant now) {
        return database.transaction(transaction -> {
            if (count(transaction, deviceId) >= MAX_OF_DEVICE) {
                throw new FuotaException(
                        ErrorCode.CONFLICT,
                        "device " + Printable.of(deviceId) + " has " + MAX_OF_DEVICE + " notes: delete one first");
            }
            Note note = new Note(nextNumber(transaction), deviceId, now, actor.user(), actor.remoteAddress(), text);
            transaction.update(
                    """
                    INSERT INTO device_note (number, device_id, at, user_name, remote_addr, text)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """, note.number(), deviceId, now.toEpochMilli(), actor.user(), actor.remoteAddress(), text);
            history.add(
                    transaction,
                    new HistoryEvent(
                            now, deviceId, null, EventKind.NOTED, null, text, actor.user(), actor.remoteAddress()));
            return note;
        });
    }

    /** False when the device has no such note. */
    boolean delete(String deviceId, long number, Actor actor, Instant now) {
        return database.transaction(transaction -> {
            List<Note> notes =
                    transaction.query(SELECT + "WHERE number = ? AND device_id = ?", NoteStore::note, number, deviceId);
            for (Note note : notes) {
                transaction.update("DELETE FROM device_note WHERE number = ?", number);
                history.add(
                        transaction,
                        new HistoryEvent(
                                now,
                                deviceId,
                                null,
                                EventKind.NOTE_DELETED,
                                note.text(),
                                null,
                                actor.user(),
                                actor.remoteAddress()));
            }
            return !notes.isEmpty();
        });
    }

    /** A device's, newest first. */
    public List<Note> ofDevice(String deviceId, int limit) {
        return database.query(
                SELECT + "WHERE device_id = ? ORDER BY number DESC LIMIT ?", NoteStore::note, deviceId, limit);
    }

    /** The next of all devices, oldest first. */
    List<Note> after(long number, int limit) {
        return database.query(SELECT + "WHERE number > ? ORDER BY number LIMIT ?", NoteStore::note, number, limit);
    }

    private static long count(Transaction statements, String deviceId) {
        return statements
                .queryOne("SELECT COUNT(*) FROM device_note WHERE device_id = ?", row -> row.getLong(1), deviceId)
                .orElse(0L);
    }

    /** Beyond all of the history, where a note that was deleted left something: so whoever deletes it twice deletes no other. */
    private long nextNumber(Transaction transaction) {
        long last = transaction
                .queryOne("SELECT COALESCE(MAX(number), 0) FROM device_note", row -> row.getLong(1))
                .orElse(0L);
        return 1 + Math.max(last, history.last(transaction));
    }

    private static Note note(ResultSet row) throws SQLException {
        return new Note(
                row.getLong(1),
                row.getString(2),
                Instant.ofEpochMilli(row.getLong(3)),
                row.getString(4),
                row.getString(5),
                row.getString(6));
    }
}
