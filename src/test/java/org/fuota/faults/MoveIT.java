package org.fuota.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.fuota.faults.Client.Answer;
import org.fuota.tomcat.TomcatProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Moves the data folder of version 0.1, which has its update files as plain files, and is killed on the way, again and again. */
@Tag(Faults.TAG)
class MoveIT {
    @TempDir
    Path folder;

    private final Map<String, String> expected = new HashMap<>();
    private final Set<Object> inodes = new HashSet<>();

    @Test
    void losesNothingAndCopiesNothing() throws Exception {
        int kills = Faults.rounds(3, 10);
        int files = 1_000 * kills * kills;
        Random random = new Random(Faults.seed(MoveIT.class));
        try (TomcatProcess tomcat =
                new TomcatProcess(folder).option("-XX:TieredStopAtLevel=1").option("-XX:+UseSerialGC")) {
            tomcat.setUp();
            Path inbox = tomcat.data().resolve("files");
            layIn(inbox, files, random);
            List<Integer> left = new ArrayList<>();
            for (int kill = 1; kill <= kills; kill++) {
                killWhenFewerThan(tomcat, inbox, files - files / (kills + 1) * kill);
                left.add(namesIn(inbox).size());
            }
            long begun = System.nanoTime();
            tomcat.restart();
            Client client = new Client(tomcat);
            // No poll is wrong meanwhile: its board is to come back later, or there it is.
            assertEquals(200, client.assign("board", "1", "v/0/0.bin").status());
            Answer poll;
            do {
                poll = client.poll("board", "1");
                assertTrue(Set.of(200, 204).contains(poll.status()), poll.text());
            } while (poll.status() == 204);
            Faults.await("all is taken in", () -> namesIn(inbox).isEmpty());
            long rest = System.nanoTime() - begun;

            check(tomcat, client);
            Faults.tell(
                    MoveIT.class,
                    files + " files, killed with " + left + " of them left; the rest, and the start, took "
                            + TimeUnit.NANOSECONDS.toMillis(rest) + " ms");
        }
    }

    private void layIn(Path inbox, int files, Random random) throws IOException {
        for (int i = 0; i < files; i++) {
            String path = "v/" + i % 100 + "/" + i + ".bin";
            // So long that no two are the same, which would lie there once.
            byte[] content = new byte[16 + random.nextInt(4_000)];
            random.nextBytes(content);
            content[0] = 'f';
            Path file = inbox.resolve(path);
            Files.createDirectories(file.getParent());
            Files.write(file, content);
            Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
            expected.put(path, Hashes.sha256(content));
            inodes.add(Files.getAttribute(file, "unix:ino"));
        }
    }

    private static void killWhenFewerThan(TomcatProcess tomcat, Path inbox, int files) throws Exception {
        tomcat.launch();
        Faults.await("it goes on", () -> namesIn(inbox).size() < files);
        tomcat.kill();
    }

    private static List<String> namesIn(Path inbox) throws IOException {
        while (true) {
            try (Stream<Path> all = Files.walk(inbox)) {
                return all.map(Path::toString)
                        .filter(file -> file.endsWith(".bin"))
                        .toList();
            } catch (UncheckedIOException goneMeanwhile) {
                // Once more.
            }
        }
    }

    private void check(TomcatProcess tomcat, Client client) throws IOException {
        Map<String, String> found = new HashMap<>();
        Answer list = client.get("/files");
        try (CSVParser parser = CSVFormat.DEFAULT.parse(new StringReader(list.text()))) {
            for (CSVRecord file : parser) {
                found.put(file.get(0), file.get(2));
                assertEquals("2026-01-01T00:00:00Z", file.get(3));
            }
        }
        assertEquals(expected, found);
        try (Stream<Path> all = Files.walk(tomcat.data().resolve("blobs"))) {
            for (Path blob : all.filter(Files::isRegularFile).toList()) {
                assertEquals(blob.getFileName().toString(), Hashes.sha256(Files.readAllBytes(blob)));
                assertTrue(inodes.remove(Files.getAttribute(blob, "unix:ino")), "copied: " + blob);
            }
        }
        assertEquals(Set.of(), inodes);
        String first = "v/0/0.bin";
        assertEquals(expected.get(first), Hashes.sha256(client.download(first).bytes()));
    }
}
