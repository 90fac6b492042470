package org.fuota.rollout;

import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import org.fuota.db.Transaction;
import org.fuota.history.Actor;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;
import org.fuota.notify.Event;
import org.jspecify.annotations.Nullable;

/** Keeps what was done with rollouts, groups and the stop in the audit trail, and has whoever wants to know told, in the transaction that does it. */
final class Journal {
    /** Whoever does what nobody has asked for. */
    static final Actor SERVER = new Actor("fuota", "");

    private final HistoryStore history;
    private final BiConsumer<Transaction, Event> told;

    Journal(HistoryStore history, BiConsumer<Transaction, Event> told) {
        this.history = history;
        this.told = told;
    }

    /** @param before null where there was nothing, like after where nothing is left */
    void note(
            Transaction transaction,
            EventKind kind,
            @Nullable String before,
            @Nullable String after,
            Actor actor,
            Instant now) {
        history.add(
                transaction,
                new HistoryEvent(now, null, null, kind, before, after, actor.user(), actor.remoteAddress()));
    }

    /** That a rollout came from one state into another. */
    void turned(
            Transaction transaction, String rollout, @Nullable String before, String after, Actor actor, Instant now) {
        note(
                transaction,
                EventKind.ROLLOUT,
                before == null ? null : rollout + " " + before,
                rollout + " " + after,
                actor,
                now);
    }

    /** What was done with a rollout, newest first. */
    List<JournalEntry> entries(String rollout, int limit) {
        return history.ofRollout(rollout, limit).stream()
                .map(event -> JournalEntry.of(rollout, event))
                .toList();
    }

    /** @param sentence may hold what a user has said: it is no markup for whoever shows it */
    void tell(Transaction transaction, Event.Kind kind, String subject, String sentence, Instant now) {
        String text = sentence.replace('<', '(').replace('>', ')').replace("&", "and");
        told.accept(transaction, new Event(kind, subject, text, now));
    }
}
