package org.fuota.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.blob.BlobStore;
import org.fuota.blob.Blobs;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.fuota.device.AssignmentStore;
import org.fuota.history.Actor;
import org.fuota.history.HistoryStore;
import org.fuota.http.Sha256;

/** Update files with a database and a folder of bytes, as the product has them. */
final class TestFiles implements AutoCloseable {
    static final FileLimits LIMITS = new FileLimits(2_000_000, 0, FileLimits.DEFAULT.slotBytes());
    static final Actor ALICE = new Actor("alice", "192.0.2.1");

    final Path data;
    final Path inbox;
    final BasicDataSource pool;
    final Database database;
    final HistoryStore history;
    final BlobStore blobs;
    final Blobs stored;
    final UpdateFiles files;
    final List<String> changed = new ArrayList<>();

    TestFiles(Path data, FileLimits limits, Clock clock) throws IOException {
        this(
                data,
                limits,
                clock,
                TestDatabase.pool(Files.createDirectories(data.resolve("db"))),
                (folder, database) -> folder);
    }

    /** @param stored where the bytes are, with a folder and a database */
    TestFiles(
            Path data,
            FileLimits limits,
            Clock clock,
            BasicDataSource pool,
            BiFunction<BlobStore, Database, Blobs> stored)
            throws IOException {
        this.data = data;
        this.inbox = Files.createDirectories(data.resolve("files"));
        this.pool = pool;
        this.database = new Database(pool);
        this.history = new HistoryStore(database);
        this.blobs = new BlobStore(data.resolve("blobs"), limits.minFreeBytes());
        this.stored = stored.apply(blobs, database);
        this.files = new UpdateFiles(
                database,
                this.stored,
                inbox,
                history,
                limits,
                new AssignmentStore(database)::use,
                path -> changed.add(path.value()),
                clock);
        this.stored.prepare();
    }

    SavedFile save(String path, String content) throws IOException {
        return files.save(new FilePath(path), in(content), declaring(-1), ALICE);
    }

    String read(String path) throws IOException {
        return Files.readString(files.bytes(files.find(new FilePath(path)).orElseThrow()));
    }

    List<String> paths() throws IOException {
        List<String> paths = new ArrayList<>();
        files.store().forEach(file -> paths.add(file.path().value()));
        return paths;
    }

    /** Names of the files below a folder, those in it included. */
    static List<String> names(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> !Files.isDirectory(file))
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The only file, and nothing else on the disk but bytes. */
    boolean hasOnly(String path, String content) throws IOException {
        return paths().equals(List.of(path))
                && read(path).equals(content)
                && names(blobs()).stream().allMatch(name -> name.matches("[0-9a-f]{2}/[0-9a-f]{64}"));
    }

    Path blobs() {
        return data.resolve("blobs");
    }

    Path blob(String content) {
        String hex = sha256(content).hex();
        return blobs().resolve(hex.substring(0, 2)).resolve(hex);
    }

    @Override
    public void close() throws java.sql.SQLException {
        pool.close();
    }

    static UploadConditions declaring(long length) {
        return new UploadConditions(length, Map.of(), present -> {}, TestFiles::noDevices);
    }

    /** The effect of an upload to a path that nobody is assigned. */
    static UploadEffect noDevices(FileFacts facts) {
        return new UploadEffect(0, List.of());
    }

    static InputStream in(String content) {
        return new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
    }

    static Sha256 sha256(String content) {
        return Sha256.of(Sha256.newDigest().digest(content.getBytes(StandardCharsets.UTF_8)));
    }

    static String md5(byte[] content) throws Exception {
        return HexFormat.of()
                .formatHex(java.security.MessageDigest.getInstance("MD5").digest(content));
    }
}
