package org.fuota.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.fuota.http.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of any size goes into the database, and out of it, in the same memory. */
class BlobMemoryTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path folder;

    @Test
    void takesMuchLessMemoryThanTheFile() throws Exception {
        String url;
        try (BasicDataSource pool = TestDatabase.postgresql(
                folder, "m" + UUID.randomUUID().toString().substring(0, 8))) {
            url = pool.getUrl();
        }
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        BlobMemoryTest.class.getName(),
                        folder.toString(),
                        url)
                .redirectErrorStream(true)
                .start();
        String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, java.waitFor(), said);
    }

    /** In a JVM of its own. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        try (BasicDataSource pool = new BasicDataSource()) {
            pool.setUrl(arguments[1]);
            Database database = new Database(pool);
            BlobStore here = new BlobStore(folder.resolve("here"), 0);
            here.prepare();
            Path file = here.newFile();
            byte[] chunk = new byte[MIB];
            Random random = new Random(6);
            try (OutputStream out = Files.newOutputStream(file)) {
                for (int i = 0; i < 64; i++) {
                    random.nextBytes(chunk);
                    out.write(chunk);
                }
            }
            var digest = Sha256.newDigest();
            try (var in = Files.newInputStream(file)) {
                while (in.readNBytes(chunk, 0, MIB) > 0) {
                    digest.update(chunk);
                }
            }
            Sha256 sha256 = Sha256.of(digest.digest());
            new BlobCache(here, database, 0, System::nanoTime).put(file, sha256);
            BlobCache there = new BlobCache(new BlobStore(folder.resolve("there"), 0), database, 0, System::nanoTime);
            if (Files.size(there.file(sha256)) != 64L * MIB) {
                throw new IllegalStateException("it isn't whole");
            }
        }
    }
}
