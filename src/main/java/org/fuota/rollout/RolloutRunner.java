package org.fuota.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.logging.Logger;
import org.fuota.db.Database;
import org.jspecify.annotations.Nullable;

/** Has rollouts begin, advance, end and pause by themselves. One node does so at a time; which one doesn't matter. */
public final class RolloutRunner {
    private static final Logger LOG = Logger.getLogger(RolloutRunner.class.getName());
    private static final Duration PROGRESS = Duration.ofMinutes(1);

    /** Counting takes at most one part in so many of the time. */
    private static final int SHARE = 20;

    private final Database database;
    private final RolloutStore store;
    private final Rollouts rollouts;
    private final RunningRollouts running;
    private final TrialStore trials;
    private final Candidates candidates;
    private final Supplier<Instant> time;
    private final Supplier<Long> served;
    private final LongSupplier nanoTime;
    private final Map<Long, Long> notBefore = new HashMap<>();
    private final Map<Long, RolloutStore.Progress> noted = new HashMap<>();

    /**
     * @param served how long was served by now
     * @param nanoTime a running time in nanoseconds, such as {@link System#nanoTime}
     */
    public RolloutRunner(
            Database database,
            Rollouts rollouts,
            RunningRollouts running,
            Supplier<Instant> time,
            Supplier<Long> served,
            LongSupplier nanoTime) {
        this.database = database;
        this.store = rollouts.store();
        this.rollouts = rollouts;
        this.running = running;
        this.trials = rollouts.trials();
        this.candidates = new Candidates(trials, running, served, nanoTime);
        this.time = time;
        this.served = served;
        this.nanoTime = nanoTime;
    }

    /** Looks at each; to be called every second, by one node. */
    public void run() {
        // What another node did counts, too.
        running.read();
        RuntimeException trouble = null;
        for (Rollout rollout : List.copyOf(running.open().values())) {
            long begunNanos = nanoTime.getAsLong();
            Long next = notBefore.get(rollout.number());
            if (next == null || next - begunNanos <= 0) {
                try {
                    look(rollout, time.get());
                } catch (RuntimeException e) {
                    // Whatever goes wrong with one, the others are looked at.
                    trouble = e;
                }
                long tookNanos = nanoTime.getAsLong() - begunNanos;
                notBefore.put(rollout.number(), begunNanos + SHARE * tookNanos);
            }
        }
        notBefore.keySet().retainAll(running.open().keySet());
        noted.keySet().retainAll(running.open().keySet());
        if (trouble != null) {
            throw trouble;
        }
    }

    private void look(Rollout rollout, Instant now) {
        switch (rollout.state()) {
            case SCHEDULED -> {
                Instant starts = rollout.definition().starts();
                if (starts == null || !now.isBefore(starts)) {
                    change(rollout, RolloutState.RUNNING, "it has begun", now);
                }
            }
            case RUNNING, COMPLETED -> judge(rollout, now);
            // What it has offered before goes on.
            case PAUSED -> progress(rollout, trials.tally(rollout, served.get()), now);
            case STOPPED -> {}
        }
    }

    private void judge(Rollout rollout, Instant now) {
        Optional<String> changed = running.changed(rollout);
        if (changed.isPresent()) {
            change(rollout, RolloutState.PAUSED, Rollouts.changed(rollout, changed.get()), now);
            return;
        }
        Tally tally = trials.tally(rollout, served.get());
        if (tally.unnoticed() > 0) {
            database.transaction(transaction -> {
                trials.notice(transaction, rollout, served.get(), now);
                return tally;
            });
        }
        // First of all: it must not be kept from pausing.
        if (tally.failedSince() > 0) {
            long boards = Math.max(tally.offered(), candidates.inStage(rollout, now));
            String failure = RolloutRules.guard(rollout, tally, boards);
            if (failure != null) {
                change(rollout, RolloutState.PAUSED, failure, now);
                note(rollout, tally, now);
                return;
            }
        }
        progress(rollout, tally, now);
        if (rollout.state() == RolloutState.RUNNING) {
            long added = candidates.addedByStage(rollout, now);
            if (added == 0 || RolloutRules.gate(rollout, tally, added, now) == null) {
                change(rollout, rollout.isInLastStage() ? RolloutState.COMPLETED : RolloutState.RUNNING, "", now);
            }
        }
    }

    /** Unless somebody has changed it meanwhile: then the next look is for that. */
    private void change(Rollout rollout, RolloutState state, String reason, Instant now) {
        boolean isChanged = database.transaction(transaction -> {
            Rollout known = store.find(transaction, rollout.name()).orElse(null);
            if (known == null || known.state() != rollout.state() || known.stage() != rollout.stage()) {
                return false;
            }
            String stage = "";
            if (state == RolloutState.PAUSED) {
                rollouts.pause(transaction, rollout, reason, now);
            } else if (rollout.state() == RolloutState.SCHEDULED) {
                store.turn(transaction, rollout, state, "", now);
                rollouts.begin(transaction, rollout, 0, now);
            } else {
                rollouts.advance(transaction, rollout, now);
                stage = rollout.isInLastStage()
                        ? ""
                        : ", "
                                + rollout.definition()
                                        .stages()
                                        .get(rollout.stage() + 1)
                                        .words();
            }
            String after = state.label() + stage + (reason.isEmpty() ? "" : ": " + reason);
            rollouts.journal()
                    .turned(transaction, rollout.name(), rollout.state().label(), after, Journal.SERVER, now);
            LOG.info(() -> "rollout " + rollout.name() + " " + after);
            return true;
        });
        if (isChanged) {
            running.read();
        }
    }

    private void progress(Rollout rollout, Tally tally, Instant now) {
        RolloutStore.@Nullable Progress last = noted.get(rollout.number());
        RolloutStore.Progress next = new RolloutStore.Progress(now, tally.offered(), tally.updated(), tally.failed());
        boolean isNews = last == null
                || last.offered() != next.offered()
                || last.updated() != next.updated()
                || last.failed() != next.failed();
        if (isNews && (last == null || !now.isBefore(last.at().plus(PROGRESS)))) {
            note(rollout, tally, now);
        }
    }

    private void note(Rollout rollout, Tally tally, Instant now) {
        RolloutStore.Progress next = new RolloutStore.Progress(now, tally.offered(), tally.updated(), tally.failed());
        noted.put(rollout.number(), database.transaction(transaction -> {
            store.note(transaction, rollout.number(), next);
            return next;
        }));
    }
}
