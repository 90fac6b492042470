package org.fuota.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.TestClock;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.fuota.evidence.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag(TestDatabase.TAG)
class TroubleStoreTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    @TempDir
    Path folder;

    private BasicDataSource pool = new BasicDataSource();
    private Database database = new Database(pool);
    private TroubleStore trouble = new TroubleStore(database, new TestClock(NOW));

    @BeforeEach
    void open() {
        pool = TestDatabase.pool(folder);
        database = new Database(pool);
        trouble = new TroubleStore(database, new TestClock(NOW));
    }

    @AfterEach
    void close() throws Exception {
        pool.close();
    }

    /** Boards that are assigned loop.bin at version 1, and whose state is that; devices that reported a version after they took it. */
    @ParameterizedTest(name = "{0} at {1}, reported {2}")
    @CsvSource(delimiter = '|', textBlock = """
            # state  | at  | reported   | loops
            STUCK    | 1   | 1:3        | {loop.bin=2}
            STUCK    | 1   | 1:3 2:2    | {loop.bin=2}
            STUCK    | 1   | 1:3 2:4    | {}
            STUCK    | 1   | 1:2        | {}
            STUCK    | 2   | 1:3        | {}
            STUCK    | 1   | 2:3        | {}
            OFFERED  | 1   | 1:3        | {}
            """)
    void findsLoops(State state, String at, String reported, String loops) {
        database.update("""
                INSERT INTO update_file (path, sha256, md5, size, stored_at, stored_by)
                VALUES ('loop.bin', ?, '', 1, 0, 'alice')
                """, "a".repeat(64));
        for (String report : reported.split(" ")) {
            database.update(
                    "INSERT INTO file_report (sha256, app_ver, devices, last_at) VALUES (?, ?, ?, 0)",
                    "a".repeat(64),
                    report.split(":")[0],
                    Long.valueOf(report.split(":")[1]));
        }
        for (String deviceId : List.of("a", "b")) {
            database.update(
                    "INSERT INTO device_status (device_id, state, row_app_ver, row_file) VALUES (?, ?, ?, 'loop.bin')",
                    deviceId,
                    (long) state.ordinal(),
                    at);
        }
        database.update(
                "INSERT INTO device_status (device_id, state, row_app_ver, row_file) VALUES ('c', ?, '1', 'gone.bin')",
                (long) State.STUCK.ordinal());

        assertEquals(loops, trouble.loops().toString());
    }

    @Test
    void countsIdsThatTwoBoardsUsedWithinADay() {
        for (Duration ago : List.of(Duration.ofHours(1), Duration.ofHours(23), Duration.ofHours(25))) {
            database.update(
                    "INSERT INTO device_status (device_id, state, version_flips, version_flip_at) VALUES (?, 1, 3, ?)",
                    ago.toString(),
                    NOW.minus(ago).toEpochMilli());
        }
        database.update(
                "INSERT INTO device_status (device_id, state, version_flips, version_flip_at) VALUES ('x', 1, 2, ?)",
                NOW.toEpochMilli());

        assertEquals(2, trouble.clones());
    }

    @Test
    void tellsOfSilentGroupsInTheirOrder() {
        SilenceStore silence = new SilenceStore(database);
        silence.begin("roof", NOW, transaction -> {});
        silence.begin("", NOW.plusSeconds(1), transaction -> {});
        silence.begin("hall", NOW.plusSeconds(2), transaction -> {});

        assertEquals(
                List.of(
                        Map.entry("", NOW.plusSeconds(1)),
                        Map.entry("hall", NOW.plusSeconds(2)),
                        Map.entry("roof", NOW)),
                new ArrayList<>(trouble.silentGroups().entrySet()));
    }
}
