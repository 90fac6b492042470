package org.fuota.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.fuota.TestClock;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.http.Sha256;
import org.fuota.image.ImageReport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStoreTest {
    private static final FilePath PATH = new FilePath("a.bin");
    private static final FileLimits LIMITS = new FileLimits(2_000_000, 0, FileLimits.DEFAULT.slotBytes());

    @TempDir
    Path parent;

    private final TestClock clock = new TestClock(Instant.now());
    private Path folder = Path.of("");
    private FileStore store = new FileStore(folder, LIMITS, clock);

    @BeforeEach
    void anEmptyStore() throws IOException {
        folder = parent.resolve("some/files");
        store = new FileStore(folder, LIMITS, clock);
        store.prepare();
    }

    @Test
    void givesBackWhatWasSaved() throws Exception {
        byte[] content = new byte[1_000_003];
        new Random(3).nextBytes(content);
        content[0] = 0;

        SavedFile saved = store.save(PATH, new ByteArrayInputStream(content), declaring(content.length));

        assertTrue(saved.isNew());
        StoredFile file = store.find(PATH).orElseThrow();
        assertEquals(content.length, file.size());
        assertEquals(sha256(content), file.sha256().hex());
        assertEquals(sha256(content), saved.file().sha256().hex());
        assertEquals(
                "\"" + sha256(content) + "\"", file.validators().entityTag().toString());
        assertTrue(Duration.between(file.modified(), Instant.now()).abs().compareTo(Duration.ofMinutes(1)) < 0);
        assertArrayEquals(content, Files.readAllBytes(file.snapshot()));
        assertArrayEquals(content, Files.readAllBytes(folder.resolve("a.bin")));
    }

    @Test
    void savesOfUndeclaredLengthAndOfNone() throws IOException {
        save(PATH, "abc");
        assertEquals("abc", read(PATH));
        store.save(PATH, in(""), declaring(0));
        assertEquals("", read(PATH));
    }

    @Test
    void makesFoldersForAPath() throws IOException {
        FilePath deep = new FilePath("a/b/c.bin");

        save(deep, "deep");

        assertEquals("deep", read(deep));
        assertTrue(store.exists(deep));
        for (String none : List.of("a", "a/b", "a/b/c.bin/d", "a/b/c.bin/d/e")) {
            assertFalse(store.exists(new FilePath(none)), none);
            assertEquals(Optional.empty(), store.find(new FilePath(none)), none);
        }
    }

    @Test
    void writesNothingWhenTheBytesAreTheSame() throws IOException {
        save(PATH, "same");
        FileTime long_ago = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
        Files.setLastModifiedTime(folder.resolve("a.bin"), long_ago);
        Object inode = Files.getAttribute(folder.resolve("a.bin"), "unix:ino");

        SavedFile again = save(PATH, "same");

        assertFalse(again.isNew());
        assertEquals(long_ago, Files.getLastModifiedTime(folder.resolve("a.bin")));
        assertEquals(inode, Files.getAttribute(folder.resolve("a.bin"), "unix:ino"));
    }

    @Test
    void servesWhatAnOperatorCopiesInReplacesAndDeletes() throws Exception {
        Path byHand = folder.resolve("a.bin");
        Files.writeString(byHand, "by hand");
        assertTrue(store.exists(PATH));
        assertEquals("by hand", read(PATH));
        assertEquals(
                sha256("by hand".getBytes()),
                store.find(PATH).orElseThrow().sha256().hex());

        Files.writeString(byHand, "BY HAND");
        assertEquals(
                sha256("BY HAND".getBytes()),
                store.find(PATH).orElseThrow().sha256().hex(),
                "within the same second");

        Files.setLastModifiedTime(byHand, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        assertEquals("BY HAND", read(PATH));
        Path other = Files.writeString(parent.resolve("other"), "by HAND");
        Files.setLastModifiedTime(other, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        Files.move(other, byHand, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertEquals("by HAND", read(PATH), "same size, same time, another inode");

        Files.delete(byHand);
        assertFalse(store.exists(PATH));
        assertEquals(Optional.empty(), store.find(PATH));
        assertEquals(List.of(), store.paths());
    }

    @Test
    void isNeverNewerThanNow() throws IOException {
        Path file = Files.writeString(folder.resolve("a.bin"), "from a machine whose clock is ahead");
        Files.setLastModifiedTime(file, FileTime.from(clock.instant().plus(Duration.ofDays(1))));

        assertEquals(clock.instant(), store.find(PATH).orElseThrow().modified());
    }

    @Test
    void looksAtAFileFromTheFutureOnce() throws IOException {
        Path file = Files.writeString(folder.resolve("a.bin"), "from a machine whose clock is ahead");
        Files.setLastModifiedTime(file, FileTime.from(clock.instant().plus(Duration.ofDays(1))));

        assertEquals(
                store.find(PATH).orElseThrow().snapshot(),
                store.find(PATH).orElseThrow().snapshot());
    }

    @Test
    void makesSnapshotsAnewWhenSomebodyClearedThemAway() throws IOException {
        save(PATH, "uploaded");
        Files.delete(store.find(PATH).orElseThrow().snapshot());

        assertEquals("uploaded", read(PATH));
    }

    @Test
    void freesTheDiskOfWhatWasDeletedByHand() throws IOException {
        save(PATH, "big");
        Path snapshot = store.find(PATH).orElseThrow().snapshot();
        Files.delete(folder.resolve("a.bin"));

        store.paths();
        clock.advance(Duration.ofSeconds(61));
        store.paths();

        assertFalse(Files.exists(snapshot));
    }

    @Test
    void servesWhatSymbolicLinksLeadTo() throws IOException {
        save(new FilePath("sub/one.bin"), "one");
        save(new FilePath("sub/two.bin"), "two");
        FilePath latest = new FilePath("sub/latest.bin");
        Path link = Files.createSymbolicLink(folder.resolve("sub/latest.bin"), Path.of("one.bin"));
        StoredFile one = store.find(latest).orElseThrow();
        assertEquals("one", Files.readString(one.snapshot()));

        Files.delete(link);
        Files.createSymbolicLink(link, Path.of("two.bin"));

        assertEquals("two", read(latest));
        assertEquals("one", Files.readString(one.snapshot()));
        assertTrue(store.paths().stream().anyMatch(path -> path.value().equals("sub/latest.bin")));
    }

    @Test
    void deletesNoFolderThatASymbolicLinkLeadsTo() throws IOException {
        Path elsewhere = Files.createDirectory(parent.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("one.bin"), "one");
        Files.writeString(elsewhere.resolve("two.bin"), "two");
        Files.createSymbolicLink(folder.resolve("stable"), elsewhere);

        assertTrue(delete(new FilePath("stable/one.bin")));

        assertEquals("two", read(new FilePath("stable/two.bin")));
    }

    @Test
    void deletesOnlyWhatMayBeDeleted() throws IOException {
        save(PATH, "kept");

        refused(
                ErrorCode.CONFLICT,
                () -> store.delete(PATH, file -> {
                    throw new FuotaException(ErrorCode.CONFLICT, file.path().value() + " is in use");
                }));

        assertOnly("a.bin", "kept");
    }

    @Test
    void listsWhileUploadsComeAndGo() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> uploads = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                FilePath path = new FilePath("upload-" + i);
                uploads.add(threads.submit(() -> {
                    for (int round = 0; round < 100; round++) {
                        save(path, "round " + round);
                    }
                    return null;
                }));
            }
            while (!uploads.stream().allMatch(Future::isDone)) {
                store.paths();
            }
            for (Future<?> upload : uploads) {
                upload.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void listsPathsInOrder() throws IOException {
        for (String path : List.of("b", "a/c", "a.bin", "a/b/c", "Z")) {
            save(new FilePath(path), path);
        }
        Files.writeString(folder.resolve(".hidden"), "no path");
        Files.writeString(folder.resolve("with space"), "no path");
        Files.createDirectory(folder.resolve("empty"));

        assertEquals(
                List.of("Z", "a.bin", "a/b/c", "a/c", "b"),
                store.paths().stream().map(FilePath::value).toList());
    }

    @Test
    void keepsOldFileWhenUploadBreaksOff() throws IOException {
        save(PATH, "old");
        InputStream breaking = new SequenceInputStream(in("new and"), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }
        });

        FuotaException broken = refused(ErrorCode.INVALID, () -> store.save(PATH, breaking, declaring(100)));

        assertEquals("the upload ended after 7 bytes, before 100 declared", broken.sentence());
        assertOnly("a.bin", "old");
    }

    @Test
    void keepsOldFileWhenUploadIsShorterThanDeclared() throws IOException {
        save(PATH, "old");

        refused(ErrorCode.INVALID, () -> store.save(PATH, in("new"), declaring(4)));

        assertOnly("a.bin", "old");
    }

    @Test
    void refusesWhatIsTooLarge() throws IOException {
        save(PATH, "old");
        InputStream unread = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("a declared length is refused before the body is read");
            }
        };

        refused(ErrorCode.TOO_LARGE, () -> store.save(PATH, unread, declaring(2_000_001)));
        refused(ErrorCode.TOO_LARGE, () -> store.save(PATH, in("x".repeat(2_000_001)), declaring(-1)));

        assertOnly("a.bin", "old");
        assertTrue(store.save(PATH, in("x".repeat(2_000_000)), declaring(-1)).isNew());
    }

    @Test
    void leavesTheDiskItsFloor() throws IOException {
        save(PATH, "old");
        long free = Files.getFileStore(folder).getUsableSpace();
        FileStore full = new FileStore(folder, new FileLimits(Long.MAX_VALUE / 4, free / 2, 1), clock);

        refused(ErrorCode.STORAGE_FULL, () -> full.save(PATH, in("x"), declaring(free)));
        FileStore fuller = new FileStore(folder, new FileLimits(10, free * 2, 1), clock);
        refused(ErrorCode.STORAGE_FULL, () -> fuller.save(PATH, in("x"), declaring(-1)));

        assertOnly("a.bin", "old");
    }

    @Test
    void verifiesDigests() throws Exception {
        save(PATH, "old");
        Sha256 right = new Sha256(sha256("new".getBytes()));
        Sha256 wrong = new Sha256("0".repeat(64));

        FuotaException refused = refused(
                ErrorCode.INVALID,
                () -> store.save(
                        PATH,
                        in("new"),
                        new UploadConditions(
                                3, Map.of("Repr-Digest", wrong), present -> {}, FileStoreTest::noDevices)));
        assertEquals(
                "the body's SHA-256 is " + right.hex() + ", but Repr-Digest says " + wrong.hex(), refused.sentence());
        refused(
                ErrorCode.INVALID,
                () -> store.save(
                        PATH,
                        in("new"),
                        new UploadConditions(
                                3,
                                Map.of("Repr-Digest", right, "Content-Digest", wrong),
                                present -> {},
                                FileStoreTest::noDevices)));
        assertOnly("a.bin", "old");

        store.save(
                PATH,
                in("new"),
                new UploadConditions(3, Map.of("Content-Digest", right), present -> {}, FileStoreTest::noDevices));
        assertOnly("a.bin", "new");
    }

    @Test
    void refusesAnImageThatNoBoardWouldStart() throws IOException {
        save(PATH, "old");
        byte[] cutOff = new byte[24];
        cutOff[0] = (byte) 0xE9;
        cutOff[1] = 1;

        refused(ErrorCode.REFUSED_IMAGE, () -> store.save(PATH, new ByteArrayInputStream(cutOff), declaring(24)));

        assertOnly("a.bin", "old");
        Files.write(folder.resolve("a.bin"), cutOff);
        assertInstanceOf(
                ImageReport.Broken.class, store.find(PATH).orElseThrow().image(), "an operator may");
    }

    @Test
    void asksForTheStateBeforeReadingAndBeforeReplacing() throws IOException {
        save(PATH, "old");
        List<String> seen = new ArrayList<>();
        Consumer<Optional<StoredFile>> state = present -> {
            seen.add(present.map(file -> "" + file.size()).orElse("none"));
            if (seen.size() == 2) {
                throw new FuotaException(ErrorCode.PRECONDITION_FAILED, "changed meanwhile");
            }
        };
        InputStream whileReading = new SequenceInputStream(in("new"), new InputStream() {
            @Override
            public int read() throws IOException {
                save(PATH, "somebody else's");
                return -1;
            }
        });

        refused(
                ErrorCode.PRECONDITION_FAILED,
                () -> store.save(
                        PATH, whileReading, new UploadConditions(-1, Map.of(), state, FileStoreTest::noDevices)));

        assertEquals(List.of("3", "15"), seen);
        assertOnly("a.bin", "somebody else's");
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
                        () -> store.save(PATH, new ByteArrayInputStream(ones), declaring(ones.length)),
                        () -> store.save(PATH, new ByteArrayInputStream(twos), declaring(twos.length))));
                for (Future<SavedFile> upload : uploads) {
                    upload.get();
                }
                byte[] winner = Files.readAllBytes(folder.resolve("a.bin"));
                assertTrue(Arrays.equals(ones, winner) || Arrays.equals(twos, winner));
                assertEquals(
                        sha256(winner), store.find(PATH).orElseThrow().sha256().hex());
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void refusesAPathThatRunsThroughAFile() throws IOException {
        save(PATH, "file");

        for (String clashing : List.of("a.bin/b", "a.bin/b/c")) {
            refused(ErrorCode.CONFLICT, () -> save(new FilePath(clashing), "x"));
        }
        assertOnly("a.bin", "file");
    }

    @Test
    void refusesAPathThatIsAFolder() throws IOException {
        save(new FilePath("a/b"), "file");

        refused(ErrorCode.CONFLICT, () -> save(new FilePath("a"), "x"));

        assertOnly("a/b", "file");
    }

    @Test
    void aVersionStaysWholeForAMinuteAfterItIsReplaced() throws Exception {
        save(PATH, "old");
        StoredFile old = store.find(PATH).orElseThrow();
        save(PATH, "newer");

        assertEquals("newer", read(PATH));
        assertEquals("old", Files.readString(old.snapshot()));
        assertNotEquals(old.snapshot(), store.find(PATH).orElseThrow().snapshot());

        clock.advance(Duration.ofSeconds(59));
        save(PATH, "newest");
        assertEquals("old", Files.readString(old.snapshot()));

        clock.advance(Duration.ofSeconds(2));
        save(PATH, "last");
        assertFalse(Files.exists(old.snapshot()));
    }

    @Test
    void takesSnapshotsOfWhatItMayNotLink() throws Exception {
        // A hard link can't lead to another file system; and where the store's is one, the copy is what is tested
        // elsewhere.
        Path other = Files.createTempDirectory(Path.of("/dev/shm"), "fuota");
        try {
            Path elsewhere = Files.writeString(other.resolve("x"), "copied");

            Path snapshot =
                    new FileVersions(folder, new TemporaryFiles(folder, clock), LIMITS, clock).snapshot(elsewhere);

            assertEquals("copied", Files.readString(snapshot));
            Files.writeString(elsewhere, "changed in place");
            assertEquals("copied", Files.readString(snapshot));
        } finally {
            Files.deleteIfExists(other.resolve("x"));
            Files.delete(other);
        }
    }

    @Test
    void servesTheFileItselfWhereNoSnapshotIsPossible() throws IOException {
        Path file = Files.writeString(folder.resolve("a.bin"), "on a full disk");
        Path nowhere = parent.resolve("no/such/folder");
        FileVersions versions = new FileVersions(nowhere, new TemporaryFiles(nowhere, clock), LIMITS, clock);

        StoredFile served = versions.current(PATH, file, attributes(file));
        assertEquals(file, served.snapshot());

        versions.forget(PATH);
        clock.advance(Duration.ofHours(1));
        versions.cleanUp();
        assertTrue(Files.exists(file), "it isn't a snapshot, to be deleted");
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class);
    }

    @Test
    void deletesAndLeavesNoEmptyFolders() throws IOException {
        save(new FilePath("a/b/c"), "c");
        save(new FilePath("a/d"), "d");

        assertTrue(delete(new FilePath("a/b/c")));
        assertFalse(delete(new FilePath("a/b/c")));
        assertFalse(delete(new FilePath("a")));

        assertFalse(Files.exists(folder.resolve("a/b")));
        assertOnly("a/d", "d");
        assertTrue(delete(new FilePath("a/d")));
        assertTrue(Files.isDirectory(folder));
    }

    @Test
    void clearsWhatACrashLeft() throws IOException {
        save(PATH, "kept");
        // As of version 0.1, and of a node that nobody has locked.
        Path elsewhere = Files.createDirectory(parent.resolve("elsewhere"));
        Files.createSymbolicLink(folder.resolve("linked"), elsewhere);
        for (String leftover : List.of(
                ".upload-123", ".version-123", ".upload-0-1", ".version-0-1", ".node-0", "linked/.upload-0-1")) {
            Files.writeString(folder.resolve(leftover), "half an upload");
        }
        store.close();

        new FileStore(folder, LIMITS, clock).prepare();

        assertEquals(List.of("a.bin", "linked"), names(folder));
        assertEquals(List.of(), names(elsewhere));
    }

    @Test
    void leavesAloneWhatAnotherNodeUses() throws IOException {
        save(PATH, "downloaded");
        StoredFile downloaded = store.find(PATH).orElseThrow();
        InputStream whileReading = new SequenceInputStream(in("uploaded"), new InputStream() {
            @Override
            public int read() throws IOException {
                try (FileStore other = new FileStore(folder, LIMITS, clock)) {
                    other.prepare();
                }
                return -1;
            }
        });

        store.save(new FilePath("b.bin"), whileReading, declaring(-1));

        assertEquals("uploaded", read(new FilePath("b.bin")));
        assertEquals("downloaded", Files.readString(downloaded.snapshot()));
    }

    /** A file that is gone has no usable space, either. */
    @Test
    void saysFullOnlyOfAFullDisk() throws IOException {
        InputStream whileReading = new SequenceInputStream(in("new"), new InputStream() {
            private boolean isOver;

            @Override
            public int read() throws IOException {
                if (isOver) {
                    return -1;
                }
                for (String name : names(folder)) {
                    Files.delete(folder.resolve(name));
                }
                isOver = true;
                return 'x';
            }
        });
        FileStore limited = new FileStore(folder, new FileLimits(2_000_000, 1, 1), clock);

        assertThrows(NoSuchFileException.class, () -> limited.save(PATH, whileReading, declaring(-1)));
    }

    @Test
    void isInTroubleWithoutItsFolder() throws IOException {
        Files.delete(folder);

        assertThrows(UncheckedIOException.class, () -> store.exists(PATH));
        assertThrows(IOException.class, () -> store.find(PATH));
        assertThrows(IOException.class, () -> store.paths());
        assertThrows(IOException.class, () -> save(PATH, "x"));
        assertThrows(IOException.class, () -> delete(PATH));
    }

    private boolean delete(FilePath path) throws IOException {
        return store.delete(path, file -> {}).isPresent();
    }

    @Test
    void looksAgainWhenSizeOrTimeIsAnother() throws IOException {
        Path byHand = folder.resolve("a.bin");
        FileTime old = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
        writeAt(byHand, "one", old);
        StoredFile first = store.find(PATH).orElseThrow();
        assertEquals(first.snapshot(), store.find(PATH).orElseThrow().snapshot(), "looked at once");

        writeAt(byHand, "three", old);
        assertEquals(sha("three"), store.find(PATH).orElseThrow().sha256().hex(), "same time and inode, another size");

        writeAt(byHand, "seven", FileTime.from(Instant.parse("2020-01-01T00:00:01Z")));
        assertEquals(sha("seven"), store.find(PATH).orElseThrow().sha256().hex(), "same size and inode, another time");
    }

    @Test
    void looksAgainAtWhatMayStillBeWrittenWithinOneTick() throws IOException {
        Path byHand = folder.resolve("a.bin");
        FileTime tick = FileTime.from(clock.instant());
        writeAt(byHand, "one", tick);
        assertEquals(sha("one"), store.find(PATH).orElseThrow().sha256().hex());

        writeAt(byHand, "two", tick);

        assertEquals(sha("two"), store.find(PATH).orElseThrow().sha256().hex());
    }

    @Test
    void aVersionThatWasCopiedInIsKeptAndDeletedAlike() throws IOException {
        Path byHand = Files.writeString(folder.resolve("a.bin"), "by hand");
        StoredFile old = store.find(PATH).orElseThrow();
        save(PATH, "newer");

        assertEquals("by hand", Files.readString(old.snapshot()));
        clock.advance(Duration.ofSeconds(61));
        save(new FilePath("b.bin"), "another");
        assertFalse(Files.exists(old.snapshot()));
        assertEquals("newer", Files.readString(byHand));
    }

    @Test
    void aVersionGoesAMinuteAfterItsFile() throws IOException {
        FilePath other = new FilePath("b.bin");
        save(PATH, "deleted");
        save(other, "deleted by hand");
        StoredFile deleted = store.find(PATH).orElseThrow();
        StoredFile byHand = store.find(other).orElseThrow();
        assertTrue(delete(PATH));
        Files.delete(folder.resolve("b.bin"));
        assertEquals(Optional.empty(), store.find(other));

        assertEquals("deleted", Files.readString(deleted.snapshot()));
        assertEquals("deleted by hand", Files.readString(byHand.snapshot()));
        clock.advance(Duration.ofSeconds(61));
        save(new FilePath("c.bin"), "another");

        assertFalse(Files.exists(deleted.snapshot()));
        assertFalse(Files.exists(byHand.snapshot()));
    }

    @Test
    void snapshotsTakeNoRoom() throws IOException {
        save(PATH, "linked");

        assertEquals(
                Files.getAttribute(folder.resolve("a.bin"), "unix:ino"),
                Files.getAttribute(store.find(PATH).orElseThrow().snapshot(), "unix:ino"));
    }

    @Test
    void refusesAClashBeforeReadingAndOneThatComesMeanwhile() throws IOException {
        FilePath below = new FilePath("a.bin/b");
        InputStream whileReading = new SequenceInputStream(in("new"), new InputStream() {
            @Override
            public int read() throws IOException {
                save(PATH, "somebody else's");
                return -1;
            }
        });
        refused(ErrorCode.CONFLICT, () -> store.save(below, whileReading, declaring(-1)));

        InputStream unread = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("a clash is refused before the body is read");
            }
        };
        refused(ErrorCode.CONFLICT, () -> store.save(below, unread, declaring(-1)));
        assertOnly("a.bin", "somebody else's");
    }

    @Test
    void leavesNothingWhenItCannotMoveIntoPlace() throws IOException {
        Files.createSymbolicLink(folder.resolve("dangling"), parent.resolve("nowhere"));

        assertThrows(IOException.class, () -> save(new FilePath("dangling/a"), "x"));

        store.close();
        assertEquals(List.of("dangling"), names(folder));
    }

    @Test
    void leavesTheDiskItsFloorWhileItReads() throws IOException {
        // A file system that nobody else writes much to.
        Path quiet = Files.createTempDirectory(Path.of("/dev/shm"), "fuota");
        try {
            long free = Files.getFileStore(quiet).getUsableSpace();
            FileStore full = new FileStore(quiet, new FileLimits(8 << 20, free - (1 << 20), 1), clock);

            refused(
                    ErrorCode.STORAGE_FULL,
                    () -> full.save(PATH, new ByteArrayInputStream(new byte[4 << 20]), declaring(-1)));

            full.close();
            assertEquals(List.of(), names(quiet));
        } finally {
            Files.delete(quiet);
        }
    }

    private static void writeAt(Path file, String content, FileTime time) throws IOException {
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, time);
    }

    private static String sha(String content) {
        try {
            return sha256(content.getBytes(StandardCharsets.UTF_8));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private SavedFile save(FilePath path, String content) throws IOException {
        return store.save(path, in(content), declaring(-1));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Apart from snapshots, the only file. */
    private void assertOnly(String path, String content) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            assertEquals(
                    List.of(folder.resolve(path)),
                    files.filter(Files::isRegularFile)
                            .filter(file -> !file.getFileName().toString().matches("\\.(version|node)-.*"))
                            .toList());
        }
        assertEquals(content, read(new FilePath(path)));
    }

    private String read(FilePath path) throws IOException {
        return Files.readString(store.find(path).orElseThrow().snapshot());
    }

    private static FuotaException refused(ErrorCode code, org.junit.jupiter.api.function.Executable request) {
        FuotaException refused = assertThrows(FuotaException.class, request);
        assertEquals(code, refused.code(), refused.sentence());
        return refused;
    }

    private static UploadConditions declaring(long length) {
        return new UploadConditions(length, Map.of(), present -> {}, FileStoreTest::noDevices);
    }

    @Test
    void keepsTheOldFileWhenTheEffectOnDevicesIsRefused() throws IOException {
        save(PATH, "old");
        UploadConditions conditions = new UploadConditions(-1, Map.of(), present -> {}, facts -> {
            throw new FuotaException(ErrorCode.CONFLICT, facts.size() + " bytes loop");
        });

        refused(ErrorCode.CONFLICT, () -> store.save(PATH, in("new"), conditions));

        assertOnly("a.bin", "old");
    }

    /** The effect of an upload to a path that nobody is assigned. */
    static UploadEffect noDevices(FileFacts facts) {
        return new UploadEffect(OptionalLong.of(0), List.of());
    }

    private static InputStream in(String content) {
        return new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
    }

    private static String sha256(byte[] content) throws Exception {
        return java.util.HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }
}
