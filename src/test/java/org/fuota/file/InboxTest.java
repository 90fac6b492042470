package org.fuota.file;

import static org.fuota.file.TestFiles.ALICE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.fuota.TestClock;
import org.fuota.error.FuotaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InboxTest {
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

    @TempDir
    Path data;

    private final TestClock clock = new TestClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final List<String> log = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            log.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private Path otherDisk = Path.of("");
    private TestFiles test;

    @BeforeEach
    void empty() throws IOException {
        otherDisk = Files.createTempDirectory(Path.of("/dev/shm"), "fuota");
        test = new TestFiles(data, TestFiles.LIMITS, clock);
        Logger.getLogger("org.fuota.file").addHandler(handler);
    }

    @AfterEach
    void clear() throws Exception {
        Logger.getLogger("org.fuota.file").removeHandler(handler);
        test.close();
        UpdateFilesTest.deleteAll(otherDisk);
    }

    @Test
    void takesInWhatLiesThere() throws IOException {
        layIn("a.bin", "one", LONG_AGO);
        layIn("deep/b.bin", "two", LONG_AGO);
        Object inode = Files.getAttribute(test.inbox.resolve("a.bin"), "unix:ino");
        assertThrows(FuotaException.class, () -> test.files.exists(new FilePath("a.bin")), "it may still come");

        test.files.inbox().scan();

        assertEquals(List.of("a.bin", "deep/b.bin"), test.paths());
        assertEquals("one", test.read("a.bin"));
        assertEquals("two", test.read("deep/b.bin"));
        assertEquals(
                LONG_AGO, test.files.find(new FilePath("a.bin")).orElseThrow().storedAt());
        assertEquals(List.of(), TestFiles.names(test.inbox));
        assertEquals(inode, Files.getAttribute(test.blob("one"), "unix:ino"), "no byte is copied");
        assertEquals(List.of("a.bin", "deep/b.bin"), test.changed);
        assertFalse(test.files.exists(new FilePath("c.bin")));
        assertTrue(
                log.contains("uploaded file a.bin, after: "
                        + TestFiles.sha256("one").hex() + ", by inbox, from -; a.bin isn't an"
                        + " application for an ESP32: the file is no ESP32 image"),
                log.toString());
        assertEquals(
                "inbox",
                test.history.newestOfFiles(List.of("a.bin")).orElseThrow().user());
    }

    @Test
    void replacesWhatIsThereAndKeepsWhatIsTheSame() throws IOException {
        test.save("a.bin", "old");
        SavedFile same = test.save("b.bin", "same");
        layIn("a.bin", "new", LONG_AGO);
        layIn("b.bin", "same", LONG_AGO);

        test.files.inbox().scan();

        assertEquals("new", test.read("a.bin"));
        assertEquals(same.file(), test.files.find(new FilePath("b.bin")).orElseThrow());
        assertEquals(List.of(), TestFiles.names(test.inbox));
        assertEquals(List.of("a.bin", "b.bin", "a.bin"), test.changed);
    }

    /** Somebody may still be writing it. */
    @Test
    void waitsUntilAFileIsLeftAlone() throws IOException {
        layIn("a.bin", "half", clock.instant().minusSeconds(9));
        test.files.inbox().scan();
        assertEquals(List.of(), test.paths(), "just found");
        assertThrows(FuotaException.class, () -> test.files.inbox().requireTakenIn());

        clock.advance(Duration.ofSeconds(3));
        layIn("a.bin", "whole", clock.instant().minusSeconds(3));
        test.files.inbox().scan();
        assertEquals(List.of(), test.paths(), "another than before");

        test.files.inbox().scan();
        assertEquals("whole", test.read("a.bin"));
        test.files.inbox().requireTakenIn();
    }

    @Test
    void waitsForTheTickToBeOver() throws IOException {
        layIn("a.bin", "one", clock.instant());
        test.files.inbox().scan();
        test.files.inbox().scan();
        assertEquals(List.of(), test.paths());

        clock.advance(Duration.ofMillis(2_001));
        test.files.inbox().scan();
        assertEquals(List.of("a.bin"), test.paths());
    }

    /** What somebody goes on writing keeps nobody waiting. */
    @Test
    void isTakenInAfterAFewScans() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertThrows(FuotaException.class, () -> test.files.inbox().requireTakenIn());
            layIn("a.bin", "line " + i, clock.instant());
            test.files.inbox().scan();
        }

        test.files.inbox().requireTakenIn();
    }

    @Test
    void isNeverNewerThanNow() throws IOException {
        layIn("a.bin", "from a machine whose clock is ahead", clock.instant().plus(Duration.ofDays(1)));

        test.files.inbox().scan();

        assertEquals(
                clock.instant(),
                test.files.find(new FilePath("a.bin")).orElseThrow().storedAt());
    }

    /** An operator may: version 0.1 served it, too. */
    @Test
    void takesInAnImageThatNoBoardWouldStart() throws IOException {
        byte[] cutOff = new byte[24];
        cutOff[0] = (byte) 0xE9;
        cutOff[1] = 1;
        Files.write(test.inbox.resolve("a.bin"), cutOff);
        Files.setLastModifiedTime(test.inbox.resolve("a.bin"), FileTime.from(LONG_AGO));

        test.files.inbox().scan();

        String flaw =
                test.files.find(new FilePath("a.bin")).orElseThrow().image().flaw();
        assertTrue(String.valueOf(flaw).startsWith("no board would start a.bin: "), flaw);
    }

    @Test
    void leavesWhatNoBoardCanRequestAndTellsItOnce() throws IOException {
        layIn(".hidden", "a tool's own", LONG_AGO);
        layIn("with space", "no path", LONG_AGO);
        layIn("a folder/a.bin", "no path", LONG_AGO);
        test.save("a/b.bin", "a folder");
        layIn("a", "clashes", LONG_AGO);

        test.files.inbox().scan();
        test.files.inbox().scan();

        assertEquals(List.of(".hidden", "a", "a folder/a.bin", "with space"), TestFiles.names(test.inbox));
        assertEquals(
                List.of(
                        "stays in the folder of the update files: a%20folder, no board can request it by this name",
                        "stays in the folder of the update files: a, there are update files below a/",
                        "stays in the folder of the update files: with%20space, no board can request it by this name"),
                log.stream().sorted().filter(line -> line.startsWith("stays")).toList());
        test.files.inbox().requireTakenIn();
    }

    @Test
    void goesOnAfterAFileThatCannotBeRead() throws IOException {
        layIn("a.bin", "secret", LONG_AGO);
        layIn("b.bin", "readable", LONG_AGO);
        Files.createSymbolicLink(test.inbox.resolve("gone.bin"), Path.of("nowhere"));
        Files.setPosixFilePermissions(test.inbox.resolve("a.bin"), PosixFilePermissions.fromString("---------"));

        test.files.inbox().scan();

        assertTrue(test.paths().contains("b.bin"));
        assertTrue(log.contains("stays in the folder of the update files: gone.bin, this link leads nowhere"));
    }

    /** What was laid in before that is replaced by it, as when both were files in one folder. */
    @Test
    void anUploadOrDeletionIsNotUndoneByWhatLayThereBefore() throws IOException {
        layIn("a.bin", "laid in", LONG_AGO);
        layIn("b.bin", "laid in", LONG_AGO);
        test.save("a.bin", "uploaded");
        test.save("b.bin", "uploaded");
        layIn("b.bin", "laid in", LONG_AGO);
        test.files.delete(new FilePath("b.bin"), file -> {}, ALICE);

        test.files.inbox().scan();

        assertTrue(test.hasOnly("a.bin", "uploaded"));
    }

    /** The disk is mounted read-only, or the folder somebody else's. */
    @Test
    void takesInOnceWhatItMayNotDelete() throws IOException {
        layIn("a.bin", "read-only", LONG_AGO);
        // Where root may all the same, the folder is as any other.
        Files.setPosixFilePermissions(test.inbox, PosixFilePermissions.fromString("r-xr-xr-x"));
        boolean isReadOnly = !Files.isWritable(test.inbox);
        try {
            test.files.inbox().scan();
            test.files.inbox().scan();

            assertEquals("read-only", test.read("a.bin"));
            if (isReadOnly) {
                test.save("a.bin", "uploaded");
                TestFiles restarted = new TestFiles(data, TestFiles.LIMITS, clock);
                restarted.files.inbox().scan();
                assertEquals("uploaded", restarted.read("a.bin"));
            }
        } finally {
            Files.setPosixFilePermissions(test.inbox, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void goesOnWhenTheDatabaseIsBack() throws IOException {
        layIn("a.bin", "one", LONG_AGO);
        test.database.update("ALTER TABLE update_file RENAME TO away");
        test.files.inbox().scan();
        assertEquals(List.of("a.bin"), TestFiles.names(test.inbox));
        assertThrows(FuotaException.class, () -> test.files.inbox().requireTakenIn());
        test.database.update("ALTER TABLE away RENAME TO update_file");

        test.files.inbox().scan();

        assertTrue(test.hasOnly("a.bin", "one"));
        assertEquals(List.of(), TestFiles.names(test.inbox));
    }

    /** What is wrong isn't the file: it isn't left for good. */
    @Test
    void goesOnWhenTheFolderOfTheBytesIsBack() throws IOException {
        layIn("a.bin", "one", LONG_AGO);
        Files.move(test.blobs(), data.resolve("away"));
        test.files.inbox().scan();
        assertThrows(FuotaException.class, () -> test.files.inbox().requireTakenIn());
        Files.move(data.resolve("away"), test.blobs());

        test.files.inbox().scan();

        assertTrue(test.hasOnly("a.bin", "one"));
    }

    @Test
    void clearsWhatVersion01Left() throws IOException {
        for (String leftover : List.of(".upload-123", ".version-0-1", ".node-0", "a/.upload-0-1")) {
            layIn(leftover, "half an upload", LONG_AGO);
        }
        layIn(".database", "a mark", LONG_AGO);

        test.files.inbox().scan();

        assertEquals(List.of(".database"), TestFiles.names(test.inbox));
    }

    /** {@code disk:} is on another file system; the first is where the link lies, the second where it leads. */
    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', textBlock = """
            # the data folder, and files in it
            files        | elsewhere    | a.bin
            files        | disk:        | a.bin
            blobs        | elsewhere    | a.bin
            blobs        | disk:        | a.bin
            # a folder in files, that leaves the data folder
            files/stable | elsewhere    | stable/a.bin
            files/stable | disk:        | stable/a.bin
            files/stable | disk:        | stable/new/a.bin
            # one that doesn't
            files/stable | files/v1     | stable/a.bin
            # a loop
            files/loop   | files        | a.bin
            """)
    void allWorksThroughAFolderThatIsALink(String link, String target, String path) throws Exception {
        UpdateFilesTest.deleteAll(test.inbox);
        UpdateFilesTest.deleteAll(test.blobs());
        Path folder = Files.createDirectories(target.equals("disk:") ? otherDisk : data.resolve(target));
        Files.createDirectories(data.resolve(link).getParent());
        Files.createSymbolicLink(data.resolve(link), folder);
        Files.createDirectories(data.resolve("files"));
        test.blobs.prepare();
        layIn(path, "firmware", LONG_AGO);

        test.files.inbox().scan();

        assertEquals("firmware", test.read(path));
        assertFalse(test.paths().stream().anyMatch(one -> one.startsWith("loop/")));
        assertEquals(target.equals("files/v1") ? List.of("stable/a.bin", "v1/a.bin") : List.of(path), test.paths());
        test.files.inbox().scan();
        assertEquals(
                List.of(),
                TestFiles.names(folder).stream()
                        .filter(name -> name.endsWith("a.bin"))
                        .toList());
        assertTrue(Files.isSymbolicLink(data.resolve(link)));
    }

    /** More than are named at once: none is deleted by one name before the other is taken. */
    @Test
    void takesInAllOfAFolderByBothItsNames() throws IOException {
        Files.createDirectories(test.inbox.resolve("v1"));
        Files.createSymbolicLink(test.inbox.resolve("stable"), Path.of("v1"));
        for (int i = 0; i < 250; i++) {
            layIn("v1/" + i, "content " + i, LONG_AGO);
        }

        test.files.inbox().scan();

        assertEquals(500, test.paths().size());
        assertEquals("content 249", test.read("stable/249"));
        assertEquals(List.of(), TestFiles.names(test.inbox));
    }

    @Test
    void takesInWhatALinkLeadsToAndLeavesThatAlone() throws IOException {
        Path target = Files.writeString(data.resolve("elsewhere"), "theirs");
        Files.createSymbolicLink(test.inbox.resolve("a.bin"), target);
        layIn("v1.bin", "inside", LONG_AGO);
        Files.createSymbolicLink(test.inbox.resolve("z.bin"), Path.of("v1.bin"));
        Files.setLastModifiedTime(target, FileTime.from(LONG_AGO));

        test.files.inbox().scan();
        Files.writeString(target, "written over");

        assertEquals(List.of("a.bin", "v1.bin", "z.bin"), test.paths());
        assertEquals("theirs", test.read("a.bin"));
        assertEquals("inside", test.read("z.bin"));
        assertEquals("written over", Files.readString(target));
        assertEquals(List.of(), TestFiles.names(test.inbox));
    }

    private void layIn(String path, String content, Instant modified) throws IOException {
        Path file = test.inbox.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, FileTime.from(modified));
    }
}
