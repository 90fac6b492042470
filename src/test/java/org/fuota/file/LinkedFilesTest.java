package org.fuota.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.fuota.TestClock;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Symbolic links among the update files and above them: all works through them, or it says why not. */
class LinkedFilesTest {
    private static final FileLimits LIMITS = new FileLimits(2_000_000, 0, FileLimits.DEFAULT.slotBytes());

    @TempDir
    Path parent;

    private Path otherDisk = Path.of("");

    @BeforeEach
    void anotherFileSystem() throws IOException {
        otherDisk = Files.createTempDirectory(Path.of("/dev/shm"), "fuota");
    }

    @AfterEach
    void clear() throws IOException {
        try (Stream<Path> files = Files.walk(otherDisk)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** {@code disk:} is on another file system; the first is where the link lies, the second where it leads. */
    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', textBlock = """
            # the data folder, and files in it
            data              | elsewhere         | data/files | a.bin
            data              | disk:             | data/files | a.bin
            data/files        | elsewhere         | data/files | a.bin
            data/files        | disk:             | data/files | a.bin
            # a folder in files, that leaves the data folder
            data/files/stable | elsewhere         | data/files | stable/a.bin
            data/files/stable | disk:             | data/files | stable/a.bin
            data/files/stable | disk:             | data/files | stable/new/a.bin
            # one that doesn't
            data/files/stable | data/files/v1     | data/files | stable/a.bin
            # a loop
            data/files/loop   | data/files        | data/files | a.bin
            """)
    void allWorksThroughAFolderThatIsALink(String link, String target, String files, String path) throws IOException {
        Path folder = Files.createDirectories(resolve(target));
        Files.createDirectories(resolve(link).getParent());
        Files.createSymbolicLink(resolve(link), folder);
        try (FileStore store = new FileStore(resolve(files), LIMITS, new TestClock(Instant.now()))) {
            store.prepare();
            FilePath file = new FilePath(path);

            save(store, path, "old");
            save(store, path, "firmware");

            assertTrue(store.exists(file));
            assertEquals(
                    "firmware", Files.readString(store.find(file).orElseThrow().snapshot()));
            assertTrue(store.paths().contains(file), () -> "listed: " + path);
            try (FrozenFiles frozen = store.freeze(0, copy -> {})) {
                Map<String, String> content = new TreeMap<>();
                frozen.files().forEach((one, bytes) -> content.put(one.value(), read(bytes)));
                assertEquals("firmware", content.get(path), content.toString());
                assertFalse(content.keySet().stream().anyMatch(one -> one.startsWith("loop/")), content.toString());
            }
            assertTrue(store.delete(file, present -> {}).isPresent());
            assertFalse(store.exists(file));
            assertTrue(Files.isSymbolicLink(resolve(link)));
        }
    }

    @Test
    void anUploadReplacesALinkToAFileAndNotWhatItLeadsTo() throws IOException {
        Path folder = Files.createDirectories(parent.resolve("files"));
        Path target = Files.writeString(otherDisk.resolve("x"), "elsewhere");
        Files.createSymbolicLink(folder.resolve("a.bin"), target);
        try (FileStore store = new FileStore(folder, LIMITS, new TestClock(Instant.now()))) {
            store.prepare();
            try (FrozenFiles frozen = store.freeze(0, copy -> {})) {
                assertEquals("elsewhere", read(frozen.files().get(new FilePath("a.bin"))));
            }

            save(store, "a.bin", "firmware");

            assertEquals("firmware", Files.readString(folder.resolve("a.bin")));
            assertEquals("elsewhere", Files.readString(target));
        }
    }

    /** Such as of a disk that isn't mounted: a backup without its files would be taken for whole. */
    @ParameterizedTest
    @ValueSource(strings = {"nowhere", "gone", "../gone/"})
    void isNotFrozenWithALinkThatLeadsNowhere(String target) throws IOException {
        Path folder = Files.createDirectories(parent.resolve("files"));
        Files.createSymbolicLink(folder.resolve("gone"), Path.of(target));
        try (FileStore store = new FileStore(folder, LIMITS, new TestClock(Instant.now()))) {
            store.prepare();
            save(store, "a.bin", "firmware");
            assertEquals(List.of(new FilePath("a.bin")), store.paths());
            assertFalse(store.exists(new FilePath("gone/b.bin")));

            FuotaException refused = assertThrows(FuotaException.class, () -> store.freeze(0, copy -> {}));

            assertEquals(ErrorCode.UNAVAILABLE, refused.code());
            assertEquals("gone, among the update files, can't be read", refused.sentence());
        }
    }

    @Test
    void saysThatItsFolderIsALinkToNowhere() throws IOException {
        Path folder = Files.createSymbolicLink(parent.resolve("files"), parent.resolve("unmounted"));
        try (FileStore store = new FileStore(folder, LIMITS, new TestClock(Instant.now()))) {
            IOException refused = assertThrows(IOException.class, store::prepare);

            assertEquals(folder + " is a symbolic link that leads to no folder", refused.getMessage());
            assertFalse(store.isUsable());
            assertFalse(Files.exists(parent.resolve("unmounted")), "nothing is made where a disk may be missing");
        }
    }

    private Path resolve(String path) {
        return path.equals("disk:") ? otherDisk : parent.resolve(path);
    }

    private static void save(FileStore store, String path, String content) throws IOException {
        byte[] octets = content.getBytes(StandardCharsets.UTF_8);
        store.save(
                new FilePath(path),
                new ByteArrayInputStream(octets),
                new UploadConditions(octets.length, Map.of(), present -> {}, FileStoreTest::noDevices));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
