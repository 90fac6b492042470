package org.fuota.db;

import java.io.Closeable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Connections of PostgreSQL for those that can't wait. Nobody connects himself, which takes seconds where a server hangs or is gone: a
 * thread does so. As long as that can't, everybody is told at once, so that no threads pile up.
 */
final class Reserved implements Closeable {
    /** Each answers thousands of polls a second; the pool has more, for all else. */
    private static final int COUNT = 6;

    private static final int PATIENCE_SECONDS = 1;
    private static final int LIFETIME_SECONDS = 60;
    private static final int PAUSE_MILLIS = 100;
    private static final int MAX_STOP_SECONDS = 10;

    private final Turns.Connector connector;
    private final Runnable dropIdle;
    private final BlockingDeque<Kept> free = new LinkedBlockingDeque<>();
    private final AtomicInteger open = new AtomicInteger();
    /** How often one of them has failed: then those that are as old are given up, too. */
    private final AtomicInteger failures = new AtomicInteger();

    private final ExecutorService ending = Executors.newCachedThreadPool(Reserved::thread);

    private volatile @Nullable SQLException trouble;
    private volatile boolean isClosed;
    private volatile @Nullable Thread keeper;

    /** @param failures how many there had been when it was opened */
    private record Kept(Connection connection, long openedNanos, int failures) {}

    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** @param dropIdle has the pool give up those that nobody uses */
    Reserved(Turns.Connector connector, Runnable dropIdle) {
        this.connector = connector;
        this.dropIdle = dropIdle;
    }

    /** Whether the server was there when it was last asked, as far as anybody has asked. */
    void requireServer() throws SQLException {
        SQLException known = trouble;
        if (known != null && open.get() == 0) {
            throw new SQLException("the database is away", known);
        }
    }

    /** Waits a second at most, and so long again for the server's answer. */
    <T> T run(Work<T> work) throws SQLException {
        Kept kept = take();
        try {
            T result = work.run(kept.connection);
            giveBack(kept);
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            failures.incrementAndGet();
            trouble = e instanceof SQLException failure ? failure : new SQLException(e);
            end(kept);
            endThoseOver();
            throw e;
        }
    }

    private Kept take() throws SQLException {
        if (keeper == null) {
            begin();
        }
        requireServer();
        try {
            Kept kept = free.pollFirst(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (kept != null) {
                return kept;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new SQLException("no connection for a poll", trouble);
    }

    private void giveBack(Kept kept) {
        // What was used last is warm.
        free.addFirst(kept);
        if (isOver(kept)) {
            endThoseOver();
        }
    }

    private synchronized void begin() {
        if (keeper == null && !isClosed) {
            keeper = thread(this::keep);
            keeper.start();
        }
    }

    private void keep() {
        while (!isClosed) {
            try {
                endThoseOver();
                endOldest();
                if (trouble != null) {
                    // They lead to the server that is gone.
                    dropIdle.run();
                }
                while (open.get() < COUNT && !isClosed) {
                    add();
                }
            } catch (SQLException e) {
                trouble = e;
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void add() throws SQLException {
        int before = failures.get();
        Connection connection = connector.connect();
        try {
            prepare(connection);
        } catch (SQLException e) {
            // Or its place in the pool would be lost.
            end(connection);
            throw e;
        }
        trouble = null;
        open.incrementAndGet();
        free.addLast(new Kept(connection, System.nanoTime(), before));
    }

    private static void prepare(Connection connection) throws SQLException {
        if (!connection.isValid(PATIENCE_SECONDS)) {
            throw new SQLException("a connection is broken");
        }
        connection.setNetworkTimeout(Runnable::run, PATIENCE_SECONDS * 1_000);
        try (Statement statement = connection.createStatement()) {
            // By keys only: what was planned while a table was empty must not read it through when it isn't.
            statement.execute("SET enable_seqscan = off");
        }
    }

    /** One at a time, or all of them would be anew at the same moment. */
    private void endOldest() {
        for (Kept kept : free) {
            boolean isOld = System.nanoTime() - kept.openedNanos > TimeUnit.SECONDS.toNanos(LIFETIME_SECONDS);
            if (isOld && free.remove(kept)) {
                end(kept);
                return;
            }
        }
    }

    private boolean isOver(Kept kept) {
        return isClosed || kept.failures != failures.get();
    }

    private void endThoseOver() {
        for (Kept kept : free) {
            if (isOver(kept) && free.remove(kept)) {
                end(kept);
            }
        }
    }

    private void end(Kept kept) {
        open.decrementAndGet();
        end(kept.connection);
    }

    /** Not by who noticed: the pool opens another one for one that is gone, and that takes as long as it does. */
    private void end(Connection connection) {
        ending.execute(() -> connector.end(connection));
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "fuota-reserved");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        Thread thread;
        synchronized (this) {
            isClosed = true;
            thread = keeper;
        }
        try {
            if (thread != null) {
                thread.interrupt();
                thread.join();
            }
            endThoseOver();
            ending.shutdown();
            ending.awaitTermination(MAX_STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
