package org.fuota.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.fuota.TestClock;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrozenFilesTest {
    private static final FileLimits LIMITS = new FileLimits(2_000_000, 0, FileLimits.DEFAULT.slotBytes());
    private static final Consumer<Path> NOTHING = file -> {};

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock(Instant.now());
    private FileStore store = new FileStore(Path.of(""), LIMITS, clock);

    @BeforeEach
    void twoFiles() throws IOException {
        store = new FileStore(folder, LIMITS, clock);
        store.prepare();
        save("a.bin", "one");
        save("b/c.bin", "two");
    }

    @Test
    void staysAsItWas() throws Exception {
        try (FrozenFiles frozen = store.freeze(0, file -> write(file, "beside"))) {
            save("a.bin", "another");
            store.delete(new FilePath("b/c.bin"), present -> {});
            save("d.bin", "new");

            assertEquals(Map.of("a.bin", "one", "b/c.bin", "two"), content(frozen));
            assertEquals("beside", Files.readString(frozen.beside()));
        }
    }

    /** Asked for while the work runs, done after it: else what is frozen would be of two moments. */
    @Test
    void letsNobodyStoreOrDeleteMeanwhile() throws Exception {
        CompletableFuture<?>[] changes = new CompletableFuture<?>[2];
        try (FrozenFiles frozen = store.freeze(0, file -> {
            changes[0] = later(() -> save("a.bin", "another"));
            changes[1] = later(() -> store.delete(new FilePath("b/c.bin"), present -> {}));
            awaitBlockedOrDone(changes);
            assertFalse(changes[0].isDone() || changes[1].isDone());
        })) {
            CompletableFuture.allOf(changes).join();
            assertEquals(Map.of("a.bin", "one", "b/c.bin", "two"), content(frozen));
        }
        assertEquals(List.of(new FilePath("a.bin")), store.paths());
    }

    @Test
    void leavesNothingBehind() throws Exception {
        List<String> before = names();

        store.freeze(0, file -> write(file, "beside")).close();

        assertEquals(before, names());
    }

    @Test
    void leavesNothingBehindWhenTheWorkFails() throws Exception {
        List<String> before = names();

        assertThrows(
                IllegalStateException.class,
                () -> store.freeze(0, file -> {
                    write(file, "half");
                    throw new IllegalStateException("the database is gone");
                }));
        assertEquals(before, names());
    }

    @Test
    void takesNoRoomThatUploadsMustLeave() throws Exception {
        FuotaException full = assertThrows(FuotaException.class, () -> store.freeze(Long.MAX_VALUE / 2, NOTHING));

        assertEquals(ErrorCode.STORAGE_FULL, full.code());
    }

    /** The room for what can't be linked isn't known before: a file on another file system. */
    @Test
    void isFullWhenACopyHasNoRoom() throws Exception {
        Path elsewhere = Files.createTempDirectory(Path.of("/dev/shm"), "fuota");
        long free = Files.getFileStore(folder).getUsableSpace();
        try (RandomAccessFile sparse =
                new RandomAccessFile(elsewhere.resolve("x").toFile(), "rw")) {
            sparse.setLength(free);
            Files.createSymbolicLink(folder.resolve("large.bin"), elsewhere.resolve("x"));
            FileStore limited = new FileStore(folder, new FileLimits(1, free / 2, 1), clock);
            List<String> before = names();

            FuotaException full = assertThrows(FuotaException.class, () -> limited.freeze(0, NOTHING));

            assertEquals(ErrorCode.STORAGE_FULL, full.code());
            limited.close();
            assertEquals(before, names());
        } finally {
            Files.deleteIfExists(elsewhere.resolve("x"));
            Files.delete(elsewhere);
        }
    }

    @Test
    void leavesOutWhatNoBoardCanRequest() throws Exception {
        Files.writeString(folder.resolve(".hidden"), "x");
        Files.writeString(folder.resolve("a file"), "x");

        try (FrozenFiles frozen = store.freeze(0, NOTHING)) {
            assertEquals(Map.of("a.bin", "one", "b/c.bin", "two"), content(frozen));
        }
    }

    private SavedFile save(String path, String content) throws IOException {
        byte[] octets = content.getBytes(StandardCharsets.UTF_8);
        return store.save(
                new FilePath(path),
                new ByteArrayInputStream(octets),
                new UploadConditions(octets.length, Map.of(), present -> {}, FileStoreTest::noDevices));
    }

    /** Both threads want the store's lock. */
    private static void awaitBlockedOrDone(CompletableFuture<?>[] changes) {
        while (!changes[0].isDone()
                && !changes[1].isDone()
                && Thread.getAllStackTraces().keySet().stream()
                                .filter(thread -> thread.getName().equals("changes"))
                                .filter(thread -> thread.getState() == Thread.State.BLOCKED)
                                .count()
                        < 2) {
            Thread.onSpinWait();
        }
    }

    private static CompletableFuture<?> later(Work work) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                task -> new Thread(task, "changes").start());
    }

    private static void write(Path file, String content) {
        try {
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> content(FrozenFiles frozen) throws IOException {
        Map<String, String> content = new TreeMap<>();
        for (Map.Entry<FilePath, Path> file : frozen.files().entrySet()) {
            content.put(file.getKey().value(), Files.readString(file.getValue()));
        }
        return content;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(Path::toString).sorted().toList();
        }
    }

    private interface Work {
        void run() throws IOException;
    }
}
