package org.fuota.file;

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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStoreTest {
    private static final FilePath PATH = new FilePath("a.bin");

    @TempDir
    Path parent;

    private Path folder = Path.of("");
    private FileStore store = new FileStore(folder);

    @BeforeEach
    void anEmptyStore() throws IOException {
        folder = parent.resolve("some/files");
        store = new FileStore(folder);
        store.prepare();
    }

    @Test
    void givesBackWhatWasSaved() throws IOException {
        byte[] content = new byte[1_000_003];
        new Random(3).nextBytes(content);
        Instant before = Instant.now().minusSeconds(2);

        assertEquals(content.length, store.save(PATH, new ByteArrayInputStream(content), content.length));

        try (StoredFile file = store.open(PATH).orElseThrow()) {
            assertEquals(content.length, file.size());
            assertTrue(file.modified().isAfter(before));
            assertArrayEquals(content, file.in().readAllBytes());
        }
        assertArrayEquals(content, Files.readAllBytes(folder.resolve("a.bin")));
    }

    @Test
    void savesOfUndeclaredLengthAndOfNone() throws IOException {
        assertEquals(3, store.save(PATH, in("abc"), -1));
        assertEquals("abc", read(PATH));
        assertEquals(0, store.save(PATH, in(""), 0));
        assertEquals("", read(PATH));
    }

    @Test
    void makesFoldersForAPath() throws IOException {
        FilePath deep = new FilePath("a/b/c.bin");

        store.save(deep, in("deep"), 4);

        assertEquals("deep", read(deep));
        assertTrue(store.exists(deep));
        assertFalse(store.exists(new FilePath("a/b")), "a folder is no file");
        assertFalse(store.exists(new FilePath("a/b/c.bin/d")), "nothing is below a file");
        assertEquals(Optional.empty(), store.open(new FilePath("a/b")));
        assertEquals(Optional.empty(), store.open(new FilePath("a/b/c.bin/d")));
    }

    @Test
    void servesWhatAnOperatorCopiesIn() throws IOException {
        Files.writeString(folder.resolve("copied.bin"), "by hand");

        assertTrue(store.exists(new FilePath("copied.bin")));
        assertEquals("by hand", read(new FilePath("copied.bin")));
    }

    @Test
    void keepsOldFileWhenUploadBreaksOff() throws IOException {
        store.save(PATH, in("old"), 3);
        InputStream breaking = new SequenceInputStream(in("new and"), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }
        });

        FuotaException broken = assertThrows(FuotaException.class, () -> store.save(PATH, breaking, 100));

        assertEquals(ErrorCode.INVALID, broken.code());
        assertEquals("the upload ended after 7 bytes, before 100 declared", broken.sentence());
        assertOnly("a.bin", "old");
    }

    @Test
    void keepsOldFileWhenUploadIsShorterThanDeclared() throws IOException {
        store.save(PATH, in("old"), 3);

        FuotaException tooShort = assertThrows(FuotaException.class, () -> store.save(PATH, in("new"), 4));

        assertEquals(ErrorCode.INVALID, tooShort.code());
        assertOnly("a.bin", "old");
    }

    @Test
    void refusesAPathThatRunsThroughAFile() throws IOException {
        store.save(PATH, in("file"), 4);

        for (String clashing : List.of("a.bin/b", "a.bin/b/c")) {
            FuotaException refused =
                    assertThrows(FuotaException.class, () -> store.save(new FilePath(clashing), in("x"), 1));
            assertEquals(ErrorCode.CONFLICT, refused.code());
        }
        assertOnly("a.bin", "file");
    }

    @Test
    void refusesAPathThatIsAFolder() throws IOException {
        store.save(new FilePath("a/b"), in("file"), 4);

        FuotaException refused = assertThrows(FuotaException.class, () -> store.save(new FilePath("a"), in("x"), 1));

        assertEquals(ErrorCode.CONFLICT, refused.code());
        assertOnly("a/b", "file");
    }

    @Test
    void aFileThatIsOpenStaysWholeWhenItIsReplaced() throws IOException {
        store.save(PATH, in("old"), 3);
        try (StoredFile open = store.open(PATH).orElseThrow()) {
            store.save(PATH, in("newer"), 5);

            assertEquals(3, open.size());
            assertEquals("old", new String(open.in().readAllBytes(), StandardCharsets.UTF_8));
        }
        assertEquals("newer", read(PATH));
    }

    @Test
    void clearsWhatACrashLeft() throws IOException {
        store.save(PATH, in("kept"), 4);
        Files.writeString(folder.resolve(".upload-123"), "half an upload");

        store.prepare();

        assertOnly("a.bin", "kept");
    }

    @Test
    void isInTroubleWithoutItsFolder() throws IOException {
        Files.delete(folder);

        assertThrows(UncheckedIOException.class, () -> store.exists(PATH));
        assertThrows(IOException.class, () -> store.open(PATH));
        assertThrows(IOException.class, () -> store.save(PATH, in("x"), 1));
    }

    private void assertOnly(String path, String content) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            assertEquals(
                    List.of(folder.resolve(path)),
                    files.filter(Files::isRegularFile).toList());
        }
        assertEquals(content, read(new FilePath(path)));
    }

    private String read(FilePath path) throws IOException {
        try (StoredFile file = store.open(path).orElseThrow()) {
            return new String(file.in().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static InputStream in(String content) {
        return new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
    }
}
