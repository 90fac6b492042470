package org.fuota.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.fuota.file.FilePath;
import org.fuota.file.FileUse;
import org.fuota.history.Actor;
import org.fuota.history.HistoryStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

@Tag(TestDatabase.TAG)
class AssignmentStoreTest {
    @TempDir
    Path folder;

    private BasicDataSource pool = new BasicDataSource();
    private Database database = new Database(pool);
    private AssignmentStore store = new AssignmentStore(database);

    @BeforeEach
    void open() {
        pool = TestDatabase.pool(folder);
        database = new Database(pool);
        store = new AssignmentStore(database);
    }

    @AfterEach
    void close() throws Exception {
        pool.close();
    }

    @Test
    void createsAndReplacesARow() {
        save(assignment("1", "0.1.0", "a.bin"));
        assertEquals(Optional.of(new DeviceRow("1", "0.1.0", "a.bin")), find("1"));

        save(assignment("1", "0.1.1", "b.bin"));

        assertEquals(Optional.of(new DeviceRow("1", "0.1.1", "b.bin")), find("1"));
        assertEquals(1, all().size());
    }

    @Test
    void findsAnIdOnlyAsItIs() {
        save(assignment("Abc", "1", "f"));

        assertEquals(Optional.empty(), find("abc"));
        assertEquals(Optional.empty(), find("Ab_"));
        assertEquals(Optional.empty(), find("%"));
    }

    @Test
    void deletesARowWithWhatWasConcludedOfIt() {
        save(assignment("1", "1", "f"));
        save(assignment("2", "1", "f"));

        delete("1");
        delete("1");

        assertEquals(List.of(new DeviceRow("2", "1", "f")), all());
        assertEquals(
                List.of("2"), new Database(pool).query("SELECT device_id FROM device_status", row -> row.getString(1)));
    }

    @Test
    void listsAllInOrderAcrossPages() {
        List<String> ids = ids(2_500);
        List<String> backwards = new ArrayList<>(ids);
        Collections.reverse(backwards);
        saveAll(backwards);

        assertEquals(ids, all().stream().map(DeviceRow::deviceId).toList());
    }

    @Test
    void listsExactlyAPage() {
        saveAll(ids(1_000));

        assertEquals(1_000, all().size());
    }

    @Test
    void holdsNoConnectionWhileARowIsTaken() throws IOException {
        save(assignment("1", "1", "f"));

        store.forEach(row -> assertEquals(0, pool.getNumActive()));
    }

    @Test
    @DisabledIfSystemProperty(named = TestDatabase.PROPERTY, matches = "postgresql")
    void keepsAllThatAPythonServerStored() throws IOException {
        Files.copy(Path.of("src/test/resources/seed/devices.db"), folder.resolve("devices.db"));

        List<DeviceRow> rows = all();

        assertEquals(
                List.of(
                        new DeviceRow("", "", ""),
                        new DeviceRow("00001", "0.1.0", "esp32-fuota.bin.0.1.1"),
                        new DeviceRow("00002", "0.1.0", "missing.bin"),
                        new DeviceRow("00003", "1.0.0+abc", "esp32-fuota.bin.0.1.1"),
                        new DeviceRow("00004", "0.1.0", "my firmware.bin"),
                        new DeviceRow("00005", "0.1.0", "../devices.db"),
                        new DeviceRow("café", "0.1.0", "esp32-fuota.bin.0.1.1"),
                        new DeviceRow("i".repeat(300), "v".repeat(300), "p".repeat(300)),
                        new DeviceRow("nulls", "", ""),
                        new DeviceRow("with/slash", "1\n2", "say \"hi\", twice")),
                rows);
        save(assignment("00001", "0.1.1", "b.bin"));
        assertEquals(Optional.of(new DeviceRow("00001", "0.1.1", "b.bin")), find("00001"));
    }

    @Test
    @DisabledIfSystemProperty(named = TestDatabase.PROPERTY, matches = "postgresql")
    void countsTheDevicesOfAFileAlsoInWhatAPythonServerStored() throws IOException {
        Files.copy(Path.of("src/test/resources/seed/devices.db"), folder.resolve("devices.db"));
        for (int i = 6; i >= 0; i--) {
            save(assignment("use-" + i, "1", "used.bin"));
        }

        Map<String, Long> counts = store.devicesByFile();

        assertEquals(7, counts.get("used.bin"));
        assertEquals(3, counts.get("esp32-fuota.bin.0.1.1"));
        assertEquals(
                new FileUse(7, List.of("use-0", "use-1", "use-2", "use-3", "use-4")),
                database.connected(statements -> store.use(statements, new FilePath("used.bin"))));
        assertEquals(
                new FileUse(0, List.of()),
                database.connected(statements -> store.use(statements, new FilePath("unused.bin"))));
    }

    @Test
    @DisabledIfSystemProperty(named = TestDatabase.PROPERTY, matches = "postgresql")
    void findsTheDevicesOfAFileByAnIndex() {
        for (String sql : List.of(
                "SELECT COUNT(*) FROM assignment WHERE update_file_path = ?",
                "SELECT device_id FROM assignment WHERE update_file_path = ? ORDER BY device_id LIMIT 5")) {
            List<String> plan = database.query("EXPLAIN QUERY PLAN " + sql, row -> row.getString("detail"), "f");

            assertTrue(plan.stream().anyMatch(step -> step.contains("device_app_file")), plan::toString);
            assertTrue(
                    plan.stream().noneMatch(step -> step.matches("SCAN \\w.*") && !step.equals("SCAN assignment")),
                    plan::toString);
        }
    }

    private static List<String> ids(int count) {
        return IntStream.range(0, count).mapToObj("%06d"::formatted).toList();
    }

    private void saveAll(List<String> ids) {
        save(ids.stream().map(id -> assignment(id, "1", "f")).toArray(Assignment[]::new));
    }

    private void save(Assignment... assignments) {
        write(Stream.of(assignments).map(Assignment::change).toList());
    }

    private void delete(String deviceId) {
        write(find(deviceId).map(row -> new Change(deviceId, row, null)).stream()
                .toList());
    }

    private void write(List<Change> changes) {
        AssignmentWriter writer = new AssignmentWriter(new HistoryStore(database), TestFleet.of(database));
        database.transaction(transaction -> {
            writer.write(transaction, changes, new Actor("admin", "::1"), Instant.EPOCH);
            return changes;
        });
    }

    private List<DeviceRow> all() {
        List<DeviceRow> rows = new ArrayList<>();
        try {
            store.forEach(rows::add);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return rows;
    }

    private Optional<DeviceRow> find(String deviceId) {
        return Optional.ofNullable(database.connected(statements -> store.find(statements, List.of(deviceId)))
                .get(deviceId));
    }

    private static Assignment assignment(String deviceId, String appVersion, String path) {
        AppVersion version = new AppVersion(appVersion);
        FilePath file = new FilePath(path);
        return new Assignment(
                new AssignmentList.Line(1, new DeviceId(deviceId), version, file), null, null, version, file);
    }
}
