package org.fuota.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.dbcp2.BasicDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseFileTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-26T18:00:00.123Z"), ZoneOffset.UTC);
    private static final String LOST = "the database that was in use is lost; the server's log tells what to do";

    @TempDir
    Path parent;

    private final List<AutoCloseable> open = new ArrayList<>();
    private Path data = Path.of("");

    @BeforeEach
    void aDataFolder() throws IOException {
        data = folders("data");
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable part : open) {
            part.close();
        }
    }

    @Test
    void opensANewOneAndTheSameAgain() throws Exception {
        for (int starts = 1; starts <= 3; starts++) {
            Database database = open(data);
            database.update("INSERT INTO device_app (device_id) VALUES (?)", String.valueOf(starts));

            assertEquals(starts, devices(database));
            assertEquals(Optional.empty(), database.trouble());
            for (String mark : List.of("db/devices.db.in-use", "files/.database")) {
                assertTrue(Files.readString(data.resolve(mark)).contains(" " + starts + "\n"), mark);
            }
            close();
        }
    }

    /** Of version 0.1, or of docker-fuota-server. */
    @Test
    void marksADatabaseThatHasNoMarkYet() throws Exception {
        Files.copy(Path.of("src/test/resources/seed/devices.db"), data.resolve("db/devices.db"));

        assertEquals(10, devices(open(data)));
        close();
        Files.delete(data.resolve("db/devices.db"));

        assertLost(data, "is missing or empty");
    }

    /** Each is done to a folder that was in use twice, and whose server was killed. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "without the database", "with an empty file", "without its folder", "with an empty database",
                "without its wal", "with an older one", "with that of another",
                        "without the database and with a mark that nobody can read"
            })
    void refusesToGoOn(String how) throws Exception {
        open(data);
        close();
        Path older = copy(data, "older");
        open(data).update("INSERT INTO device_app (device_id) VALUES ('1')");
        Path killed = copy(data, "killed");
        close();
        Path file = killed.resolve("db/devices.db");
        Path wal = killed.resolve("db/devices.db-wal");
        String what = "is missing or empty";
        switch (how) {
            case "without the database" -> Files.delete(file);
            case "with an empty file" -> Files.write(file, new byte[0]);
            case "without its folder" -> {
                for (Path gone : files(killed.resolve("db"))) {
                    Files.delete(gone);
                }
            }
            case "with an empty database" -> {
                Files.delete(wal);
                Files.delete(file);
                try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
                    connection.createStatement().executeUpdate("CREATE TABLE other (x TEXT)");
                }
                what = "is empty";
            }
            case "without its wal" -> {
                Files.delete(wal);
                what = "is as it was before its last start";
            }
            case "with an older one" -> {
                Files.delete(wal);
                Files.copy(older.resolve("db/devices.db"), file, StandardCopyOption.REPLACE_EXISTING);
                what = "is as it was before its last start";
            }
            case "with that of another" -> {
                Path another = folders("another");
                for (int i = 0; i < 3; i++) {
                    open(another);
                    close();
                }
                Files.delete(wal);
                Files.copy(another.resolve("db/devices.db"), file, StandardCopyOption.REPLACE_EXISTING);
                what = "is another";
            }
            default -> {
                Files.delete(file);
                Files.write(killed.resolve("db/devices.db.in-use"), new byte[0]);
            }
        }
        List<String> before = names(killed.resolve("db"));

        assertLost(killed, what);
        assertEquals(before, names(killed.resolve("db")), "nothing is made or deleted");

        // Deliberately.
        for (String mark : List.of("db/devices.db.in-use", "files/.database", "db/devices.db-wal")) {
            Files.deleteIfExists(killed.resolve(mark));
        }
        assertEquals(0, devices(open(killed)));
    }

    /** What is left of version 0.1, which made no mark. */
    @Test
    void refusesAWalWithoutItsDatabase() throws Exception {
        open(data).update("INSERT INTO device_app (device_id) VALUES ('1')");
        Path killed = copy(data, "killed");
        Files.delete(killed.resolve("db/devices.db"));
        Files.delete(killed.resolve("db/devices.db.in-use"));
        Files.delete(killed.resolve("files/.database"));

        DatabaseException refused = assertThrows(DatabaseException.class, open(killed)::migrate);

        assertTrue(
                refused.advice().orElseThrow().contains("devices.db-wal tells that one was in use"),
                refused.advice()::toString);
    }

    @Test
    void goesOnWhenItsDatabaseIsPutBack() throws Exception {
        open(data);
        close();
        Path away = parent.resolve("away");
        Files.move(data.resolve("db/devices.db"), away);
        Database database = database(data);
        assertThrows(DatabaseException.class, database::migrate);
        assertEquals(Optional.of(LOST), database.trouble());

        Files.move(away, data.resolve("db/devices.db"));

        database.migrate();
        assertEquals(Optional.empty(), database.trouble());
    }

    @Test
    void startsFromABackup() throws Exception {
        Database database = open(data);
        database.update("INSERT INTO device_app (device_id) VALUES ('1')");
        Path restored = folders("restored");
        database.copyTo(restored.resolve("db/devices.db"));

        assertEquals(1, devices(open(restored)));
    }

    @Test
    void startsWithoutAFolderForTheOtherMark() throws Exception {
        Files.delete(data.resolve("files"));

        assertEquals(0, devices(open(data)));
        assertTrue(Files.exists(data.resolve("db/devices.db.in-use")));
    }

    @Test
    void isUsedByOneAtATime() throws Exception {
        Database first = open(data);
        Database second = database(data);

        DatabaseException refused = assertThrows(DatabaseException.class, second::migrate);

        assertEquals("another server uses the database; the server's log tells which", refused.sentence());
        assertEquals(Optional.of(refused.sentence()), second.trouble());
        String advice = refused.advice().orElseThrow();
        assertTrue(
                advice.matches(
                        ".*/db/devices\\.db: process " + ProcessHandle.current().pid()
                                + "@.* since 2026-11-26T18:00:00Z; stop that one, or give this one .*"),
                advice);
        first.close();
        assertEquals(0, devices(second));
        assertEquals(Optional.empty(), second.trouble());
    }

    /** Through a symbolic link it is the same database. */
    @Test
    void isUsedByOneAtATimeByWhicheverName() throws Exception {
        open(data);
        Path other = folders("other");
        Files.createSymbolicLink(other.resolve("db/devices.db"), data.resolve("db/devices.db"));

        assertThrows(DatabaseException.class, database(other)::migrate);
    }

    @Test
    void isFreeAfterAKill() throws Exception {
        Path file = data.resolve("db/devices.db.lock");
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertEquals('1', other.getInputStream().read(), "it has the lock");
            Database database = database(data);
            String advice = assertThrows(DatabaseException.class, database::migrate)
                    .advice()
                    .orElseThrow();
            assertTrue(advice.contains("process " + other.pid() + "@"), advice);

            other.destroyForcibly();
            assertTrue(other.waitFor(30, TimeUnit.SECONDS));

            assertTrue(Files.exists(file), "its file is left");
            assertEquals(0, devices(database));
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void refusesASchemaOfANewerProgram() throws Exception {
        open(data).update("INSERT INTO schema_migration (number) VALUES ('9998'), ('9999')");
        close();
        String before = Files.readString(data.resolve("db/devices.db.in-use"));

        DatabaseException refused = assertThrows(DatabaseException.class, open(data)::migrate);

        assertTrue(
                refused.sentence()
                        .matches("the database has schema 9998, 9999, and this program knows 0001 to [0-9]{4}:"
                                + " run the newer program again, or restore a backup that was taken before it"),
                refused.sentence());
        assertEquals(Optional.of(refused.sentence()), refused.advice());
        assertEquals(before, Files.readString(data.resolve("db/devices.db.in-use")));
    }

    @Test
    void saysThatAPageIsDamaged() throws Exception {
        Database database = open(data);
        database.transaction(transaction -> {
            for (int i = 0; i < 2000; i++) {
                transaction.update(
                        "INSERT INTO device_app (device_id, app_ver) VALUES (?, ?)", "id" + i, "x".repeat(200));
            }
            return 1;
        });
        database.check();
        assertEquals(Optional.empty(), database.trouble());
        close();
        damage("x".repeat(200));

        Database damaged = open(data);
        damaged.requireWritable();
        assertEquals(Optional.empty(), damaged.trouble(), "nobody has come across it");
        DatabaseException failure = assertThrows(
                DatabaseException.class,
                () -> damaged.query("SELECT app_ver FROM device_app ORDER BY app_ver", row -> 1));

        String sentence = "the database is damaged: restore a backup; the server's log tells more";
        assertEquals(sentence, failure.sentence());
        assertEquals(Optional.of(sentence), damaged.trouble());
        damaged.requireWritable();
        assertEquals(Optional.of(sentence), damaged.trouble(), "what is whole goes on");
        assertThrows(DatabaseException.class, () -> damaged.copyTo(parent.resolve("copy")));
        close();

        Database checked = open(data);
        checked.check();
        assertEquals(Optional.of(sentence), checked.trouble(), "before anybody comes across it");
    }

    @Test
    void saysThatItIsNoDatabase() throws Exception {
        Files.writeString(data.resolve("db/devices.db"), "this is no database ".repeat(1000));

        DatabaseException failure = assertThrows(DatabaseException.class, open(data)::migrate);

        assertEquals("the database is damaged: restore a backup; the server's log tells more", failure.sentence());
        assertEquals(Optional.empty(), failure.advice(), "the log has the cause");
        assertFalse(Files.exists(data.resolve("db/devices.db.in-use")));
    }

    /** Holds the lock until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws Exception {
            try (ProcessLock lock =
                    ProcessLock.tryLock(Path.of(arguments[0]), Instant.now()).orElseThrow()) {
                System.out.print("1");
                System.out.flush();
                System.in.read();
                System.err.println(lock);
            }
        }
    }

    private void assertLost(Path folder, String what) throws Exception {
        Database database = open(folder);

        DatabaseException refused = assertThrows(DatabaseException.class, database::migrate);

        assertEquals(LOST, refused.sentence());
        assertEquals(Optional.of(LOST), database.trouble());
        String advice = refused.advice().orElseThrow();
        assertTrue(advice.contains(folder.resolve("db/devices.db") + ", " + what + ", but "), advice);
        close();
    }

    /** All pages that hold the text. */
    private void damage(String text) throws IOException {
        Path file = data.resolve("db/devices.db");
        String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        int page = content.indexOf(text) / 4096 * 4096;
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.seek(page);
            out.write(new byte[4096]);
        }
    }

    /** As of a version that made no marks, or of docker-fuota-server, copied to where there was an empty one already. */
    @Test
    void refusesADatabaseThatItNeverUsed() throws Exception {
        open(data);
        close();
        Files.delete(data.resolve("db/devices.db"));
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("db/devices.db"))) {
            connection.createStatement().executeUpdate("CREATE TABLE device_app (device_id TEXT)");
            connection.createStatement().executeUpdate("INSERT INTO device_app VALUES ('1')");
        }

        assertLost(data, "was never used by this server");
    }

    /** Two servers, each with boards of its own, may have the same update files. */
    @Test
    void goesOnBesideAnotherThatSharesTheUpdateFiles() throws Exception {
        open(data).update("INSERT INTO device_app (device_id) VALUES ('1')");
        close();
        Path another = folders("another");
        open(another).update("INSERT INTO device_app (device_id) VALUES ('2')");
        close();
        Files.delete(another.resolve("files/.database"));
        Files.delete(another.resolve("files"));
        Files.createSymbolicLink(another.resolve("files"), data.resolve("files"));
        for (int i = 0; i < 2; i++) {
            assertEquals(1, devices(open(another)));
            close();
            assertEquals(1, devices(open(data)));
            close();
        }
        // Without a mark of its own, as a version had it that made none.
        Files.delete(another.resolve("db/devices.db.in-use"));
        assertEquals(1, devices(open(another)));
    }

    private Path folders(String name) throws IOException {
        Path folder = parent.resolve(name);
        Files.createDirectories(folder.resolve("db"));
        Files.createDirectories(folder.resolve("files"));
        return folder;
    }

    private Database open(Path folder) {
        Database database = database(folder);
        try {
            database.migrate();
        } catch (DatabaseException expected) {
            // Whoever asks again is told.
        }
        return database;
    }

    private Database database(Path folder) {
        Database database = new Database(
                pool(folder.resolve("db")),
                new DatabaseFile(folder.resolve("db/devices.db"), folder.resolve("files"), CLOCK));
        open.add(database);
        return database;
    }

    private BasicDataSource pool(Path folder) {
        BasicDataSource pool = TestDatabase.sqlite(folder);
        open.add(pool);
        return pool;
    }

    private static int devices(Database database) {
        return database.queryOne("SELECT COUNT(*) FROM device_app", row -> row.getInt(1))
                .orElseThrow();
    }

    /** As they are, without closing anything: as after a kill. */
    private Path copy(Path folder, String name) throws IOException {
        Path copy = folders(name);
        for (String below : List.of("db", "files")) {
            for (Path file : files(folder.resolve(below))) {
                Files.copy(file, copy.resolve(below).resolve(file.getFileName().toString()));
            }
        }
        return copy;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** But for the lock. */
    private static List<String> names(Path folder) throws IOException {
        return files(folder).stream()
                .map(file -> file.getFileName().toString())
                .filter(name -> !name.endsWith(".lock") && !name.endsWith("-shm"))
                .toList();
    }
}
