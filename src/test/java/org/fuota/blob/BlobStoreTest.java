package org.fuota.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.fuota.http.Sha256;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobStoreTest {
    @TempDir
    Path folder;

    private BlobStore blobs;

    @BeforeEach
    void none() {
        blobs = new BlobStore(folder, 0);
    }

    @Test
    void keepsBytesUnderTheirDigest() throws IOException {
        Sha256 sha256 = put("bytes");

        assertTrue(blobs.has(sha256));
        assertEquals(folder.resolve(sha256.hex().substring(0, 2)).resolve(sha256.hex()), blobs.file(sha256));
        assertEquals("bytes", Files.readString(blobs.file(sha256)));
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        blobs.copy(sha256, copy);
        assertEquals("bytes", copy.toString(StandardCharsets.UTF_8));
        assertFalse(blobs.has(digest("others")));
        assertThrows(IOException.class, () -> blobs.file(digest("others")));
        blobs.delete(sha256);
        assertFalse(blobs.has(sha256));
    }

    @Test
    void noticesAByteThatRotsBeforeItIsServed() throws IOException {
        Sha256 sha256 = put("firmware");
        Files.writeString(blobs.file(sha256), "firmwarf");
        // As after a restart.
        blobs = new BlobStore(folder, 0);
        assertTrue(blobs.has(sha256), "nobody has read it");

        assertThrows(IOException.class, () -> blobs.file(sha256));

        assertFalse(blobs.has(sha256));
        assertEquals(List.of(sha256), blobs.damaged());
    }

    @Test
    void noticesAChangeOfWhatItHasRead() throws IOException {
        Sha256 sha256 = put("firmware");
        Path file = blobs.file(sha256);
        Files.writeString(file, "firmwarf");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1));

        assertThrows(IOException.class, () -> blobs.file(sha256));
        Files.writeString(file, "firm");
        assertThrows(IOException.class, () -> blobs.file(sha256));
    }

    /** Where neither size nor time tells: what a disk does, and not a program. */
    @Test
    void noticesSilentRotByReading() throws IOException {
        Sha256 sha256 = put("firmware");
        rot(sha256, "firmwarf");
        assertEquals("firmwarf", Files.readString(blobs.file(sha256)));

        assertThrows(IOException.class, () -> blobs.copy(sha256, new ByteArrayOutputStream()));

        assertFalse(blobs.check(sha256));
        assertThrows(IOException.class, () -> blobs.file(sha256));
        assertEquals(List.of(sha256), blobs.damaged());
    }

    @Test
    void isMendedByTheSameBytes() throws IOException {
        Sha256 sha256 = put("firmware");
        rot(sha256, "firmwarf");
        blobs.check(sha256);

        put("firmware");

        assertEquals(List.of(), blobs.damaged());
        assertEquals("firmware", Files.readString(blobs.file(sha256)));
    }

    /** A disk may err once. */
    @Test
    void believesWhatItHasReadLast() throws IOException {
        Sha256 sha256 = put("firmware");
        rot(sha256, "firmwarf");
        Path file = blobs.file(sha256);
        FileTime time = Files.getLastModifiedTime(file);
        assertFalse(blobs.check(sha256));
        Files.writeString(file, "firmware");
        Files.setLastModifiedTime(file, time);
        assertFalse(blobs.has(sha256));

        assertTrue(blobs.check(sha256));

        assertTrue(blobs.has(sha256));
        assertEquals(List.of(), blobs.damaged());
    }

    @Test
    void noticesThatBytesThatWereMissingAreBack() throws IOException {
        Sha256 sha256 = put("firmware");
        Path away = Files.move(blobs.file(sha256), folder.resolve("away"));
        assertFalse(blobs.check(sha256));
        assertEquals(List.of(sha256), blobs.damaged());

        Files.move(away, folder.resolve(sha256.hex().substring(0, 2)).resolve(sha256.hex()));

        assertEquals(List.of(), blobs.damaged());
        assertEquals("firmware", Files.readString(blobs.file(sha256)));
    }

    @Test
    void cannotTellWithoutItsFolder() {
        BlobStore unmounted = new BlobStore(folder.resolve("unmounted"), 0);

        assertThrows(UncheckedIOException.class, () -> unmounted.has(digest("x")));
        assertThrows(IOException.class, () -> unmounted.check(digest("x")));
        assertFalse(unmounted.isUsable());
    }

    @Test
    void saysThatItsFolderIsALinkToNowhere() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("blobs"), folder.resolve("unmounted"));

        IOException refused = assertThrows(IOException.class, () -> new BlobStore(link, 0).prepare());

        assertEquals(link + " is a symbolic link that leads to no folder", refused.getMessage());
        assertFalse(Files.exists(folder.resolve("unmounted")), "nothing is made where a disk may be missing");
    }

    @Test
    void clearsWhatACrashLeft() throws IOException {
        Sha256 kept = put("kept");
        Path upload = blobs.newFile();
        Path linked = blobs.newFile(blobs.file(kept), true);

        blobs.clear();

        assertFalse(Files.exists(upload) || Files.exists(linked));
        assertEquals("kept", Files.readString(blobs.file(kept)));
    }

    @Test
    void linksWhereItMayAndCopiesElsewhere() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "bytes");
        Path disk = Files.createTempFile(Path.of("/dev/shm"), "fuota", "");
        try {
            Files.writeString(disk, "bytes");
            assertEquals(inode(file), inode(blobs.newFile(file, true)));
            for (Path copy : List.of(blobs.newFile(file, false), blobs.newFile(disk, true))) {
                assertEquals("bytes", Files.readString(copy));
                Files.writeString(file, "bytes");
                assertFalse(inode(file).equals(inode(copy)));
            }
        } finally {
            Files.delete(disk);
        }
    }

    @Test
    void copiesOnlyWhereThereIsRoom() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "bytes");
        BlobStore full = new BlobStore(folder, Long.MAX_VALUE / 2);

        assertThrows(NoRoomException.class, () -> full.newFile(file, false));
        assertEquals(inode(file), inode(full.newFile(file, true)), "a link needs none");
    }

    private static Object inode(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }

    private Sha256 put(String content) throws IOException {
        Sha256 sha256 = digest(content);
        blobs.put(Files.writeString(blobs.newFile(), content), sha256);
        blobs.force(List.of(sha256));
        return sha256;
    }

    private void rot(Sha256 sha256, String content) throws IOException {
        Path file = blobs.file(sha256);
        FileTime time = Files.getLastModifiedTime(file);
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, time);
    }

    private static Sha256 digest(String content) {
        return Sha256.of(Sha256.newDigest().digest(content.getBytes(StandardCharsets.UTF_8)));
    }
}
