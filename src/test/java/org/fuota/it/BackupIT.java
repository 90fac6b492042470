package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.fuota.tomcat.TomcatProcess;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Backups that are taken while users upload, replace, delete and assign. Each user knows what was so when, and that there
 * was a moment at which all of it was as the backup has it.
 */
class BackupIT {
    private static final int USERS = 4;
    private static final int BACKUPS = 3;
    private static final String ADMIN = Server.basic("admin", TomcatProcess.ADMIN_PASSWORD);
    private static final String DEVICE = Server.basic("device", TomcatProcess.DEVICE_PASSWORD);

    @TempDir
    Path folder;

    private TomcatProcess old;
    private HttpClient client;

    @BeforeEach
    void start() throws Exception {
        old = new TomcatProcess(Files.createDirectory(folder.resolve("old"))).start();
        client = client(old);
    }

    @AfterEach
    void stop() {
        old.close();
    }

    @Test
    void holdsOneMomentAndRestoresIt() throws Exception {
        // So that copying the database takes its time.
        String rows = IntStream.range(0, 50_000)
                .mapToObj(i -> "x%06d,1,other.bin\n".formatted(i))
                .collect(Collectors.joining());
        assertEquals(200, send(old, client, "PUT", "/devices", rows).statusCode());
        List<User> users = IntStream.range(0, USERS).mapToObj(User::new).toList();
        List<CompletableFuture<Void>> work = users.stream()
                .map(user -> CompletableFuture.runAsync(user, task -> new Thread(task).start()))
                .toList();
        List<Backup> backups = new ArrayList<>();
        for (int i = 0; i < BACKUPS; i++) {
            backups.add(backUp(folder.resolve("backup" + i + ".zip")));
        }
        users.forEach(User::stop);
        work.forEach(CompletableFuture::join);

        for (Backup backup : backups) {
            requireMoment(backup, users);
        }
        assertTrue(
                backups.stream().map(backup -> backup.content).distinct().count() > 1,
                "something changed from backup to backup");
        assertEquals(List.of(), leftBehind(), "nothing is left of a backup");
        restore(backups.get(BACKUPS - 1));
    }

    @Test
    void isOneAtATimeAndEndsWithItsClient() throws Exception {
        byte[] large = new byte[15 << 20];
        new java.util.Random(1).nextBytes(large);
        HttpRequest upload = request(old, "/files/large.bin")
                .PUT(BodyPublishers.ofByteArray(large))
                .build();
        assertEquals(200, client.send(upload, BodyHandlers.discarding()).statusCode());
        HttpResponse<InputStream> first = client.send(request(old, "/backup").build(), BodyHandlers.ofInputStream());
        assertEquals(200, first.statusCode());

        HttpResponse<String> second = send(old, client, "GET", "/backup", null);
        assertEquals(503, second.statusCode());
        assertEquals("another backup is being taken; ask again when it has ended\n", second.body());
        assertEquals(200, send(old, client, "PUT", "/files/small.bin", "small").statusCode(), "uploads go on");

        first.body().close();
        // The server learns of it as it writes.
        while (send(old, client, "GET", "/backup", null).statusCode() == 503) {
            Thread.onSpinWait();
        }
        assertEquals(List.of(), leftBehind());
    }

    /** A file is gone in the middle of it, as on a disk that fails. */
    @Test
    void isNeverTakenForWholeWhenItIsNot() throws Exception {
        // Large enough not to fit into what the connection buffers.
        byte[] large = new byte[15 << 20];
        new java.util.Random(1).nextBytes(large);
        for (String path : List.of("/files/a.bin", "/files/b.bin")) {
            HttpRequest upload =
                    request(old, path).PUT(BodyPublishers.ofByteArray(large)).build();
            assertEquals(200, client.send(upload, BodyHandlers.discarding()).statusCode());
        }
        HttpResponse<InputStream> backup = client.send(request(old, "/backup").build(), BodyHandlers.ofInputStream());
        Path zip = Files.write(folder.resolve("broken.zip"), backup.body().readNBytes(1 << 10));
        for (Path blob : blobs()) {
            Files.delete(blob);
        }

        assertThrows(IOException.class, () -> {
            try (OutputStream out = Files.newOutputStream(zip, StandardOpenOption.APPEND)) {
                backup.body().transferTo(out);
            }
        });
        assertThrows(ZipException.class, () -> new ZipFile(zip.toFile()).close());
        HttpResponse<String> refused = send(old, client, "GET", "/backup", null);
        assertEquals(503, refused.statusCode());
        assertEquals(
                "the bytes of update file a.bin are missing or damaged on the server's disk: upload it again, or delete it\n",
                refused.body());
    }

    @Test
    void isNotTakenForWholeWithAByteThatHasRotted() throws Exception {
        assertEquals(200, send(old, client, "PUT", "/files/a.bin", "firmware").statusCode());
        Path blob = blobs().get(0);
        FileTime time = Files.getLastModifiedTime(blob);
        Files.writeString(blob, "firmwarf");
        Files.setLastModifiedTime(blob, time);

        // Before the first bytes are sent, as there are few; later it ends without its list of contents.
        assertEquals(500, send(old, client, "GET", "/backup", null).statusCode());
        HttpResponse<String> again = send(old, client, "GET", "/backup", null);
        assertEquals(503, again.statusCode());
        assertTrue(again.body().contains("a.bin"), again.body());
    }

    private List<Path> blobs() throws IOException {
        try (Stream<Path> files = Files.walk(old.data().resolve("blobs"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** Temporary files. */
    private List<Path> leftBehind() throws IOException {
        return blobs().stream()
                .filter(file -> file.getFileName().toString().startsWith("."))
                .toList();
    }

    private Backup backUp(Path zip) throws Exception {
        long begin = System.nanoTime();
        HttpResponse<Path> answer = client.send(request(old, "/backup").build(), BodyHandlers.ofFile(zip));
        assertEquals(200, answer.statusCode());
        return new Backup(zip, begin, System.nanoTime());
    }

    /** There was a moment, while the backup was taken, at which each user's devices and files were as it has them. */
    private static void requireMoment(Backup backup, List<User> users) throws Exception {
        backup.read();
        List<List<long[]>> possible = new ArrayList<>();
        for (User user : users) {
            List<long[]> times = user.timesOf(backup.content.get(user.name));
            assertFalse(times.isEmpty(), user.name + " never had " + backup.content.get(user.name));
            possible.add(times);
        }
        List<Long> moments = new ArrayList<>(List.of(backup.begin));
        possible.forEach(times -> times.forEach(time -> moments.add(time[0])));
        assertTrue(
                moments.stream()
                        .filter(moment -> moment >= backup.begin && moment <= backup.end)
                        .anyMatch(moment -> possible.stream()
                                .allMatch(times ->
                                        times.stream().anyMatch(time -> time[0] <= moment && moment <= time[1]))),
                "there was no such moment: " + backup.content);
    }

    /** As the README says: into an empty data folder, and then set-up and start. */
    private void restore(Backup backup) throws Exception {
        try (TomcatProcess restored = new TomcatProcess(Files.createDirectory(folder.resolve("restored")))) {
            backup.unpack(restored.data());
            restored.start();
            HttpClient boards = client(restored);
            for (int i = 0; i < USERS; i++) {
                State state = backup.content.get("user" + i);
                for (int version = 0; version <= state.steps() + 2; version++) {
                    HttpResponse<String> poll = boards.send(
                            request(restored, "/devices/user" + i + "?app_ver=" + version)
                                    .setHeader("Authorization", DEVICE)
                                    .build(),
                            BodyHandlers.ofString());
                    assertEquals(state.poll("" + version), answer(poll), "user" + i + " " + version);
                }
                for (Map.Entry<String, String> file : state.files().entrySet()) {
                    assertEquals(
                            file.getValue(),
                            send(restored, boards, "GET", "/files/" + file.getKey(), null)
                                    .body());
                }
            }
            HttpResponse<String> unknown = send(restored, boards, "GET", "/devices/x049999?app_ver=1", null);
            assertEquals(404, unknown.statusCode(), "its file isn't there");
            assertEquals(
                    204,
                    send(restored, boards, "GET", "/devices/x049999?app_ver=2", null)
                            .statusCode());
            assertEquals(
                    200, send(restored, boards, "GET", "/health/ready", null).statusCode());
            assertEquals(
                    200,
                    send(restored, boards, "PUT", "/devices/user0", "user0,1,new.bin")
                            .statusCode());
            assertEquals(200, send(restored, boards, "GET", "/backup", null).statusCode());
        }
    }

    private static String answer(HttpResponse<String> poll) {
        return poll.statusCode() == 200 ? poll.body() : "" + poll.statusCode();
    }

    private static HttpClient client(TomcatProcess tomcat) throws IOException {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(tomcat.tls())
                .build();
    }

    private static HttpRequest.Builder request(TomcatProcess tomcat, String path) {
        return HttpRequest.newBuilder(URI.create(tomcat.root() + path)).header("Authorization", ADMIN);
    }

    private static HttpResponse<String> send(
            TomcatProcess tomcat, HttpClient client, String method, String path, @Nullable String body)
            throws IOException, InterruptedException {
        return client.send(
                request(tomcat, path)
                        .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    /**
     * What a user has on the server.
     *
     * @param version of the device's row, empty when it has none
     * @param path of the row
     * @param files what each holds, by its path
     * @param steps how many there were; not of the state
     */
    private record State(String version, String path, Map<String, String> files, int steps) {
        boolean isLike(State other) {
            return version.equals(other.version) && path.equals(other.path) && files.equals(other.files);
        }

        String poll(String reported) {
            if (version.isEmpty()) {
                return "404";
            }
            if (!version.equals(reported)) {
                return "204";
            }
            return files.containsKey(path) ? path : "404";
        }

        State assigned(String newVersion, String newPath) {
            return new State(newVersion, newPath, files, steps);
        }

        State stored(String file, @Nullable String content) {
            Map<String, String> changed = new TreeMap<>(files);
            if (content == null) {
                changed.remove(file);
            } else {
                changed.put(file, content);
            }
            return new State(version, path, changed, steps);
        }
    }

    /** A change, from when it was asked for until it was acknowledged. */
    private record Step(long begin, long end, State after) {}

    /** One with a device and files of his own, who does one thing after the other, and keeps a diary. */
    private final class User implements Runnable {
        private final String name;
        private final List<Step> diary = Collections.synchronizedList(new ArrayList<>());
        private State state = new State("", "", Map.of(), 0);
        private volatile boolean isStopped;

        User(int number) {
            name = "user" + number;
            diary.add(new Step(Long.MIN_VALUE, Long.MIN_VALUE, state));
        }

        void stop() {
            isStopped = true;
        }

        @Override
        public void run() {
            try {
                for (int i = 1; !isStopped; i++) {
                    String file = name + "/" + i + ".bin";
                    String before = name + "/" + (i - 1) + ".bin";
                    step("PUT", "/files/" + file, "first " + i, state.stored(file, "first " + i));
                    step("PUT", "/devices/" + name, name + "," + i + "," + file, state.assigned("" + i, file));
                    if (i > 1) {
                        step("DELETE", "/files/" + before, null, state.stored(before, null));
                    }
                    step("PUT", "/files/" + file, "second " + i, state.stored(file, "second " + i));
                    if (i % 3 == 0) {
                        step("DELETE", "/devices/" + name, null, state.assigned("", ""));
                    }
                }
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        private void step(String method, String path, @Nullable String body, State after)
                throws IOException, InterruptedException {
            long begin = System.nanoTime();
            HttpResponse<String> answer = send(old, client, method, path, body);
            assertEquals(200, answer.statusCode(), method + " " + path + ": " + answer.body());
            state = new State(after.version, after.path, after.files, state.steps + 1);
            diary.add(new Step(begin, System.nanoTime(), state));
        }

        /** From when until when it may have been so: until the next step was done, at the latest. */
        List<long[]> timesOf(State sought) {
            List<long[]> times = new ArrayList<>();
            for (int i = 0; i < diary.size(); i++) {
                if (diary.get(i).after().isLike(sought)) {
                    long end = i + 1 < diary.size() ? diary.get(i + 1).end() : Long.MAX_VALUE;
                    times.add(new long[] {diary.get(i).begin(), end});
                }
            }
            return times;
        }
    }

    private static final class Backup {
        private final Path zip;
        private final long begin;
        private final long end;
        private Map<String, State> content = Map.of();

        Backup(Path zip, long begin, long end) {
            this.zip = zip;
            this.begin = begin;
            this.end = end;
        }

        void unpack(Path data) throws IOException {
            try (ZipFile archive = new ZipFile(zip.toFile())) {
                for (ZipEntry entry : Collections.list(archive.entries())) {
                    Path file = data.resolve(entry.getName());
                    Files.createDirectories(file.getParent());
                    Files.copy(archive.getInputStream(entry), file);
                }
            }
        }

        void read() throws Exception {
            Path data = zip.resolveSibling(zip.getFileName() + ".unpacked");
            unpack(data);
            Map<String, Map<String, String>> files = new HashMap<>();
            if (Files.exists(data.resolve("files"))) {
                try (Stream<Path> all = Files.walk(data.resolve("files"))) {
                    for (Path file : all.filter(Files::isRegularFile).toList()) {
                        String path = data.resolve("files").relativize(file).toString();
                        files.computeIfAbsent(path.replaceAll("/.*", ""), user -> new TreeMap<>())
                                .put(path, Files.readString(file));
                    }
                }
            }
            Map<String, State> states = new TreeMap<>();
            for (int i = 0; i < USERS; i++) {
                states.put("user" + i, new State("", "", files.getOrDefault("user" + i, Map.of()), 0));
            }
            try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("db/devices.db"));
                    Statement statement = database.createStatement()) {
                try (ResultSet check = statement.executeQuery("PRAGMA integrity_check")) {
                    assertEquals("ok", check.getString(1));
                }
                try (ResultSet row = statement.executeQuery(
                        "SELECT device_id, app_ver, update_file_path FROM device_app WHERE device_id LIKE 'user%'")) {
                    while (row.next()) {
                        State state = states.get(row.getString(1));
                        states.put(
                                row.getString(1),
                                new State(
                                        row.getString(2),
                                        row.getString(3),
                                        state.files(),
                                        Integer.parseInt(row.getString(2))));
                    }
                }
            }
            content = states;
        }
    }
}
