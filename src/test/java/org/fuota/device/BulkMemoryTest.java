package org.fuota.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.fuota.file.Advice;
import org.fuota.history.Actor;
import org.fuota.history.HistoryStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A list may name as many files as it has rows, and each may be worth a warning. */
class BulkMemoryTest {
    private static final int ROWS = 100_000;

    /** Twice what the text of the list takes, and a little for all else. */
    private static final String HEAP = "-Xmx45m";

    @TempDir
    Path folder;

    @Test
    void takesLittleMoreMemoryThanItsText() throws Exception {
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        HEAP,
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        BulkMemoryTest.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, java.waitFor(), said);
    }

    /** In a JVM of its own: assigns, and assigns again, with a file of its own for each board. */
    public static void main(String[] arguments) throws Exception {
        try (BasicDataSource pool = TestDatabase.pool(Path.of(arguments[0]))) {
            Database database = new Database(pool);
            Assignments assignments = new Assignments(
                    database,
                    new AssignmentStore(database),
                    new HistoryStore(database),
                    TestFleet.of(database),
                    (file, device) -> new Advice(
                            Optional.empty(),
                            List.of(file.value() + " isn't uploaded yet", file.value() + " is for another chip")),
                    file -> Optional.empty(),
                    Clock.systemUTC());
            require(ROWS, assign(assignments, "first", false).changes().created);
            require(ROWS, assign(assignments, "second", true).changes().changed);
            require(ROWS, assign(assignments, "second", false).changes().changed);
        }
    }

    private static BulkReport assign(Assignments assignments, String folder, boolean isDryRun) throws IOException {
        Reader body = new Rows(
                i -> "board-%07d,1.0.0,%s/with/a/long/path/of/its/own/board-%07d.bin\n".formatted(ROWS - i, folder, i));
        AssignmentList rows = new AssignmentReader(body, ROWS, AssignmentReader.Kind.MANY, false).read();
        return assignments.assign(
                new Bulk(rows, null, null, false, isDryRun, Optional.empty(), null), new Actor("admin", "::1"));
    }

    private static void require(long expected, long actual) {
        if (expected != actual) {
            throw new IllegalStateException(expected + " were expected, and " + actual + " came");
        }
    }

    /** A body as it comes in: only the row that is being read is there. */
    private static final class Rows extends Reader {
        private final IntFunction<String> rows;
        private String row = "";
        private int next;
        private int at;

        Rows(IntFunction<String> rows) {
            this.rows = rows;
        }

        @Override
        public int read(char[] buffer, int offset, int length) {
            if (at == row.length()) {
                if (next == ROWS) {
                    return -1;
                }
                row = rows.apply(next++);
                at = 0;
            }
            int count = Math.min(length, row.length() - at);
            row.getChars(at, at + count, buffer, offset);
            at += count;
            return count;
        }

        @Override
        public void close() {}
    }
}
