package org.fuota.file;

import static org.fuota.file.TestFiles.ALICE;
import static org.fuota.file.TestFiles.declaring;
import static org.fuota.file.TestFiles.in;
import static org.fuota.file.TestFiles.sha256;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.fuota.TestClock;
import org.fuota.db.DatabaseException;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryEvent;
import org.fuota.http.Sha256;
import org.fuota.image.EspImageBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpdateFilesTest {
    private static final FilePath PATH = new FilePath("a.bin");

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock(Instant.parse("2026-01-01T00:00:00.123456Z"));
    private TestFiles test;
    private UpdateFiles files;

    @BeforeEach
    void none() throws IOException {
        test = new TestFiles(folder, TestFiles.LIMITS, clock);
        files = test.files;
    }

    @AfterEach
    void close() throws Exception {
        test.close();
    }

    @Test
    void givesBackWhatWasSaved() throws Exception {
        byte[] content = new byte[1_000_003];
        new Random(3).nextBytes(content);
        content[0] = 0;

        SavedFile saved = files.save(PATH, new ByteArrayInputStream(content), declaring(content.length), ALICE);

        assertTrue(saved.isNew());
        StoredFile file = files.find(PATH).orElseThrow();
        assertEquals(saved.file(), file);
        assertEquals(content.length, file.size());
        assertEquals(Sha256.of(Sha256.newDigest().digest(content)), file.sha256());
        assertEquals(TestFiles.md5(content), file.md5());
        assertEquals(
                "\"" + file.sha256().hex() + "\"", file.validators().entityTag().toString());
        assertEquals(Instant.parse("2026-01-01T00:00:00.123Z"), file.storedAt());
        assertArrayEquals(content, Files.readAllBytes(files.bytes(file)));
        assertEquals(List.of("a.bin"), test.changed);
    }

    @Test
    void keepsWhatAnImageSays() throws Exception {
        byte[] image = EspImageBuilder.application().build();

        files.save(PATH, new ByteArrayInputStream(image), declaring(-1), ALICE);
        ImageFacts facts = files.find(PATH).orElseThrow().image();

        assertEquals("ESP32", facts.chip());
        assertFalse(String.valueOf(facts.project()).isEmpty());
        assertFalse(String.valueOf(facts.version()).isEmpty());
        assertEquals(null, facts.flaw());
        test.save("b.bin", "text");
        assertEquals(
                new ImageFacts(null, null, null, "b.bin isn't an application for an ESP32: the file is no ESP32 image"),
                files.find(new FilePath("b.bin")).orElseThrow().image());
    }

    @Test
    void savesOfUndeclaredLengthAndOfNone() throws IOException {
        test.save("a.bin", "abc");
        assertEquals("abc", test.read("a.bin"));
        files.save(PATH, in(""), declaring(0), ALICE);
        assertEquals("", test.read("a.bin"));
    }

    @Test
    void existsOnlyAtItsOwnPath() throws IOException {
        test.save("a/b/c.bin", "deep");
        test.files.inbox().scan();

        assertTrue(files.exists(new FilePath("a/b/c.bin")));
        for (String none : List.of("a", "a/b", "a/b/c.bin/d", "a/b/c")) {
            assertFalse(files.exists(new FilePath(none)), none);
            assertEquals(Optional.empty(), files.find(new FilePath(none)), none);
        }
    }

    @Test
    void changesNothingWhenTheBytesAreTheSame() throws IOException {
        SavedFile first = test.save("a.bin", "same");
        clock.advance(Duration.ofHours(1));

        SavedFile again = test.save("a.bin", "same");

        assertFalse(again.isNew());
        assertEquals(first.file(), again.file());
        assertEquals(List.of("a.bin"), test.changed);
        assertEquals(1, events().size());
    }

    @Test
    void keepsTheSameBytesOnce() throws IOException {
        test.save("a.bin", "same");
        test.save("b.bin", "same");

        assertEquals(1, TestFiles.names(test.blobs()).size());
        assertTrue(files.delete(PATH, file -> {}, ALICE).isPresent());
        assertEquals("same", test.read("b.bin"));
    }

    /** Who did what, in the transaction that did it. */
    @Test
    void keepsWhoChangedWhat() throws IOException {
        test.save("a.bin", "one");
        test.save("a.bin", "two");
        files.delete(PATH, file -> {}, ALICE);

        String one = sha256("one").hex();
        String two = sha256("two").hex();
        assertEquals(
                List.of(
                        "uploaded file a.bin, after: " + one + ", by alice, from 192.0.2.1",
                        "uploaded file a.bin, before: " + one + ", after: " + two + ", by alice, from 192.0.2.1",
                        "deleted file a.bin, before: " + two + ", by alice, from 192.0.2.1"),
                events());
        assertEquals(List.of("a.bin", "a.bin", "a.bin"), test.changed);
    }

    @Test
    void isNotChangedWithoutItsAudit() throws IOException {
        test.save("a.bin", "old");
        test.database.update("DROP TABLE history");

        assertThrows(DatabaseException.class, () -> test.save("a.bin", "new"));
        assertThrows(DatabaseException.class, () -> files.delete(PATH, file -> {}, ALICE));

        assertTrue(test.hasOnly("a.bin", "old"));
    }

    @Test
    void aDownloadKeepsItsBytesWhateverHappensToThePath() throws IOException {
        test.save("a.bin", "old");
        StoredFile old = files.find(PATH).orElseThrow();
        Path bytes = files.bytes(old);

        test.save("a.bin", "new");
        files.delete(PATH, file -> {}, ALICE);

        assertEquals("old", Files.readString(bytes));
        assertEquals("old", Files.readString(files.bytes(old)));
    }

    @Test
    void isServedAsLastKnownWhileTheDatabaseIsAway() throws Exception {
        test.save("a.bin", "known");
        test.save("b.bin", "never asked for");
        files.find(PATH);
        test.pool.close();

        assertEquals("known", test.read("a.bin"));
        assertThrows(DatabaseException.class, () -> files.find(new FilePath("b.bin")));
        assertThrows(DatabaseException.class, () -> test.save("a.bin", "new"));
    }

    @Test
    void deletesOnlyWhatMayBeDeleted() throws IOException {
        test.save("a.bin", "kept");

        refused(
                ErrorCode.CONFLICT,
                () -> files.delete(
                        PATH,
                        file -> {
                            throw new FuotaException(
                                    ErrorCode.CONFLICT, file.path().value() + " is in use");
                        },
                        ALICE));
        for (int i = 0; i < 6; i++) {
            test.database.update(
                    "INSERT INTO device_app (device_id, app_ver, update_file_path) VALUES (?, '1', 'a.bin')", "d" + i);
        }
        assertEquals(
                "update file a.bin is assigned to 6 devices: d0, d1, d2, d3, d4, ...",
                refused(ErrorCode.CONFLICT, () -> files.delete(PATH, file -> {}, ALICE))
                        .sentence());

        assertTrue(test.hasOnly("a.bin", "kept"));
        test.database.update("DELETE FROM device_app");
        assertTrue(files.delete(PATH, file -> {}, ALICE).isPresent());
        assertEquals(Optional.empty(), files.delete(PATH, file -> {}, ALICE));
        assertEquals(List.of(), test.paths());
    }

    @Test
    void listsPathsInOrder() throws IOException {
        for (String path : List.of("b", "a/c", "a.bin", "a/b/c", "Z")) {
            test.save(path, path);
        }

        assertEquals(List.of("Z", "a.bin", "a/b/c", "a/c", "b"), test.paths());
    }

    @Test
    void keepsOldFileWhenUploadBreaksOff() throws IOException {
        test.save("a.bin", "old");
        InputStream breaking = new SequenceInputStream(in("new and"), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }
        });

        FuotaException broken = refused(ErrorCode.INVALID, () -> files.save(PATH, breaking, declaring(100), ALICE));

        assertEquals("the upload ended after 7 bytes, before 100 declared", broken.sentence());
        assertTrue(test.hasOnly("a.bin", "old"));
    }

    @Test
    void keepsOldFileWhenUploadIsShorterThanDeclared() throws IOException {
        test.save("a.bin", "old");

        refused(ErrorCode.INVALID, () -> files.save(PATH, in("new"), declaring(4), ALICE));

        assertTrue(test.hasOnly("a.bin", "old"));
    }

    @Test
    void refusesWhatIsTooLarge() throws IOException {
        test.save("a.bin", "old");
        InputStream unread = unread("a declared length is refused before the body is read");

        refused(ErrorCode.TOO_LARGE, () -> files.save(PATH, unread, declaring(2_000_001), ALICE));
        refused(ErrorCode.TOO_LARGE, () -> files.save(PATH, in("x".repeat(2_000_001)), declaring(-1), ALICE));

        assertTrue(test.hasOnly("a.bin", "old"));
        assertTrue(files.save(PATH, in("x".repeat(2_000_000)), declaring(-1), ALICE)
                .isNew());
    }

    @Test
    void leavesTheDiskItsFloor() throws Exception {
        long free = Files.getFileStore(folder).getUsableSpace();
        try (TestFiles full = new TestFiles(folder, new FileLimits(Long.MAX_VALUE / 4, free / 2, 1), clock)) {
            refused(ErrorCode.STORAGE_FULL, () -> full.files.save(PATH, in("x"), declaring(free), ALICE));
        }
        try (TestFiles fuller = new TestFiles(folder, new FileLimits(10, free * 2, 1), clock)) {
            refused(ErrorCode.STORAGE_FULL, () -> fuller.files.save(PATH, in("x"), declaring(-1), ALICE));
        }
        assertEquals(List.of(), test.paths());
    }

    @Test
    void leavesTheDiskItsFloorWhileItReads() throws Exception {
        // A file system that nobody else writes much to.
        Path quiet = Files.createTempDirectory(Path.of("/dev/shm"), "fuota");
        long free = Files.getFileStore(quiet).getUsableSpace();
        try (TestFiles full = new TestFiles(quiet, new FileLimits(8 << 20, free - (1 << 20), 1), clock)) {
            full.paths();

            refused(
                    ErrorCode.STORAGE_FULL,
                    () -> full.files.save(PATH, new ByteArrayInputStream(new byte[4 << 20]), declaring(-1), ALICE));

            assertEquals(List.of(), TestFiles.names(full.blobs()));
        } finally {
            deleteAll(quiet);
        }
    }

    /** A file that is gone has no usable space, either. */
    @Test
    void saysFullOnlyOfAFullDisk() throws Exception {
        InputStream whileReading = new SequenceInputStream(in("new"), new InputStream() {
            private boolean isOver;

            @Override
            public int read() throws IOException {
                if (isOver) {
                    return -1;
                }
                for (String name : TestFiles.names(test.blobs())) {
                    Files.delete(test.blobs().resolve(name));
                }
                isOver = true;
                return 'x';
            }
        });
        try (TestFiles limited = new TestFiles(folder, new FileLimits(2_000_000, 1, 1), clock)) {
            assertThrows(NoSuchFileException.class, () -> limited.files.save(PATH, whileReading, declaring(-1), ALICE));
        }
    }

    @Test
    void verifiesDigests() throws Exception {
        test.save("a.bin", "old");
        Sha256 right = sha256("new");
        Sha256 wrong = new Sha256("0".repeat(64));

        FuotaException refused = refused(
                ErrorCode.INVALID, () -> files.save(PATH, in("new"), digests(Map.of("Repr-Digest", wrong)), ALICE));
        assertEquals(
                "the body's SHA-256 is " + right.hex() + ", but Repr-Digest says " + wrong.hex(), refused.sentence());
        refused(
                ErrorCode.INVALID,
                () -> files.save(
                        PATH, in("new"), digests(Map.of("Repr-Digest", right, "Content-Digest", wrong)), ALICE));
        assertTrue(test.hasOnly("a.bin", "old"));

        files.save(PATH, in("new"), digests(Map.of("Content-Digest", right)), ALICE);
        assertTrue(test.hasOnly("a.bin", "new"));
    }

    @Test
    void refusesAnImageThatNoBoardWouldStart() throws IOException {
        test.save("a.bin", "old");
        byte[] cutOff = new byte[24];
        cutOff[0] = (byte) 0xE9;
        cutOff[1] = 1;

        refused(
                ErrorCode.REFUSED_IMAGE,
                () -> files.save(PATH, new ByteArrayInputStream(cutOff), declaring(24), ALICE));

        assertTrue(test.hasOnly("a.bin", "old"));
    }

    @Test
    void asksForTheStateBeforeReadingAndBeforeReplacing() throws IOException {
        test.save("a.bin", "old");
        List<String> seen = new ArrayList<>();
        Consumer<Optional<StoredFile>> state = present -> {
            seen.add(present.map(file -> "" + file.size()).orElse("none"));
            if (seen.size() == 2) {
                throw new FuotaException(ErrorCode.PRECONDITION_FAILED, "changed meanwhile");
            }
        };
        InputStream whileReading = whileReading("new", () -> test.save("a.bin", "somebody else's"));

        refused(
                ErrorCode.PRECONDITION_FAILED,
                () -> files.save(
                        PATH, whileReading, new UploadConditions(-1, Map.of(), state, TestFiles::noDevices), ALICE));

        assertEquals(List.of("3", "15"), seen);
        assertTrue(test.hasOnly("a.bin", "somebody else's"));
    }

    @Test
    void twoUploadsAtOnceHaveOneWholeWinner() throws Exception {
        byte[] ones = new byte[500_000];
        Arrays.fill(ones, (byte) 1);
        byte[] twos = new byte[500_001];
        Arrays.fill(twos, (byte) 2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 20; round++) {
                List<Future<SavedFile>> uploads = threads.invokeAll(List.of(
                        () -> files.save(PATH, new ByteArrayInputStream(ones), declaring(ones.length), ALICE),
                        () -> files.save(PATH, new ByteArrayInputStream(twos), declaring(twos.length), ALICE)));
                for (Future<SavedFile> upload : uploads) {
                    upload.get();
                }
                StoredFile winner = files.find(PATH).orElseThrow();
                byte[] bytes = Files.readAllBytes(files.bytes(winner));
                assertTrue(Arrays.equals(ones, bytes) || Arrays.equals(twos, bytes));
                assertEquals(bytes.length, winner.size());
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void refusesAPathThatRunsThroughAFile() throws IOException {
        test.save("a.bin", "file");

        for (String clashing : List.of("a.bin/b", "a.bin/b/c")) {
            assertEquals(
                    "a part of " + clashing + " is an update file itself",
                    refused(ErrorCode.CONFLICT, () -> test.save(clashing, "x")).sentence());
        }
        assertTrue(test.hasOnly("a.bin", "file"));
        test.save("a.bin0", "beside");
        test.save("a.bin-", "beside");
        test.save("a.bin", "replaced");
    }

    @Test
    void refusesAPathThatIsAFolder() throws IOException {
        test.save("a/b", "file");

        assertEquals(
                "there are update files below a/",
                refused(ErrorCode.CONFLICT, () -> test.save("a", "x")).sentence());

        assertTrue(test.hasOnly("a/b", "file"));
    }

    @Test
    void refusesAClashBeforeReadingAndOneThatComesMeanwhile() throws IOException {
        FilePath below = new FilePath("a.bin/b");
        InputStream whileReading = whileReading("new", () -> test.save("a.bin", "somebody else's"));
        refused(ErrorCode.CONFLICT, () -> files.save(below, whileReading, declaring(-1), ALICE));

        InputStream unread = unread("a clash is refused before the body is read");
        refused(ErrorCode.CONFLICT, () -> files.save(below, unread, declaring(-1), ALICE));
        assertTrue(test.hasOnly("a.bin", "somebody else's"));
    }

    @Test
    void isInTroubleWithoutTheFolderOfItsBytes() throws IOException {
        test.save("a.bin", "old");
        Files.move(test.blobs(), folder.resolve("away"));

        assertThrows(UncheckedIOException.class, () -> files.exists(PATH));
        assertThrows(UncheckedIOException.class, () -> test.read("a.bin"));
        assertThrows(IOException.class, () -> test.save("a.bin", "x"));
        assertFalse(test.blobs.isUsable());

        Files.move(folder.resolve("away"), test.blobs());
        assertEquals("old", test.read("a.bin"));
        assertTrue(test.blobs.isUsable());
    }

    /** Boards are told that it isn't there, admins what to do; and doing that mends it. */
    @Test
    void isLostWithItsBytesUntilItIsUploadedAgain() throws IOException {
        test.save("a.bin", "bytes");
        files.inbox().scan();
        Files.delete(test.blob("bytes"));

        assertFalse(files.exists(PATH));
        FuotaException lost = refused(ErrorCode.UNAVAILABLE, () -> test.read("a.bin"));
        assertEquals(
                "the bytes of update file a.bin are missing or damaged on the server's disk: upload it again, or delete it",
                lost.sentence());

        assertFalse(test.save("a.bin", "bytes").isNew());
        assertTrue(files.exists(PATH));
        assertEquals("bytes", test.read("a.bin"));
    }

    @Test
    void keepsTheOldFileWhenTheEffectOnDevicesIsRefused() throws IOException {
        test.save("a.bin", "old");
        UploadConditions conditions = new UploadConditions(-1, Map.of(), present -> {}, facts -> {
            throw new FuotaException(ErrorCode.CONFLICT, facts.size() + " bytes loop");
        });

        refused(ErrorCode.CONFLICT, () -> files.save(PATH, in("new"), conditions, ALICE));

        assertTrue(test.hasOnly("a.bin", "old"));
    }

    private List<String> events() {
        return test.database.query(
                """
                SELECT event, file_path, value_before, value_after, actor, remote_addr
                FROM history
                ORDER BY number
                """,
                row -> new HistoryEvent(
                                clock.instant(),
                                null,
                                row.getString(2),
                                EventKind.valueOf(row.getString(1).toUpperCase(Locale.ROOT)),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5),
                                row.getString(6))
                        .toString());
    }

    static InputStream whileReading(String content, Work work) {
        return new SequenceInputStream(in(content), new InputStream() {
            @Override
            public int read() throws IOException {
                work.run();
                return -1;
            }
        });
    }

    interface Work {
        void run() throws IOException;
    }

    private static InputStream unread(String why) {
        return new InputStream() {
            @Override
            public int read() {
                throw new AssertionError(why);
            }
        };
    }

    private static UploadConditions digests(Map<String, Sha256> digests) {
        return new UploadConditions(3, digests, present -> {}, TestFiles::noDevices);
    }

    static void deleteAll(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (Path one : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }

    private static FuotaException refused(ErrorCode code, org.junit.jupiter.api.function.Executable request) {
        FuotaException refused = assertThrows(FuotaException.class, request);
        assertEquals(code, refused.code(), refused.sentence());
        return refused;
    }
}
