package org.fuota.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.db.Database;
import org.fuota.db.DatabaseException;
import org.fuota.db.TestDatabase;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.file.FilePath;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The decision, for the rows of a Python server's database. */
class UpdateCheckTest {
    private static final Set<String> FILES = Set.of("esp32-fuota.bin.0.1.1", "my firmware.bin", "../devices.db", "");

    @TempDir
    Path folder;

    private BasicDataSource pool = new BasicDataSource();
    private UpdateCheck check = check();

    @BeforeEach
    void open() throws IOException {
        Files.copy(Path.of("src/test/resources/seed/devices.db"), folder.resolve("devices.db"));
        pool = TestDatabase.pool(folder);
        check = check();
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
        "00001, 0.1.1, none",
        "00001, 0.1, none",
        "00003, 1.0.0 abc, none",
        "00002, 0.1.1, none",
        "nulls, 0.1.0, none",
        "00002, 0.1.0, not found",
        "00004, 0.1.0, not found",
        "00005, 0.1.0, not found",
        "99999, 0.1.0, not found",
    })
    void check(String deviceId, String appVersion, String decision) {
        String decided;
        try {
            decided = check.check(new DeviceId(deviceId), new AppVersion(appVersion))
                    .map(FilePath::value)
                    .orElse("none");
        } catch (FuotaException e) {
            assertEquals(ErrorCode.NOT_FOUND, e.code());
            decided = "not found";
        }
        assertEquals(decision, decided);
    }

    @Test
    void cannotDecideWithoutDatabase() throws Exception {
        pool.close();

        assertThrows(DatabaseException.class, () -> check.check(new DeviceId("1"), new AppVersion("1")));
    }

    private UpdateCheck check() {
        return new UpdateCheck(new DeviceUpdateStore(new Database(pool)), path -> FILES.contains(path.value()));
    }
}
