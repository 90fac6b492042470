package org.fuota.file;

import static org.fuota.file.TestFiles.ALICE;
import static org.fuota.file.TestFiles.sha256;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.fuota.TestClock;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpkeepTest {
    private static final FilePath PATH = new FilePath("a.bin");
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path data;

    private final TestClock clock = new TestClock(Instant.parse("2026-01-01T00:00:00Z"));
    private TestFiles test;
    private Upkeep upkeep;

    @BeforeEach
    void none() throws IOException {
        test = new TestFiles(data, TestFiles.LIMITS, clock);
        upkeep = new Upkeep(test.files, test.blobs);
    }

    @AfterEach
    void close() throws Exception {
        test.close();
    }

    @Test
    void deletesBytesADayAfterNothingNamesThem() throws IOException {
        test.save("a.bin", "old");
        clock.advance(DAY.multipliedBy(30));
        test.save("a.bin", "new");
        clock.advance(DAY);
        sweep();
        assertTrue(Files.exists(test.blob("old")), "a day hasn't passed");

        clock.advance(Duration.ofMillis(1));
        sweep();

        assertFalse(Files.exists(test.blob("old")));
        assertEquals("new", test.read("a.bin"));
        test.files.delete(PATH, file -> {}, ALICE);
        clock.advance(DAY.plusMillis(1));
        sweep();
        assertEquals(List.of(), TestFiles.names(test.blobs()));
    }

    @Test
    void keepsBytesThatAreNamedAgain() throws IOException {
        test.save("a.bin", "one");
        test.save("a.bin", "two");
        clock.advance(DAY);
        test.save("a.bin", "one");
        clock.advance(Duration.ofHours(1));

        sweep();

        assertEquals("one", test.read("a.bin"));
        test.save("b.bin", "two");
        assertEquals("two", test.read("b.bin"));
    }

    @Test
    void keepsBytesOfAnotherPath() throws IOException {
        test.save("a.bin", "same");
        test.save("b.bin", "same");
        test.files.delete(PATH, file -> {}, ALICE);
        clock.advance(DAY.multipliedBy(2));

        sweep();

        assertEquals("same", test.read("b.bin"));
    }

    /** Refused after they were put, or by a crash: nothing has ever named them. */
    @Test
    void deletesBytesThatWereNeverNamed() throws IOException {
        test.save("a.bin", "old");
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
        assertThrows(FuotaException.class, () -> test.files.save(PATH, TestFiles.in("refused"), changed, ALICE));
        assertTrue(Files.exists(test.blob("refused")));
        clock.advance(DAY.plusMillis(1));

        sweep();

        assertFalse(Files.exists(test.blob("refused")));
        assertEquals("old", test.read("a.bin"));
    }

    @Test
    void sweepsInSlices() throws IOException {
        for (int i = 0; i < 250; i++) {
            test.save("a.bin", "content " + i);
        }
        clock.advance(DAY.plusMillis(1));

        sweep();

        assertTrue(test.hasOnly("a.bin", "content 249"));
        assertEquals(1, TestFiles.names(test.blobs()).size());
    }

    @Test
    void findsWhatRotsAndWhatIsMissing() throws IOException {
        test.files.inbox().scan();
        for (String path : List.of("a.bin", "b.bin", "c.bin", "d.bin")) {
            test.save(path, path);
        }
        test.save("e.bin", "b.bin");
        rot("b.bin", "B.bin");
        Files.delete(test.blob("d.bin"));

        upkeep.scrub();

        assertEquals(List.of("b.bin", "d.bin", "e.bin"), test.files.lost());
        assertFalse(test.files.exists(new FilePath("b.bin")));
        assertEquals("a.bin", test.read("a.bin"));
        test.save("b.bin", "b.bin");
        test.files.delete(new FilePath("d.bin"), file -> {}, ALICE);
        assertEquals(List.of(), test.files.lost());
    }

    /** To look whether a file is there costs little: not as late as its bytes are read. */
    @Test
    void findsWhatIsMissingAtOnce() throws IOException {
        test.files.inbox().scan();
        test.save("a.bin", "large");
        test.save("z.bin", "missing");
        test.database.update("UPDATE update_file SET size = 100000000 WHERE path = 'a.bin'");
        Files.delete(test.blob("missing"));

        upkeep.scrub();

        assertEquals(List.of("z.bin"), test.files.lost());
    }

    @Test
    void scrubsFromTheBeginningWhenAllIsRead() throws IOException {
        test.files.inbox().scan();
        test.save("a.bin", "a.bin");
        upkeep.scrub();
        assertEquals(List.of(), test.files.lost());
        rot("a.bin", "A.bin");

        upkeep.scrub();

        assertEquals(List.of("a.bin"), test.files.lost());
    }

    /** What a restored database names is still to come. */
    @Test
    void missesNothingBeforeAllIsTakenIn() throws IOException {
        test.save("a.bin", "restored");
        Files.delete(test.blob("restored"));

        upkeep.scrub();
        assertEquals(List.of(), test.files.lost());

        test.files.inbox().scan();
        upkeep.scrub();
        assertEquals(List.of("a.bin"), test.files.lost());
    }

    private void sweep() {
        upkeep.sweep(clock.instant().minus(DAY));
    }

    private void rot(String content, String to) throws IOException {
        Path blob = test.blobs.file(sha256(content));
        FileTime time = Files.getLastModifiedTime(blob);
        Files.writeString(blob, to);
        Files.setLastModifiedTime(blob, time);
    }
}
