package org.fuota;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BackgroundTest {
    @TempDir
    Path folder;

    private final String name = "b" + UUID.randomUUID().toString().substring(0, 8);

    @Test
    void goesOnElsewhereWhenANodeIsCutOffInTheMiddle() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goneOn = new CountDownLatch(1);
        try (BasicDataSource pool = TestDatabase.postgresql(folder, name);
                BasicDataSource another = TestDatabase.postgresql(folder, name);
                Database database = new Database(pool);
                Database others = new Database(another)) {
            Background first = new Background(1, database);
            Background second = new Background(1, others);
            first.alone("work", 0, 1, () -> {
                begun.countDown();
                await(goneOn);
            });
            begun.await();
            CountDownLatch asked = new CountDownLatch(2);
            second.alone("work", 0, 1, goneOn::countDown);
            // By the same thread.
            second.every(0, 1, asked::countDown);
            asked.await();
            assertEquals(1, goneOn.getCount());

            others.query("""
                    SELECT pg_terminate_backend(pid)
                    FROM pg_locks
                    WHERE locktype = 'advisory' AND objsubid = 2 AND granted
                    """, row -> row.getBoolean(1));

            goneOn.await();
            first.stop();
            second.stop();
        }
    }

    @Test
    void doesAllWorkWhereThereIsOneNode() throws Exception {
        CountDownLatch done = new CountDownLatch(2);
        try (BasicDataSource pool = TestDatabase.sqlite(folder);
                Database database = new Database(pool)) {
            Background background = new Background(2, database);
            for (String work : List.of("one", "other")) {
                background.alone(work, 0, 1, done::countDown);
            }
            done.await();
            background.stop();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
