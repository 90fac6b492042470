package org.fuota.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The copy, for containers that don't send files themselves; what Tomcat does is tested by DownloadIT. */
class FileBodyTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"0, 200000", "0, 0", "0, 1", "199999, 1", "65535, 2", "1, 131072", "70000, 65536"})
    void copies(int first, int length) throws Exception {
        byte[] content = new byte[200_000];
        new Random(1).nextBytes(content);
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        try (FileChannel file = FileChannel.open(Files.write(folder.resolve("f"), content))) {
            FileBody.copy(file.position(first), out, length);
        }

        assertArrayEquals(Arrays.copyOfRange(content, first, first + length), out.toByteArray());
    }

    @Test
    void failsWhenTheFileEndsEarly() throws Exception {
        try (FileChannel file = FileChannel.open(Files.write(folder.resolve("f"), new byte[100]))) {
            assertThrows(EOFException.class, () -> FileBody.copy(file, new ByteArrayOutputStream(), 101));
        }
    }
}
