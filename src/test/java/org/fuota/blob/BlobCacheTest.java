package org.fuota.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.http.Sha256;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two nodes with a folder each, and nothing in common but a database. */
@Timeout(60)
class BlobCacheTest {
    private static final int MIB = 1 << 20;
    private static final long SECOND = 1_000_000_000L;

    private static BasicDataSource pool;
    private static Database database;

    @TempDir
    Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private final Random random = new Random(5);
    private BlobCache here;
    private BlobCache there;

    @BeforeAll
    static void open(@TempDir Path any) {
        pool = TestDatabase.postgresql(any, "c" + UUID.randomUUID().toString().substring(0, 8));
        database = new Database(pool);
    }

    @AfterAll
    static void close() throws SQLException {
        if (pool != null) {
            pool.close();
        }
    }

    @BeforeEach
    void none() throws IOException {
        database.update("DELETE FROM blob_chunk");
        here = node("here", database, 3 * MIB);
        there = node("there", database, 3 * MIB);
    }

    @ParameterizedTest(name = "{0} bytes in {1} rows")
    @CsvSource({"0, 1", "1, 1", "1048575, 1", "1048576, 1", "1048577, 2", "2621440, 3"})
    void areThereOnTheOtherNode(int size, int rows) throws IOException {
        byte[] content = bytes(size);

        Sha256 sha256 = put(here, content);

        assertEquals(rows, chunks());
        assertArrayEquals(content, Files.readAllBytes(there.file(sha256)));
        assertEquals(path("there", sha256), there.file(sha256));
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        there.copy(sha256, copy);
        assertArrayEquals(content, copy.toByteArray());
        assertTrue(there.has(sha256) && there.check(sha256));
    }

    /** "e" is external: neither compressed nor in the row. */
    @Test
    void isNotCompressed() {
        assertEquals(
                List.of("e"),
                database.query(
                        "SELECT attstorage FROM pg_attribute WHERE attrelid = 'blob_chunk'::regclass AND attname = 'bytes'",
                        row -> row.getString(1)));
    }

    @Test
    void isFilledOnceThoughTwentyAsk() throws Exception {
        byte[] content = bytes(5 * MIB / 2);
        Sha256 sha256 = put(here, content);

        try (Gate gate = new Gate(pool.getUrl(), 20, 1)) {
            BlobCache cold = node("cold", gate.database, 3 * MIB);
            for (Path file : gate.all(i -> cold.file(sha256))) {
                assertArrayEquals(content, Files.readAllBytes(file));
            }

            assertEquals(3 + 1, gate.connections.get(), "three rows, and the end");
        }
    }

    /** The pool is for polls, too. */
    @Test
    void areFetchedFourAtOnce() throws Exception {
        List<Sha256> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(put(there, bytes(10)));
        }

        try (Gate gate = new Gate(pool.getUrl(), 10, 4)) {
            BlobCache cold = node("cold", gate.database, 3 * MIB);

            assertEquals(10, gate.all(i -> cold.file(all.get(i))).size());
        }
    }

    @Test
    void mayComeToBothNodesAtOnce() throws Exception {
        for (int round = 0; round < 5; round++) {
            byte[] content = bytes(5 * MIB / 2);
            FutureTask<Sha256> put = new FutureTask<>(() -> put(here, content));
            new Thread(put).start();
            Sha256 sha256 = put(there, content);

            assertEquals(sha256, put.get());
            assertTrue(here.check(sha256));
        }
    }

    /** A pool that gives no connection until so many threads want one, and all others wait for those. */
    private static final class Gate extends BasicDataSource {
        final Database database;
        final AtomicInteger connections = new AtomicInteger();

        private final List<Thread> threads = new ArrayList<>();
        private final int all;
        private final int most;
        private volatile boolean isOpen;

        Gate(String url, int all, int most) {
            this.all = all;
            this.most = most;
            setUrl(url);
            database = new Database(this);
            database.migrate();
        }

        @Override
        public Connection getConnection() throws SQLException {
            if (!threads.isEmpty()) {
                connections.incrementAndGet();
                while (!isOpen) {
                    if (connections.get() == most
                            && threads.stream().filter(Gate::waits).count() == all - most) {
                        isOpen = true;
                    }
                }
            }
            return super.getConnection();
        }

        private static boolean waits(Thread thread) {
            return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
        }

        List<Path> all(Read read) throws Exception {
            List<FutureTask<Path>> reads = new ArrayList<>();
            for (int i = 0; i < all; i++) {
                int number = i;
                reads.add(new FutureTask<>(() -> read.number(number)));
                threads.add(new Thread(reads.get(i)));
            }
            threads.forEach(Thread::start);
            List<Path> files = new ArrayList<>();
            for (FutureTask<Path> one : reads) {
                files.add(one.get());
            }
            return files;
        }

        interface Read {
            Path number(int number) throws IOException;
        }
    }

    @Test
    void keepsWhatIsUsed() throws IOException {
        Sha256 a = put(here, bytes(MIB));
        Sha256 b = put(here, bytes(MIB));
        Sha256 c = put(here, bytes(MIB));
        nanos.addAndGet(60 * SECOND);
        here.file(a);

        Sha256 d = put(here, bytes(MIB));

        assertEquals(List.of(true, false, true, true), cached(a, b, c, d));
        here.file(b);
        assertEquals(List.of(true, true, false, true), cached(a, b, c, d));
    }

    @Test
    void keepsWhatWasUsedWithinTheLastMinute() throws IOException {
        Sha256 a = put(here, bytes(2 * MIB));
        nanos.addAndGet(60 * SECOND - 1);
        Sha256 b = put(here, bytes(2 * MIB));
        assertEquals(List.of(true, true), cached(a, b));

        nanos.addAndGet(1);
        here.tend();

        assertEquals(List.of(false, true), cached(a, b));
    }

    @Test
    void knowsAfterARestartWhatItHas() throws IOException {
        Sha256 a = put(here, bytes(MIB));
        Sha256 b = put(here, bytes(MIB));
        Sha256 c = put(here, bytes(MIB));
        Files.setLastModifiedTime(path("here", a), FileTime.fromMillis(3000));
        Files.setLastModifiedTime(path("here", b), FileTime.fromMillis(1000));
        Files.setLastModifiedTime(path("here", c), FileTime.fromMillis(2000));
        Files.createTempFile(folder.resolve("here"), ".new-", "");

        here = node("here", database, 2 * MIB);

        assertEquals(List.of(true, false, true), cached(a, b, c));
        assertEquals(List.of(), temporaryFiles());
        put(here, bytes(MIB));
        assertEquals(List.of(true, false, false), cached(a, b, c));
    }

    @Test
    void fillsAnewWhatIsDamaged() throws IOException {
        byte[] content = bytes(MIB);
        Sha256 sha256 = put(here, content);
        Files.write(path("here", sha256), bytes(MIB));
        Files.setLastModifiedTime(path("here", sha256), FileTime.fromMillis(1));
        assertArrayEquals(content, Files.readAllBytes(here.file(sha256)));

        Files.write(path("here", sha256), bytes(MIB));
        here = node("here", database, 3 * MIB);
        assertArrayEquals(content, Files.readAllBytes(here.file(sha256)));

        rot(path("here", sha256));
        assertTrue(here.check(sha256));
        assertArrayEquals(content, Files.readAllBytes(here.file(sha256)));
        assertEquals(List.of(), here.damaged());
    }

    @Test
    void fillsAnewWhatSomebodyHasDeleted() throws IOException {
        byte[] content = bytes(MIB);
        Sha256 sha256 = put(here, content);
        Files.delete(path("here", sha256));
        assertArrayEquals(content, Files.readAllBytes(here.file(sha256)));

        deleteAll(folder.resolve("here"));
        assertTrue(here.has(sha256));
        assertArrayEquals(content, Files.readAllBytes(here.file(sha256)));

        deleteAll(folder.resolve("here"));
        assertTrue(here.folder().isUsable());
        assertEquals(List.of(true), cached(put(here, bytes(MIB))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a wrong one   | UPDATE blob_chunk SET bytes = 'x' WHERE number = 1
            the last gone | DELETE FROM blob_chunk WHERE number = 2
            all gone      | DELETE FROM blob_chunk
            one too many  | INSERT INTO blob_chunk (sha256, number, bytes) SELECT sha256, 3, 'x' FROM blob_chunk WHERE number = 0
            """)
    void noticesDamageInTheDatabase(String what, String damage) throws IOException {
        byte[] content = bytes(5 * MIB / 2);
        Sha256 sha256 = put(here, content);
        Sha256 other = put(here, new byte[] {1});
        database.update(damage.contains("WHERE") ? damage + " AND sha256 <> '" + other.hex() + "'" : damage);

        assertThrows(IOException.class, () -> there.file(sha256));

        assertFalse(there.has(sha256));
        assertEquals(List.of(sha256), there.damaged());
        assertEquals(List.of(), temporaryFiles());
        assertFalse(Files.exists(path("there", sha256)));
        assertThrows(IOException.class, () -> there.copy(sha256, new ByteArrayOutputStream()));
        assertFalse(here.check(sha256));
        assertArrayEquals(content, Files.readAllBytes(here.file(sha256)), "this node has them");

        put(here, content);
        assertEquals(List.of(), here.damaged());
        assertFalse(there.has(sha256), "it hasn't looked again");
        there.tend();
        assertTrue(there.has(sha256));
        assertArrayEquals(content, Files.readAllBytes(there.file(sha256)));
    }

    @Test
    void writesNothingOverWhatIsWhole() throws IOException {
        byte[] content = bytes(MIB);
        Sha256 sha256 = put(here, content);

        there.put(Files.write(there.folder().newFile(), bytes(MIB)), sha256);

        assertTrue(there.check(sha256));
        assertArrayEquals(content, Files.readAllBytes(there.file(sha256)));
    }

    @Test
    void refusesBytesThatChangedOnTheirWay() throws IOException {
        Sha256 sha256 = Sha256.of(Sha256.newDigest().digest(bytes(MIB)));
        Path spoilt = Files.write(here.folder().newFile(), bytes(MIB));

        assertThrows(IOException.class, () -> here.put(spoilt, sha256));

        assertFalse(Files.exists(path("here", sha256)));
        assertThrows(IOException.class, () -> there.file(sha256));
    }

    @Test
    void servesWhatItHasWhileTheDatabaseIsAway() throws Exception {
        byte[] content = bytes(MIB);
        Sha256 cold = put(there, bytes(MIB));
        BasicDataSource away = new BasicDataSource();
        away.setUrl(pool.getUrl());
        BlobCache cut = node("cut", new Database(away), 3 * MIB);
        Sha256 cached = put(cut, content);
        away.close();

        assertArrayEquals(content, Files.readAllBytes(cut.file(cached)));
        FuotaException refused = assertThrows(FuotaException.class, () -> cut.file(cold));

        assertEquals(ErrorCode.UNAVAILABLE, refused.code());
        assertTrue(cut.has(cold), "nothing is known of it");
        assertEquals(List.of(), temporaryFiles());
    }

    /** As if all of the disk were to be left free. */
    @Test
    void givesWayWhereTheDiskIsFull() throws IOException {
        Sha256 a = put(here, bytes(10));
        Sha256 b = put(here, bytes(10));
        Sha256 c = put(there, bytes(10));
        here = new BlobCache(new BlobStore(folder.resolve("here"), Long.MAX_VALUE / 2), database, 3 * MIB, nanos::get);
        here.prepare();

        here.file(c);

        assertEquals(List.of(false, false, true), cached(a, b, c));
        here.file(a);
        assertEquals(List.of(true, false, true), cached(a, b, c));
    }

    @Test
    void saysThatADiskCannotKeepIt() throws IOException {
        Sha256 sha256 = put(here, bytes(10));
        Path file = Files.createFile(folder.resolve("no-folder"));
        BlobCache without = new BlobCache(new BlobStore(file, 0), database, 3 * MIB, nanos::get);

        FuotaException refused = assertThrows(FuotaException.class, () -> without.file(sha256));

        assertEquals(ErrorCode.UNAVAILABLE, refused.code());
        assertTrue(without.has(sha256));
        assertFalse(without.folder().isUsable());
    }

    @Test
    void isDeletedWithItsRows() throws IOException {
        Sha256 gone = put(here, bytes(2 * MIB));
        Sha256 kept = put(here, bytes(MIB));

        database.transaction(transaction -> {
            here.delete(transaction, gone);
            return gone;
        });

        assertEquals(1, chunks());
        assertEquals(List.of(false, true), cached(gone, kept));
    }

    private BlobCache node(String name, Database database, long maxBytes) throws IOException {
        BlobCache node = new BlobCache(new BlobStore(folder.resolve(name), 0), database, maxBytes, nanos::get);
        node.prepare();
        return node;
    }

    private Sha256 put(BlobCache node, byte[] content) {
        try {
            Sha256 sha256 = Sha256.of(Sha256.newDigest().digest(content));
            node.put(Files.write(node.folder().newFile(), content), sha256);
            node.force(List.of(sha256));
            return sha256;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Boolean> cached(Sha256... all) {
        return Stream.of(all).map(sha256 -> Files.exists(path("here", sha256))).toList();
    }

    private Path path(String node, Sha256 sha256) {
        return folder.resolve(node).resolve(sha256.hex().substring(0, 2)).resolve(sha256.hex());
    }

    private List<Path> temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(".new-"))
                    .toList();
        }
    }

    private void rot(Path file) throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        Files.write(file, bytes((int) Files.size(file)));
        Files.setLastModifiedTime(file, time);
    }

    private static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    private static long chunks() {
        return database.queryOne("SELECT COUNT(*) FROM blob_chunk", row -> row.getLong(1))
                .orElseThrow();
    }
}
