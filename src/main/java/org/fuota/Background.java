package org.fuota;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fuota.db.Database;

/** What is done beside requests, each piece again and again. */
final class Background {
    private static final Logger LOG = Logger.getLogger(Background.class.getName());
    private static final int MAX_STOP_SECONDS = 10;

    private final Database database;
    private final ScheduledThreadPoolExecutor executor;

    /** Work that may fail, and is then tried again the next time. */
    interface Work {
        void run() throws IOException;
    }

    /**
     * @param threads how many pieces are done at once
     * @param database knows whose work is whose
     */
    Background(int threads, Database database) {
        this.database = database;
        executor = new ScheduledThreadPoolExecutor(threads, Background::thread);
        executor.prestartAllCoreThreads();
    }

    /** Does the work after the first so many seconds, and again so many after it has ended. */
    void every(long first, long seconds, Work work) {
        executor.scheduleWithFixedDelay(() -> guard(work), first, seconds, TimeUnit.SECONDS);
    }

    /** Does the work again and again, so long after it has ended. */
    void every(Duration delay, Work work) {
        executor.scheduleWithFixedDelay(() -> guard(work), delay.toMillis(), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The same, but only while the work is this node's to do. */
    void alone(String name, long first, long seconds, Work work) {
        every(first, seconds, () -> {
            if (database.isOurs(name)) {
                work.run();
            }
        });
    }

    /** Lets what is being done end, for a while; nothing is done after that. */
    void stop() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(MAX_STOP_SECONDS, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "fuota");
        thread.setDaemon(true);
        return thread;
    }

    /** Work that throws would never be done again. */
    private static void guard(Work work) {
        try {
            work.run();
        } catch (IOException | RuntimeException | Error e) {
            LOG.log(Level.WARNING, "work in the background failed, and will be tried again", e);
        }
    }
}
