package org.fuota.file;

import static org.fuota.file.TestFiles.ALICE;
import static org.fuota.file.TestFiles.sha256;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.fuota.TestClock;
import org.fuota.blob.BlobCache;
import org.fuota.db.TestDatabase;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Update files of two nodes that share a PostgreSQL database, and no folder. */
class SharedFilesTest {
    private static final FilePath PATH = new FilePath("a.bin");
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final String name = "f" + UUID.randomUUID().toString().substring(0, 8);
    private TestFiles here;
    private TestFiles there;

    @BeforeEach
    void none() throws IOException {
        here = node("here");
        there = node("there");
    }

    @AfterEach
    void close() throws Exception {
        here.close();
        there.close();
    }

    @Test
    void areTheSameOnBoth() throws IOException {
        here.save("a.bin", "one");
        assertTrue(there.files.exists(PATH));
        assertEquals("one", there.read("a.bin"));

        there.save("a.bin", "two");
        assertEquals("two", here.read("a.bin"));

        here.files.delete(PATH, file -> {}, ALICE);
        there.files.inbox().scan();
        assertFalse(there.files.exists(PATH));
    }

    @Test
    void takeInWhatLiesInTheInboxOfOne() throws IOException {
        Path laid = Files.writeString(here.inbox.resolve("a.bin"), "laid in");
        Files.setLastModifiedTime(laid, FileTime.from(clock.instant().minus(DAY)));

        here.files.inbox().scan();

        assertEquals("laid in", there.read("a.bin"));
        assertFalse(Files.exists(laid));
    }

    @Test
    void areDeletedADayAfterNothingNamesThem() throws IOException {
        here.save("a.bin", "old");
        there.save("a.bin", "new");
        clock.advance(DAY);
        sweep(here);
        assertEquals(List.of("new", "old"), chunks());

        clock.advance(Duration.ofMillis(1));
        sweep(here);

        assertEquals(List.of("new"), chunks());
        assertFalse(Files.exists(here.blob("old")));
        assertEquals("new", here.read("a.bin"));
    }

    /** By a crash, or because a condition isn't met. */
    @Test
    void areDeletedADayAfterAnUploadThatBrokeOff() throws IOException {
        here.save("a.bin", "old");
        int[] asked = {0};
        UploadConditions changed = new UploadConditions(
                -1,
                Map.of(),
                present -> {
                    if (asked[0]++ > 0) {
                        throw new FuotaException(ErrorCode.PRECONDITION_FAILED, "changed");
                    }
                },
                TestFiles::noDevices);
        assertThrows(FuotaException.class, () -> here.files.save(PATH, TestFiles.in("refused"), changed, ALICE));
        assertEquals(List.of("old", "refused"), chunks());
        clock.advance(DAY.plusMillis(1));

        sweep(there);

        assertEquals(List.of("old"), chunks());
    }

    @Test
    void areKeptWhenTheyAreNamedAgain() throws IOException {
        here.save("a.bin", "one");
        here.save("a.bin", "two");
        clock.advance(DAY);
        there.save("b.bin", "one");
        clock.advance(Duration.ofHours(1));

        sweep(here);

        assertEquals(List.of("one", "two"), chunks());
        clock.advance(DAY);
        sweep(here);
        assertEquals("one", here.read("b.bin"));
        assertEquals("two", there.read("a.bin"));
    }

    @Test
    void areToldWhenTheyAreDamaged() throws IOException {
        here.files.inbox().scan();
        there.files.inbox().scan();
        Upkeep upkeep = new Upkeep(there.files, there.stored);
        for (String path : List.of("a.bin", "b.bin", "c.bin")) {
            here.save(path, path);
        }
        here.database.update(
                "UPDATE blob_chunk SET bytes = 'x' WHERE sha256 = ?",
                sha256("b.bin").hex());
        here.database.update(
                "DELETE FROM blob_chunk WHERE sha256 = ?", sha256("c.bin").hex());

        upkeep.scrub();

        assertEquals(List.of("b.bin", "c.bin"), there.files.lost());
        assertFalse(there.files.exists(new FilePath("b.bin")));
        FuotaException refused = assertThrows(FuotaException.class, () -> there.read("b.bin"));
        assertEquals(ErrorCode.UNAVAILABLE, refused.code());

        here.save("b.bin", "b.bin");
        here.files.delete(new FilePath("c.bin"), file -> {}, ALICE);
        upkeep.scrub();
        assertEquals(List.of(), there.files.lost());
        assertEquals("b.bin", there.read("b.bin"));
    }

    /** As if all of the disk were to be left free. */
    @Test
    void giveWayToAnUploadWhereTheDiskIsFull() throws Exception {
        here.save("a.bin", "one");
        try (TestFiles again = node("here", new FileLimits(1000, Long.MAX_VALUE / 2, 1))) {
            FuotaException refused = assertThrows(FuotaException.class, () -> again.save("b.bin", "two"));
            assertEquals(ErrorCode.STORAGE_FULL, refused.code());
        }

        assertFalse(Files.exists(here.blob("one")));
        assertEquals("one", here.read("a.bin"));
    }

    private TestFiles node(String node) throws IOException {
        return node(node, TestFiles.LIMITS);
    }

    private TestFiles node(String node, FileLimits limits) throws IOException {
        Path data = Files.createDirectories(folder.resolve(node));
        return new TestFiles(
                data,
                limits,
                clock,
                TestDatabase.postgresql(data, name),
                (blobs, database) -> new BlobCache(blobs, database, 1_000_000, System::nanoTime));
    }

    private void sweep(TestFiles node) {
        new Upkeep(node.files, node.stored).sweep(clock.instant().minus(DAY));
    }

    private List<String> chunks() {
        return here.database.query(
                "SELECT bytes FROM blob_chunk ORDER BY bytes",
                row -> new String(row.getBytes(1), StandardCharsets.UTF_8));
    }
}
