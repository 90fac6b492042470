package org.fuota.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.fuota.Fuzzed;

class FilePathFuzzTest {
    private static final Path FOLDER = Path.of("/srv/files");

    @FuzzTest(maxDuration = "1m")
    void isAPlaceInTheFolderAndAUrl(byte[] input) throws Exception {
        String text = new String(input, StandardCharsets.UTF_8);

        Optional<FilePath> path = Fuzzed.parse(() -> new FilePath(text));

        assertEquals(path.isPresent(), FilePath.ifRequestable(text).isPresent());
        if (path.isPresent()) {
            String value = path.get().value();
            assertEquals(text, value);
            assertEquals(FOLDER + "/" + value, FOLDER.resolve(value).normalize().toString());
            assertEquals(
                    "/files/" + value,
                    URI.create("https://host/files/" + value).normalize().getPath());
            assertTrue(value.getBytes(StandardCharsets.UTF_8).length <= 255, value);
            assertTrue(value.endsWith(path.get().lastSegment()));
        }
    }
}
