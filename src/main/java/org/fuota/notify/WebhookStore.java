package org.fuota.notify;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.jspecify.annotations.Nullable;

/** The tables {@code webhook_event} and {@code webhook_delivery}. */
final class WebhookStore {
    private static final int PRUNE_ROWS = 5_000;

    private final Database database;

    WebhookStore(Database database) {
        this.database = database;
    }

    /**
     * An event that a target is to be told.
     *
     * @param attempts how many there were
     * @param body what is posted
     */
    record Delivery(long event, long attempts, byte[] body) {}

    /**
     * How a target gets on.
     *
     * @param error why the last of its events that failed did, or null
     * @param lastSuccess null when there is none
     */
    record Progress(
            long delivered,
            long waiting,
            @Nullable String error,
            @Nullable Instant errorAt,
            @Nullable Instant lastSuccess) {}

    /** A number of events that one target is told no more. */
    record GivenUp(String target, long events) {}

    /** Has an event wait for targets; of more than so many that wait for one, the oldest go. Returns how many went. */
    int add(Transaction transaction, Event event, String node, List<Target> targets, int maxWaiting) {
        long number = transaction
                .queryOne("SELECT COALESCE(MAX(number), 0) + 1 FROM webhook_event", row -> row.getLong(1))
                .orElseThrow();
        long at = event.at().toEpochMilli();
        transaction.update(
                """
                INSERT INTO webhook_event (number, id, event, subject, sentence, happened_at, node)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """, number, event.id().toString(), event.kind().label(), event.subject(), event.sentence(), at, node);
        int gone = 0;
        for (Target target : targets) {
            transaction.update("""
                    INSERT INTO webhook_delivery (event, target, attempts, due_at)
                    VALUES (?, ?, 0, ?)
                    """, number, target.key(), at);
            gone += transaction.update("""
                    DELETE FROM webhook_delivery
                    WHERE target = ? AND done_at IS NULL AND event <= (
                        SELECT event
                        FROM webhook_delivery
                        WHERE target = ? AND done_at IS NULL
                        ORDER BY event DESC
                        LIMIT 1 OFFSET ?)
                    """, target.key(), target.key(), maxWaiting);
        }
        return gone;
    }

    /**
     * What a target is to be told next.
     *
     * @param maxDelay what is due later than after that was written before the clock was set back, and is due
     */
    Optional<Delivery> next(Target target, Instant now, Duration maxDelay) {
        return database.queryOne(
                """
                SELECT e.number, d.attempts, e.sentence, e.id, e.event, e.subject, e.happened_at, e.node
                FROM webhook_delivery d
                JOIN webhook_event e ON e.number = d.event
                WHERE d.target = ? AND d.done_at IS NULL AND (d.due_at <= ? OR d.due_at > ?)
                ORDER BY d.event
                LIMIT 1
                """,
                row -> new Delivery(row.getLong(1), row.getLong(2), body(row)),
                target.key(),
                now.toEpochMilli(),
                now.plus(maxDelay).toEpochMilli());
    }

    private static byte[] body(ResultSet row) throws SQLException {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject();
            json.name("text").value(row.getString(3));
            json.name("id").value(row.getString(4));
            json.name("event").value(row.getString(5));
            json.name("subject").value(row.getString(6));
            json.name("at").value(Instant.ofEpochMilli(row.getLong(7)).toString());
            json.name("node").value(row.getString(8));
            json.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Counts an attempt before it is made; returns whether the event still waits. */
    boolean begin(Target target, Delivery delivery, Instant now, Instant due) {
        return database.update("""
                        UPDATE webhook_delivery
                        SET attempts = attempts + 1, tried_at = ?, due_at = ?
                        WHERE event = ? AND target = ? AND done_at IS NULL
                        """, now.toEpochMilli(), due.toEpochMilli(), delivery.event(), target.key()) == 1;
    }

    /**
     * Keeps what came of an attempt.
     *
     * @param done when it was delivered or given up, or null
     * @param error null when it was delivered
     */
    void end(Target target, Delivery delivery, @Nullable Instant done, @Nullable String error) {
        database.update("""
                UPDATE webhook_delivery
                SET done_at = ?, error = ?
                WHERE event = ? AND target = ?
                """, done == null ? null : done.toEpochMilli(), error, delivery.event(), target.key());
    }

    Progress progress(Target target) {
        return database.connected(statements -> {
            Optional<Progress> error = statements.queryOne(
                    """
                    SELECT error, tried_at
                    FROM webhook_delivery
                    WHERE target = ? AND error IS NOT NULL
                    ORDER BY tried_at DESC, event DESC
                    LIMIT 1
                    """, row -> new Progress(0, 0, row.getString(1), instant(row, 2), null), target.key());
            return statements
                    .queryOne(
                            """
                            SELECT SUM(CASE WHEN done_at IS NOT NULL AND error IS NULL THEN 1 ELSE 0 END),
                                SUM(CASE WHEN done_at IS NULL THEN 1 ELSE 0 END),
                                MAX(CASE WHEN error IS NULL THEN done_at END)
                            FROM webhook_delivery
                            WHERE target = ?
                            """,
                            row -> new Progress(
                                    row.getLong(1),
                                    row.getLong(2),
                                    error.map(Progress::error).orElse(null),
                                    error.map(Progress::errorAt).orElse(null),
                                    instant(row, 3)),
                            target.key())
                    .orElseThrow();
        });
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    /** Has what happened before that wait no longer. */
    List<GivenUp> giveUp(Instant before, Instant now) {
        return database.transaction(transaction -> {
            List<GivenUp> given =
                    transaction.query("""
                    SELECT d.target, COUNT(*)
                    FROM webhook_delivery d
                    JOIN webhook_event e ON e.number = d.event
                    WHERE d.done_at IS NULL AND e.happened_at < ?
                    GROUP BY d.target
                    ORDER BY d.target
                    """, row -> new GivenUp(row.getString(1), row.getLong(2)), before.toEpochMilli());
            if (!given.isEmpty()) {
                transaction.update("""
                        UPDATE webhook_delivery
                        SET done_at = ?, error = COALESCE(error, 'nobody tried')
                        WHERE done_at IS NULL AND event IN (SELECT number FROM webhook_event WHERE happened_at < ?)
                        """, now.toEpochMilli(), before.toEpochMilli());
            }
            return given;
        });
    }

    /** Deletes what was delivered or given up before that, and then events that nobody is told any more; slice by slice. */
    void prune(Instant before) {
        deleteAll("""
                DELETE FROM webhook_delivery
                WHERE (event, target) IN (SELECT event, target FROM webhook_delivery WHERE done_at < ? LIMIT ?)
                """, before.toEpochMilli(), PRUNE_ROWS);
        deleteAll("""
                DELETE FROM webhook_event
                WHERE number IN (
                    SELECT number
                    FROM webhook_event e
                    WHERE NOT EXISTS (SELECT 1 FROM webhook_delivery d WHERE d.event = e.number)
                    LIMIT ?)
                """, PRUNE_ROWS);
    }

    private void deleteAll(String sql, Object... parameters) {
        while (database.update(sql, parameters) == PRUNE_ROWS) {
            // There may be more.
        }
    }

    /** What a node has told of itself last. */
    Optional<String> lastOf(String node, Event.Kind kind, Event.Kind orKind) {
        return database.queryOne("""
                SELECT event
                FROM webhook_event
                WHERE node = ? AND event IN (?, ?)
                ORDER BY number DESC
                LIMIT 1
                """, row -> row.getString(1), node, kind.label(), orKind.label());
    }
}
