package org.fuota.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.db.Database;
import org.fuota.db.Transaction;
import org.fuota.error.FuotaException;

/**
 * Tells when many boards of a group, or of all, have become silent: once, and then not before that is over. Of boards that polled within
 * a day, because those that have been silent for longer are no news.
 */
public final class SilenceWatch {
    private static final Logger LOG = Logger.getLogger(SilenceWatch.class.getName());
    private static final Duration LATELY = Duration.ofDays(1);
    private static final String ALL = "";

    /** Of fewer, one that is switched off would be many. */
    private static final long MIN_BOARDS = 10;

    private final SilenceStore store;
    private final int percent;
    private final Supplier<Instant> time;
    private final Teller teller;

    /** Is told, in the transaction that keeps that it was. */
    public interface Teller {
        /** @param subject the group, or {@code all boards} */
        void tell(Transaction transaction, String subject, String sentence, Instant at);
    }

    /**
     * @param percent with more of the boards silent it tells, and with at most half as many that is over
     * @param time by the clock that all nodes share
     */
    public SilenceWatch(Database database, int percent, Supplier<Instant> time, Teller teller) {
        this.store = new SilenceStore(database);
        this.percent = percent;
        this.time = time;
        this.teller = teller;
    }

    /** Looks at all groups; to be called again and again, by one node. */
    public void look() {
        try {
            lookAtAll();
        } catch (FuotaException e) {
            LOG.log(Level.FINE, e, () -> "the database doesn't tell which boards are silent; tried again");
        }
    }

    void lookAtAll() {
        Instant now = time.get();
        Instant since = now.minus(LATELY);
        Map<String, Long> silent = store.silentByGroup(since);
        silent.put(ALL, store.silent(since));
        Set<String> told = store.told();
        Set<String> groups = new TreeSet<>(silent.keySet());
        groups.addAll(told);
        for (String group : groups) {
            long boards = group.equals(ALL) ? store.polled(since) : store.polled(group, since);
            look(group, silent.getOrDefault(group, 0L), boards, told.contains(group), now);
        }
    }

    private void look(String group, long silent, long boards, boolean isTold, Instant now) {
        if (!isTold && boards > 0 && boards < MIN_BOARDS) {
            return;
        }
        if (!isTold && 100 * silent > percent * boards) {
            String subject = group.equals(ALL) ? "all boards" : group;
            String sentence =
                    silent + " of the " + boards + " boards " + (group.equals(ALL) ? "" : "of group " + group + " ")
                            + "that polled within a day are silent: more than " + percent + " %";
            store.begin(group, now, transaction -> teller.tell(transaction, subject, sentence, now));
        } else if (isTold && 200 * silent <= percent * boards) {
            store.end(group);
        }
    }
}
