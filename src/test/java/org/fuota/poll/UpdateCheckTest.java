package org.fuota.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.db.Database;
import org.fuota.db.DatabaseException;
import org.fuota.db.TestDatabase;
import org.fuota.device.AppVersion;
import org.fuota.device.DeviceId;
import org.fuota.device.DeviceRow;
import org.fuota.file.FilePath;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The decision, for the rows of a Python server's database. */
class UpdateCheckTest {
    @TempDir
    Path folder;

    private BasicDataSource pool = new BasicDataSource();

    @BeforeEach
    void open() throws IOException {
        Files.copy(Path.of("src/test/resources/seed/devices.db"), folder.resolve("devices.db"));
        pool = TestDatabase.sqlite(folder);
        new Database(pool).update("""
                INSERT INTO update_file (path, sha256, md5, size, chip, project, stored_at, stored_by)
                VALUES ('esp32-fuota.bin.0.1.1', ?, '', 1, 'ESP32', 'my-project', 0, 'alice')
                """, "a".repeat(64));
    }

    @AfterEach
    void close() throws Exception {
        pool.close();
    }

    @ParameterizedTest(name = "{0} runs {1}: {2}")
    @CsvSource({
        "00001, 0.1.0, esp32-fuota.bin.0.1.1",
        "00003, 1.0.0+abc, esp32-fuota.bin.0.1.1",
        "café, 0.1.0, esp32-fuota.bin.0.1.1",
        "00001, 0.1.1, no_update",
        "00001, 0.1, no_update",
        "00003, 1.0.0 abc, no_update",
        "00002, 0.1.1, no_update",
        "nulls, 0.1.0, no_update",
        "00002, 0.1.0, file_missing",
        "00004, 0.1.0, file_missing",
        "00005, 0.1.0, file_missing",
        "99999, 0.1.0, unknown_device",
    })
    void check(String deviceId, String appVersion, String decision) {
        UpdateDecision decided =
                UpdateCheck.decide(false, assigned(deviceId), new AppVersion(appVersion), Optional::empty);

        assertEquals(
                decision,
                decided.file()
                        .map(file -> file.path().value())
                        .orElseGet(() -> decided.answer().label()));
    }

    /** Each poll of a fleet would touch the disk otherwise. */
    @Test
    void looksAtNoFileForAnotherVersion() {
        AssignedUpdate assigned = new AssignedUpdate(new DeviceRow("1", "0.1.0", "a.bin"), () -> {
            throw new AssertionError("looked");
        });

        assertEquals(
                PollAnswer.NO_UPDATE,
                UpdateCheck.decide(false, Optional.of(assigned), new AppVersion("0.1.1"), Optional::empty)
                        .answer());
    }

    @Test
    void cannotDecideWithoutDatabase() throws Exception {
        pool.close();

        assertThrows(DatabaseException.class, () -> assigned("1"));
    }

    @Test
    void tellsWhatIsOfferedAsOfOneQuery() {
        OfferedFile file = UpdateCheck.decide(false, assigned("00001"), new AppVersion("0.1.0"), Optional::empty)
                .file()
                .orElseThrow();

        assertEquals(
                new OfferedFile(new FilePath("esp32-fuota.bin.0.1.1"), "a".repeat(64), "ESP32", "my-project", null),
                file);
        new Database(pool).update("UPDATE update_file SET chip = NULL, project = 'arduino-lib-builder'");
        file = UpdateCheck.decide(false, assigned("00001"), new AppVersion("0.1.0"), Optional::empty)
                .file()
                .orElseThrow();
        assertEquals(new OfferedFile(new FilePath("esp32-fuota.bin.0.1.1"), "a".repeat(64), null, null, null), file);
    }

    /** The path names bytes that are lost. */
    @Test
    void offersNoBytesThatAreNotThere() {
        AssignedUpdateStore lost = new AssignedUpdateStore(new Database(pool), sha256 -> false);

        assertEquals(
                PollAnswer.FILE_MISSING,
                UpdateCheck.decide(false, lost.find(new DeviceId("00001")), new AppVersion("0.1.0"), Optional::empty)
                        .answer());
    }

    private Optional<AssignedUpdate> assigned(String deviceId) {
        return new AssignedUpdateStore(new Database(pool), sha256 -> sha256 != null).find(new DeviceId(deviceId));
    }
}
