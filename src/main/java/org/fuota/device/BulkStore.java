package org.fuota.device;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.fuota.history.Actor;
import org.fuota.history.HistoryStore;
import org.jspecify.annotations.Nullable;

/**
 * Changes of many assignments, which one transaction couldn't make without others waiting for it: the tables {@code bulk} and {@code bulk_line}.
 * They are staged some at a time, where nobody sees them; count all at once from when they are published; and are then moved to where
 * all others are, some at a time again. Whoever reads {@code assignment} sees no difference; whoever changes one has it moved before.
 */
final class BulkStore {
    private static final Logger LOG = Logger.getLogger(BulkStore.class.getName());

    /** Lines in one transaction: of some milliseconds, because others wait for it. */
    static final int SLICE = 500;

    /** Of a bulk that isn't published by then nobody knows any more. */
    private static final Duration FORGOTTEN = Duration.ofDays(1);

    private final Database database;
    private final AssignmentWriter writer;
    private final HistoryStore history;

    BulkStore(Database database, AssignmentWriter writer, HistoryStore history) {
        this.database = database;
        this.writer = writer;
        this.history = history;
    }

    /**
     * Stages a bulk, has all of its lines count, and moves them.
     *
     * @param work stages the lines; what it returns is asked in the transaction that publishes them, and has all begin again when it says nothing
     * @return what that says
     */
    <T> T publish(Actor actor, Instant at, Function<Staging, Function<Transaction, Optional<T>>> work) {
        while (true) {
            Staging bulk = begin(actor, at);
            Optional<T> result = Optional.empty();
            try {
                result = publish(bulk, work.apply(bulk));
            } finally {
                if (result.isEmpty()) {
                    quietly(() -> discard(bulk.number));
                }
            }
            if (result.isPresent()) {
                // It counts, and nobody need know that it isn't moved yet.
                quietly(this::moveAll);
                return result.get();
            }
        }
    }

    /** A bulk that is being staged. */
    final class Staging {
        private final long number;
        /** Of the newest change in the history when it began. */
        private final long begin;

        private Staging(long number, long begin) {
            this.number = number;
            this.begin = begin;
        }

        void add(List<DeviceRow> rows) {
            insert(rows.stream()
                    .map(row -> new @Nullable Object[] {number, row.deviceId(), row.appVersion(), row.updateFilePath()})
                    .toList());
        }

        void withdraw(List<String> deviceIds) {
            insert(deviceIds.stream()
                    .map(id -> new @Nullable Object[] {number, id, null, null})
                    .toList());
        }

        private void insert(List<@Nullable Object[]> lines) {
            database.transaction(transaction -> {
                transaction.updateAll(
                        "INSERT INTO bulk_line (bulk, device_id, app_ver, update_file_path) VALUES (?, ?, ?, ?)",
                        lines);
                return lines;
            });
        }

        /** Whether users have changed any of its devices, or an update file, since it began. */
        boolean hasChanged(Transaction transaction) {
            return transaction
                    .queryOne("""
                    SELECT number
                    FROM history h
                    WHERE number > ? AND actor IS NOT NULL AND (device_id IS NULL OR EXISTS (
                        SELECT 1
                        FROM bulk_line
                        WHERE bulk = ? AND device_id = h.device_id))
                    ORDER BY number
                    LIMIT 1
                    """, row -> row.getLong(1), begin, number)
                    .isPresent();
        }

        /** Drops the lines of devices that users have changed since it began; returns how many. */
        int dropChanged(Transaction transaction) {
            return transaction.update("""
                    DELETE FROM bulk_line
                    WHERE bulk = ? AND device_id IN (
                        SELECT device_id
                        FROM history
                        WHERE number > ? AND actor IS NOT NULL)
                    """, number, begin);
        }
    }

    Staging begin(Actor actor, Instant at) {
        return database.transaction(transaction -> {
            long number = transaction
                    .queryOne("SELECT COALESCE(MAX(number), 0) + 1 FROM bulk", row -> row.getLong(1))
                    .orElseThrow();
            transaction.update(
                    "INSERT INTO bulk (number, published, happened_at, actor, remote_addr) VALUES (?, 0, ?, ?, ?)",
                    number,
                    at.toEpochMilli(),
                    actor.user(),
                    actor.remoteAddress());
            return new Staging(number, history.last(transaction));
        });
    }

    <T> Optional<T> publish(Staging bulk, Function<Transaction, Optional<T>> last) {
        while (true) {
            moveAll();
            AtomicBoolean isTurn = new AtomicBoolean();
            Optional<T> result = database.transaction(transaction -> {
                isTurn.set(published(transaction).isEmpty());
                Optional<T> said = isTurn.get() ? last.apply(transaction) : Optional.empty();
                if (said.isPresent()) {
                    transaction.update("UPDATE bulk SET published = 1 WHERE number = ?", bulk.number);
                }
                return said;
            });
            if (isTurn.get()) {
                return result;
            }
        }
    }

    /** Moves the lines of the bulk that is published, if one is. */
    private void moveAll() {
        if (database.connected(this::published).isPresent()) {
            while (database.transaction(this::moveSome)) {
                // There may be more.
            }
        }
    }

    /** Has what a device is assigned where all others are. */
    void settle(Transaction transaction, String deviceId) {
        published(transaction)
                .ifPresent(bulk -> move(transaction, bulk, "AND l.device_id = ?", bulk.number(), deviceId));
    }

    /** Drops a bulk, some lines at a time, unless it is published: of a commit that failed nobody knows. */
    private void discard(long number) {
        while (database.update("""
                DELETE FROM bulk_line
                WHERE bulk = (SELECT number FROM bulk WHERE number = ? AND published = 0) AND device_id IN (
                    SELECT device_id
                    FROM bulk_line
                    WHERE bulk = ?
                    ORDER BY device_id
                    LIMIT ?)
                """, number, number, 10 * SLICE) > 0) {
            // There may be more.
        }
        database.update("DELETE FROM bulk WHERE number = ? AND published = 0", number);
    }

    /** Goes on with what a server that is gone has left. */
    void goOn(Instant now) {
        moveAll();
        database.query(
                        "SELECT number FROM bulk WHERE published = 0 AND happened_at < ? ORDER BY number",
                        row -> row.getLong(1),
                        now.minus(FORGOTTEN).toEpochMilli())
                .forEach(this::discard);
    }

    private Optional<Published> published(Transaction statements) {
        return statements.queryOne(
                "SELECT number, happened_at, actor, remote_addr FROM bulk WHERE published = 1",
                row -> new Published(
                        row.getLong(1),
                        Instant.ofEpochMilli(row.getLong(2)),
                        new Actor(row.getString(3), row.getString(4))));
    }

    /** What fails is done later, by {@link #goOn}. */
    private static void quietly(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.log(Level.FINE, e, () -> "a bulk stays staged until the database takes it");
        }
    }

    private record Published(long number, Instant at, Actor actor) {}

    /** Whether there may be more. */
    boolean moveSome(Transaction transaction) {
        Optional<Published> bulk = published(transaction);
        if (bulk.isPresent() && move(transaction, bulk.get(), "", bulk.get().number()) < SLICE) {
            transaction.update("DELETE FROM bulk WHERE number = ?", bulk.get().number());
            return false;
        }
        return bulk.isPresent();
    }

    /** Some lines at most, of which a condition may say more; returns how many. */
    private int move(Transaction transaction, Published bulk, String condition, Object... values) {
        List<Change> lines = transaction.query(
                """
                SELECT l.device_id, l.app_ver, l.update_file_path, a.device_id, a.app_ver, a.update_file_path
                FROM bulk_line l
                LEFT JOIN device_app a ON a.device_id = l.device_id
                WHERE l.bulk = ? %s
                ORDER BY l.device_id
                LIMIT %d
                """.formatted(condition, SLICE),
                row -> new Change(
                        row.getString(1),
                        row.getString(4) == null ? null : AssignmentStore.row(row, 4),
                        row.getString(3) == null ? null : AssignmentStore.row(row, 1)),
                values);
        transaction.updateAll(
                "DELETE FROM bulk_line WHERE bulk = ? AND device_id = ?",
                lines.stream()
                        .map(line -> new @Nullable Object[] {bulk.number(), line.deviceId()})
                        .toList());
        writer.write(transaction, lines.stream().filter(Change::changesAnything).toList(), bulk.actor(), bulk.at());
        return lines.size();
    }
}
