package org.fuota.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.TestClock;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.fuota.device.Reports;
import org.fuota.error.FuotaException;
import org.fuota.file.FilePath;
import org.fuota.file.LastFile;
import org.fuota.file.LearnedVersion;
import org.fuota.file.Recipients;
import org.fuota.history.Actor;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag(TestDatabase.TAG)
class FleetTest {
    @TempDir
    Path folder;

    private final TestClock clock = new TestClock(Script.START);
    private BasicDataSource pool = new BasicDataSource();
    private Database database = new Database(pool);
    private Fleet fleet = fleet();

    @BeforeEach
    void open() {
        pool = TestDatabase.pool(folder);
        database = new Database(pool);
        fleet = fleet();
        clock.advance(Duration.ofSeconds(100));
        device("a", "1>a.bin", "");
        device("b1", "1>a.bin", "0 1 offered a.bin");
        device("b2", "1>a.bin", "0 1 offered a.bin; 9 2");
        device("b3", "1>missing.bin", "0 1 file_missing");
        device("ba", "", "0 1 unknown_device; 1 2; 2 1; 3 2; 4 1");
        device("c", "2>b.bin", "0 1");
        device("\u00e9", "1>my file.bin", "0 - malformed");
    }

    @AfterEach
    void close() throws Exception {
        pool.close();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    # query                        | ids, in order
                                                   | a b1 b2 b3 ba c \u00e9
                    state=unseen                   | a
                    state=offered                  | b1
                    state=unavailable              | b3 \u00e9
                    state=stuck                    |
                    state=silent                   | ba
                    state=discovered               |
                    version=1                      | b1 b3 ba c
                    version=2                      | b2
                    file=a.bin                     | a b1 b2
                    prefix=b                       | b1 b2 b3 ba
                    prefix=b2                      | b2
                    prefix=\u00e9                  | \u00e9
                    prefix=d                       |
                    after=b2                       | b3 ba c \u00e9
                    after=b                        | b1 b2 b3 ba c \u00e9
                    after=\u00e9                   |
                    prefix=b,after=a               | b1 b2 b3 ba
                    prefix=b,after=b               | b1 b2 b3 ba
                    prefix=b,after=b2              | b3 ba
                    prefix=b,after=c               |
                    prefix=b2,after=b              | b2
                    prefix=b2,after=b2             |
                    clone=true                     | ba
                    clone=false,prefix=b           | b1 b2 b3
                    state=offered,version=2        |
                    """)
    void finds(String query, String ids) throws IOException {
        Map<String, String> parameters = new HashMap<>();
        if (query != null) {
            for (String parameter : query.split(",")) {
                parameters.put(parameter.split("=")[0], parameter.split("=")[1]);
            }
        }

        assertEquals(Optional.ofNullable(ids).orElse(""), String.join(" ", ids(FleetFilter.parse(parameters))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    # query                          | ids, in order
                    limit=9                          | a b1 b2 b3 ba c \u00e9
                    limit=2,offset=0                 | a b1
                    limit=2,offset=5                 | c \u00e9
                    limit=2,offset=6                 | \u00e9
                    limit=2,offset=7                 |
                    limit=9,sort=device_id           | a b1 b2 b3 ba c \u00e9
                    limit=9,sort=-device_id          | \u00e9 c ba b3 b2 b1 a
                    limit=9,sort=last_seen           | b1 b3 c \u00e9 ba b2 a
                    limit=9,sort=-last_seen          | b2 ba b1 b3 c \u00e9 a
                    limit=3,sort=-last_seen          | b2 ba b1
                    limit=3,sort=-last_seen,offset=2 | b1 b3 c
                    limit=3,sort=-last_seen,offset=6 | a
                    limit=3,sort=-last_seen,offset=7 |
                    limit=9,sort=app_version         | b1 b3 ba c b2 a \u00e9
                    limit=9,sort=-app_version        | b2 b1 b3 ba c a \u00e9
                    limit=9,sort=state               | a c b1 b2 ba b3 \u00e9
                    limit=9,sort=update_file_path    | a b1 b2 c b3 \u00e9 ba
                    limit=9,sort=-device_id,prefix=b | ba b3 b2 b1
                    limit=9,search=B                 | a b1 b2 b3 ba c \u00e9
                    limit=9,search=B2                | b2
                    limit=9,search=MISS              | b3
                    limit=9,search=\u00c9           | \u00e9
                    limit=9,search=2                 | b2
                    limit=9,search=a.b               | a b1 b2
                    limit=9,search=.*                |
                    """)
    void pages(String query, String ids) throws IOException {
        Map<String, String> parameters = new HashMap<>();
        for (String parameter : query.split(",")) {
            parameters.put(parameter.split("=")[0], parameter.split("=")[1]);
        }
        FleetFilter filter = FleetFilter.parse(parameters);

        List<FleetDevice> page = FleetView.parse(parameters)
                .page(filter.limit(), fleet, filter, fleet.now())
                .devices();

        assertEquals(
                Optional.ofNullable(ids).orElse(""),
                String.join(" ", page.stream().map(FleetDevice::deviceId).toList()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"state=odd", "state=STUCK", "clone=yes", "limit=0", "limit=-1", "limit=10001", "limit=x"})
    void refuses(String parameter) {
        Map<String, String> query = Map.of(parameter.split("=")[0], parameter.split("=")[1]);

        assertThrows(FuotaException.class, () -> FleetFilter.parse(query));
    }

    @Test
    void takesTheLargestLimit() {
        assertEquals(10_000, FleetFilter.parse(Map.of("limit", "10000")).limit());
    }

    @Test
    void tellsAllByTheirIdsThoughTheyFillManyPages() throws IOException {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 2500; i++) {
            String id = "x%04d".formatted(i);
            expected.add(id);
            if (i % 2 == 0) {
                device(id, "1>a.bin", i % 4 == 0 ? "0 2" : "");
            } else {
                device(id, "", "0 2 unknown_device");
            }
        }

        assertEquals(expected, ids(FleetFilter.parse(Map.of("prefix", "x"))));
    }

    @Test
    void stopsWhenTheConsumerHasEnough() throws IOException {
        List<String> ids = new ArrayList<>();
        fleet.forEach(FleetFilter.all(), fleet.now(), (device, conclusion) -> {
            ids.add(device.deviceId());
            return ids.size() < 2;
        });

        assertEquals(List.of("a", "b1"), ids);
    }

    @Test
    void counts() {
        assertEquals(
                "{unseen=1, waiting=1, offered=1, updated=1, reverted=0, stuck=0, updated_silent=0, silent=1, unavailable=2, discovered=0}",
                fleet.countByState().toString());
    }

    /** A board that polls while the list is made isn't shown as the silent one that it no longer is. */
    @Test
    void showsNoBoardThatIsNotAsItIsAskedFor() throws IOException {
        FleetFilter filter = FleetFilter.parse(Map.of("state", "silent", "limit", "9"));
        FleetView view = FleetView.parse(Map.of("sort", "device_id", "limit", "9"));
        Moment now = fleet.now();
        assertEquals(1, view.page(9, fleet, filter, now).devices().size());
        assertFalse(view.page(1, fleet, filter, now).hasNext());
        assertTrue(view.page(1, fleet, FleetFilter.parse(Map.of("limit", "1")), now)
                .hasNext());

        Fleet busy = fleet(path -> {
            database.update("UPDATE device_status SET last_seen_served = 99000 WHERE device_id = 'ba'");
            return true;
        });

        assertEquals(List.of(), view.page(9, busy, filter, now).devices());
    }

    /** As a newer server may have written it. */
    @Test
    void tellsAnAnswerThatItDoesNotKnowAsUnknown() {
        database.update("UPDATE device_status SET answer = 'postponed' WHERE device_id = 'b1'");

        FleetDevice device = fleet.find("b1").orElseThrow();
        Conclusion conclusion = fleet.conclude(device, fleet.now());
        assertEquals(State.OFFERED, conclusion.state());
        assertNull(DeviceReport.line(List.of("answer"), device, conclusion, clock.instant())[0]);
    }

    @Test
    void survivesTheDatabase() {
        String polls =
                "0 1 offered a.bin @x; 10 2 @y; 20 1 offered a.bin @x; 30 2 @y; 40 1 @x; 50 1 @y; 60 - malformed";
        device("all", "1>a.bin", polls);

        DeviceStatus expected = Objects.requireNonNull(Script.status(polls));

        DeviceStatus status =
                Objects.requireNonNull(fleet.find("all").orElseThrow().status());

        // All but the id, which the script chose.
        assertEquals(expected.toString().replace("deviceId=1,", "deviceId=all,"), status.toString());
    }

    @Test
    void forgetsOnlyWhatPollsTold() {
        HistoryStore history = new HistoryStore(database);
        history.add(new HistoryEvent(clock.instant(), "b1", null, EventKind.ASSIGNED, null, "x", "admin", "::1"));
        history.add(new HistoryEvent(clock.instant(), "b1", null, EventKind.SEEN, null, "1", null, "::1"));
        Actor actor = new Actor("admin", "10.0.0.9");

        assertTrue(fleet.forget("b1", actor));

        FleetDevice device = fleet.find("b1").orElseThrow();
        assertEquals(State.UNSEEN, fleet.conclude(device, fleet.now()).state());
        assertEquals(
                List.of(
                        "forgotten device b1, by admin, from 10.0.0.9",
                        "assigned device b1, after: x, by admin, from ::1"),
                history.ofDevice("b1", 9).stream().map(HistoryEvent::toString).toList());
        assertFalse(fleet.forget("b1", actor));
        assertTrue(fleet.forget("ba", actor));
        assertEquals(Optional.empty(), fleet.find("ba"));
    }

    @Test
    void knowsTheVersionThatMostDevicesReported() {
        FleetStore store = new FleetStore(database);
        for (String report : List.of("2 a", "3 a", "3 b", "2 b", "4 c")) {
            clock.advance(Duration.ofSeconds(1));
            store.transaction(transaction -> {
                store.add(
                        transaction,
                        new FileReport("f".repeat(64), report.substring(0, 1), report.substring(2), clock.instant()));
                return report;
            });
        }

        assertEquals(
                List.of(new LearnedVersion("2", 2), new LearnedVersion("3", 2), new LearnedVersion("4", 1)),
                fleet.learnedVersions("f".repeat(64)),
                "2 as often as 3, but later");
        assertEquals(List.of(), fleet.learnedVersions("e".repeat(64)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    # polls                                                          | taken, and reported next
                                                                             | never polled
                    0 1                                                      | nothing
                    0 1 offered a.bin                                        | nothing
                    0 1 offered a.bin; 9 2                                   | a 2
                    0 1 offered a.bin; 9 2; 10 3                             | a 2
                    # An offer that it never took, or rolled back, doesn't count.
                    0 1 offered a.bin; 9 2 offered b.bin                     | a
                    0 1 offered a.bin; 9 2 offered b.bin; 10 2 offered c.bin | a
                    0 1 offered a.bin; 9 2 offered b.bin; 10 3               | b 3
                    0 1 offered a.bin; 9 2 offered b.bin; 10 3; 11 2         | a
                    0 1 offered a.bin; 9 2; 10 1                             | nothing
                    0 1 offered a.bin; 9 2 offered b.bin; 10 3; 11 2; 12 2 offered c.bin | a
                    """)
    void knowsWhatADeviceTookLast(@Nullable String polls, String expected) {
        device("x", "", Objects.requireNonNullElse(polls, ""));

        assertEquals(
                expected,
                Optional.ofNullable(database.connected(statements -> fleet.reports(statements, List.of("w", "x")))
                                .get("x"))
                        .map(Reports.Report::last)
                        .map(last -> (last.sha256() == null
                                        ? "nothing"
                                        : last.sha256().substring(0, 1))
                                + (last.reported() == null ? "" : " " + last.reported()))
                        .orElse("never polled"));
    }

    @Test
    void putsDevicesTogetherThatAreAlike() {
        device("1", "1>x.bin", "");
        device("2", "1>x.bin", "0 1 offered a.bin");
        device("3", "2>x.bin", "");
        device("4", "1>x.bin", "0 1 offered a.bin; 9 2");
        device("5", "1>x.bin", "0 1 offered a.bin; 9 2");
        device("6", "1>y.bin", "");

        assertEquals(
                List.of(
                        new Recipients(2, "1", "1", LastFile.NONE),
                        new Recipients(1, "3", "2", LastFile.NONE),
                        new Recipients(2, "4", "1", new LastFile("a".repeat(64), "2", null, null))),
                fleet.recipients(new FilePath("x.bin")));
        assertEquals(List.of(), fleet.recipients(new FilePath("z.bin")));
    }

    private void device(String id, String row, String polls) {
        if (!row.isEmpty()) {
            database.update(
                    "INSERT INTO device_app (device_id, app_ver, update_file_path) VALUES (?, ?, ?)",
                    id,
                    row.split(">")[0],
                    row.split(">")[1]);
        }
        FleetStore store = new FleetStore(database);
        store.transaction(transaction -> {
            DeviceStatus status = null;
            for (Sighting sighting : Script.sightings(polls)) {
                status = (status == null ? DeviceStatus.first(id, sighting) : status.after(sighting)).status();
                store.save(transaction, List.of(status));
            }
            return id;
        });
    }

    private List<String> ids(FleetFilter filter) throws IOException {
        List<String> ids = new ArrayList<>();
        fleet.forEach(filter, fleet.now(), (device, conclusion) -> ids.add(device.deviceId()));
        return ids;
    }

    private Fleet fleet() {
        return fleet(path -> path.value().length() == "a.bin".length());
    }

    private Fleet fleet(Predicate<FilePath> fileExists) {
        return new Fleet(
                database,
                new HistoryStore(database),
                FleetSettings.DEFAULT,
                fileExists,
                new ServedTime(database, clock, clock::nanoTime),
                clock);
    }
}
