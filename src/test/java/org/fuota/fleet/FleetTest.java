package org.fuota.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.TestClock;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.fuota.device.Reports;
import org.fuota.error.FuotaException;
import org.fuota.evidence.Conclusion;
import org.fuota.evidence.DeviceStatus;
import org.fuota.evidence.FileReport;
import org.fuota.evidence.FleetDevice;
import org.fuota.evidence.FleetSettings;
import org.fuota.evidence.Script;
import org.fuota.evidence.Sighting;
import org.fuota.evidence.State;
import org.fuota.file.FilePath;
import org.fuota.file.LastFile;
import org.fuota.file.LearnedVersion;
import org.fuota.file.Recipients;
import org.fuota.history.Actor;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;
import org.fuota.served.ServedTime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag(TestDatabase.TAG)
class FleetTest {
    private static final Outcomes ANY = (where, rollout, outcome) -> where;

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
    void finds(@Nullable String query, @Nullable String ids) {
        assertEquals(
                Optional.ofNullable(ids).orElse(""),
                ids(Optional.ofNullable(query).orElse(""), 1000));
    }

    /** b2 has taken a.bin, b1 was offered it; t has taken b.bin before it was offered a.bin; u took one and came back. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    # query                        | ids, in order
                    chip=ESP32                     | b1 b2 u
                    chip=ESP32-C3                  | t
                    chip=esp32                     |
                    project=lamp                   | b1 b2 t u
                    project=lamp,version=2         | b2 t
                    project=lamp,chip=ESP32,prefix=b | b1 b2
                    first_seen_from=2026-01-01T00:00:20Z | t u
                    first_seen_to=2026-01-01T00:00:20Z | b1 b2 b3 ba c \u00e9
                    first_seen_from=2026-01-02     |
                    last_seen_from=2026-01-01T00:00:04Z | b2 ba t u
                    last_seen_from=2026-01-01T00:00:04.001Z | b2 t u
                    last_seen_to=2026-01-01T00:00:04Z | b1 b3 c \u00e9
                    last_seen_from=2026-01-01,last_seen_to=2026-01-01T00:01Z,prefix=b2 | b2
                    last_seen_from=2026-01-01T00:00:04Z,last_seen_to=2026-01-01T00:00:05Z | ba
                    """)
    void findsByImageAndTime(String query, @Nullable String ids) {
        offeredImages();
        device("t", "", "20 1 offered b.bin; 21 2; 22 2 offered a.bin");
        device("u", "", "20 1 offered a.bin; 21 2; 22 1");

        assertEquals(Optional.ofNullable(ids).orElse(""), ids(query, 2));
        long counted =
                fleet
                        .countByState(FleetQuery.parse(parameters(query), clock.instant(), ANY)
                                .where())
                        .values()
                        .stream()
                        .mapToLong(count -> count)
                        .sum();
        assertEquals(ids == null ? 0 : ids.split(" ").length, counted, "all are counted, too");
    }

    /** The same boards, each by itself: of the rule by which they are found. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    b1 | DeviceTags[chip=ESP32, project=lamp, groups=[]]
                    b2 | DeviceTags[chip=ESP32, project=lamp, groups=[hall, roof]]
                    b3 | DeviceTags[chip=null, project=null, groups=[roof]]
                    t  | DeviceTags[chip=ESP32-C3, project=lamp, groups=[]]
                    u  | DeviceTags[chip=ESP32, project=lamp, groups=[]]
                    -  | DeviceTags[chip=null, project=null, groups=[]]
                    """)
    void tellsTags(String deviceId, String tags) {
        database.update(
                "INSERT INTO offered_image (sha256, chip, project) VALUES (?, 'ESP32', 'lamp')", "a".repeat(64));
        database.update(
                "INSERT INTO offered_image (sha256, chip, project) VALUES (?, 'ESP32-C3', 'lamp')", "b".repeat(64));
        database.update(
                "INSERT INTO board_group (name, device_id) VALUES ('roof', 'b2'), ('hall', 'b2'), ('roof', 'b3')");
        device("t", "", "20 1 offered b.bin; 21 2; 22 2 offered a.bin");
        device("u", "", "20 1 offered a.bin; 21 2; 22 1");

        assertEquals(tags, fleet.tags(deviceId).toString());
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
                    limit=9,sort=-last_seen          | b2 ba \u00e9 c b3 b1 a
                    limit=3,sort=-last_seen          | b2 ba \u00e9
                    limit=3,sort=-last_seen,offset=2 | \u00e9 c b3
                    limit=3,sort=-last_seen,offset=6 | a
                    limit=3,sort=-last_seen,offset=7 |
                    limit=9,sort=app_version         | b1 b3 ba c b2 a \u00e9
                    limit=9,sort=-app_version        | b2 c ba b3 b1 \u00e9 a
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
                    limit=9,search=%                 |
                    limit=9,search=_                 |
                    limit=9,search=!                 |
                    # all words, wherever they are; in double quotes one
                    limit=9,search=A.BIN 2           | b2
                    limit=9,search=2  a.b            | b2
                    limit=9,search=my bin            | \u00e9
                    limit=9,search="my file"         | \u00e9
                    limit=9,search="file my"         |
                    limit=9,search=file my           | \u00e9
                    limit=9,search="a.bin" 2         | b2
                    limit=9,search=a.bin 3           |
                    limit=9,search="                 |
                    limit=9,search=" "               | \u00e9
                    limit=9,sort=first_seen          | b1 b2 b3 ba c \u00e9 a
                    limit=9,sort=-first_seen         | \u00e9 c ba b3 b2 b1 a
                    limit=9,sort=polls               | b1 b3 c \u00e9 b2 ba a
                    limit=2,sort=-polls              | ba b2
                    """)
    void pages(String query, @Nullable String ids) {
        int limit = FleetQuery.parse(parameters(query), clock.instant(), ANY).limit();

        assertEquals(Optional.ofNullable(ids).orElse(""), ids(query, limit));
    }

    /** Also across the bound of those of which it isn't known. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "device_id",
                "state",
                "since",
                "app_version",
                "last_seen",
                "update_file_path",
                "first_seen",
                "polls"
            })
    void pagesOfAnOrderFollowOneAnother(String sort) {
        for (String order : List.of(sort, "-" + sort)) {
            String all = ids("limit=9,sort=" + order, 9);
            for (int limit = 1; limit <= 7; limit++) {
                List<String> pages = new ArrayList<>();
                for (int offset = 0; offset < 7; offset += limit) {
                    pages.add(ids("limit=%d,offset=%d,sort=%s".formatted(limit, offset, order), limit));
                }
                assertEquals(all, String.join(" ", pages), order + " by " + limit);
            }
        }
    }

    /** No more than the page is read from the table, and nothing is sorted, but for the page itself. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    limit=50,sort=device_id                 | sqlite_autoindex_device_status_1
                    limit=50,sort=-state                    | device_status_state
                    limit=50,sort=since                     | device_status_since
                    limit=50,sort=-app_version              | device_status_app_ver
                    limit=50,sort=-last_seen                | device_status_last_seen
                    limit=50,sort=update_file_path          | device_status_file
                    limit=50,sort=device_id,state=stuck     | device_status_state
                    limit=50,sort=device_id,version=1       | device_status_app_ver
                    limit=50,sort=device_id,file=a.bin      | device_status_file
                    limit=50,sort=device_id,clone=true      | device_status_flips
                    """)
    @DisabledIfSystemProperty(named = TestDatabase.PROPERTY, matches = "postgresql")
    void pagesByAnIndex(String text, String index) {
        FleetQuery query = FleetQuery.parse(parameters(text), clock.instant(), ANY);
        Where where = query.mayBeUnknown() ? query.where().and(query.column() + " IS NOT NULL") : query.where();

        List<String> plan = database.query(
                "EXPLAIN QUERY PLAN SELECT device_id FROM device_status WHERE " + where.sql() + " ORDER BY "
                        + query.order() + " LIMIT ? OFFSET ?",
                row -> row.getString("detail"),
                where.with(50, 100));

        assertEquals(1, plan.size(), plan.toString());
        assertTrue(plan.get(0).contains(index), plan.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "state=odd",
                "state=STUCK",
                "clone=yes",
                "limit=0",
                "limit=-1",
                "limit=10001",
                "limit=x",
                "last_seen_from=yesterday",
                "last_seen_to=2026-02-30",
                "first_seen_from=2026-01-01T00:00:00",
                "first_seen_to=2026-01-01T24:01Z",
                "first_seen_from=2026-01-01T00:00:00+01:00",
                "columns=odd",
                "image=abc",
                "search=1 2 3 4 5 6 7 8 9 10 11",
                "sort=usual_gap_seconds,limit=1",
                "first_seen_from=+999999999-01-01"
            })
    void refuses(String parameter) {
        assertThrows(FuotaException.class, () -> FleetQuery.parse(parameters(parameter), clock.instant(), ANY));
    }

    @Test
    void refusesTimesInTheWrongOrder() {
        FuotaException refused = assertThrows(
                FuotaException.class,
                () -> FleetQuery.parse(
                        parameters("last_seen_from=2026-01-01,last_seen_to=2026-01-01T00:00Z"), clock.instant(), ANY));

        assertEquals("last_seen_from must be before last_seen_to", refused.getMessage());
    }

    @Test
    void takesTheLargestLimit() {
        assertEquals(
                10_000,
                FleetQuery.parse(parameters("limit=10000"), clock.instant(), ANY)
                        .limit());
    }

    @Test
    void tellsAllByTheirIdsThoughTheyFillManyPages() {
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

        assertEquals(String.join(" ", expected), ids("prefix=x", 1000));
    }

    @Test
    void counts() {
        look();
        assertEquals(
                "{unseen=1, waiting=1, offered=1, updated=1, reverted=0, stuck=0, updated_silent=0, silent=1, unavailable=2, discovered=0}",
                fleet.countByState().toString());
    }

    /** However the address and the ids are punctuated, from the middle of a pair too. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    246f28             | 24-6F-28-00-00-02 246F28000003 24:6f:28:00:00:01 x-246f28
                    24:6F:28           | 24-6F-28-00-00-02 246F28000003 24:6f:28:00:00:01 x-246f28
                    24-6f-28           | 24-6F-28-00-00-02 246F28000003 24:6f:28:00:00:01 x-246f28
                    246F.28            | 24-6F-28-00-00-02 246F28000003 24:6f:28:00:00:01 x-246f28
                    24 6f 28           | 24-6F-28-00-00-02 24.6f.28 246F28000003 24:6f:28:00:00:01 x-246f28
                    4:6f2              | 2-46f28 24-6F-28-00-00-02 246F28000003 24:6f:28:00:00:01 x-246f28
                    f280000            | 24-6F-28-00-00-02 246F28000003 24:6f:28:00:00:01
                    "24:6f:28"         | 24:6f:28:00:00:01
                    246f28 00-00-01    | 24:6f:28:00:00:01
                    24:6               | 24:6f:28:00:00:01
                    28.0000.02         | 24-6F-28-00-00-02
                    """)
    void searchesForAddresses(String text, String ids) {
        for (String id :
                List.of("24:6f:28:00:00:01", "24-6F-28-00-00-02", "246F28000003", "x-246f28", "2-46f28", "24.6f.28")) {
            device(id, "", "0 1 unknown_device");
        }

        assertEquals(ids, ids("limit=9,search=" + text, 9));
    }

    @Test
    void countsByImageAndByGroup() {
        offeredImages();
        device("t", "", "20 1 offered b.bin; 21 2; 22 2 offered a.bin");
        device("u", "", "20 1 offered a.bin; 21 2; 22 1");
        device("v", "", "20 1 offered c.bin; 21 2");
        for (String row : List.of("lab t", "lab b2", "canary b2", "canary never", "empty none")) {
            database.update(
                    "INSERT INTO board_group (name, device_id) VALUES (?, ?)", row.split(" ")[0], row.split(" ")[1]);
        }
        look();
        String a = "a".repeat(64);
        String b = "b".repeat(64);
        String c = "c".repeat(64);

        assertEquals(
                "{=7, %s=1, %s=1, %s=1}".formatted(a, b, c),
                fleet.countByImage(Where.ALL).toString());
        assertEquals(
                "{=8, ESP32=1, ESP32-C3=1}",
                fleet.countByImageFact("chip", Where.ALL).toString());
        assertEquals(
                "{=8, lamp=2}", fleet.countByImageFact("project", Where.ALL).toString());
        assertEquals("{canary=1, lab=2}", fleet.countByGroup(Where.ALL).toString());
        Where tOnly =
                FleetQuery.parse(parameters("prefix=t"), clock.instant(), ANY).where();
        assertEquals("{lab=1}", fleet.countByGroup(tOnly).toString());
        assertEquals("{%s=1}".formatted(b), fleet.countByImage(tOnly).toString());
        assertEquals("b2", ids("limit=9,image=" + a, 9));
        assertEquals("t", ids("limit=9,image=" + b.toUpperCase(Locale.ROOT), 9));
        assertEquals("", ids("limit=9,image=" + "0".repeat(64), 9));
    }

    private void offeredImages() {
        database.update(
                "INSERT INTO offered_image (sha256, chip, project) VALUES (?, 'ESP32', 'lamp')", "a".repeat(64));
        database.update(
                "INSERT INTO offered_image (sha256, chip, project) VALUES (?, 'ESP32-C3', 'lamp')", "b".repeat(64));
    }

    @Test
    void searchesInEitherCase() {
        device("\u00c9X", "", "0 1 unknown_device");

        for (String text : List.of("\u00c9x", "\u00e9X", "\u00e9x")) {
            assertEquals("\u00c9X", ids("limit=9,search=" + text, 9), text);
        }
    }

    @Test
    void countsWhatAFilterTakes() {
        look();
        Where where = FleetQuery.parse(parameters("prefix=b,by=version"), clock.instant(), ANY)
                .where();

        assertEquals("{1=3, 2=1}", fleet.countByVersion(where).toString());
        assertEquals("{=2, 1=4, 2=1}", fleet.countByVersion(Where.ALL).toString());
    }

    /** So that many consoles cost no more than one. */
    @Test
    void countsAnewOnlyAfterAMoment() {
        look();
        assertEquals(1, fleet.countByState().get("unseen"));
        device("new", "1>a.bin", "");
        look();

        clock.advance(Duration.ofMillis(1_999));
        assertEquals(1, fleet.countByState().get("unseen"));
        assertEquals(
                1,
                fleet.countByState(FleetQuery.parse(parameters("prefix=n"), clock.instant(), ANY)
                                .where())
                        .get("unseen"),
                "another question");
        clock.advance(Duration.ofMillis(1));
        assertEquals(2, fleet.countByState().get("unseen"));
    }

    /** As a newer server may have written it. */
    @Test
    void tellsAnAnswerThatItDoesNotKnowAsUnknown() {
        database.update("UPDATE device_status SET answer = 'postponed' WHERE device_id = 'b1'");

        FleetDevice device = fleet.find("b1").orElseThrow();
        assertEquals(State.OFFERED, device.conclusion().state());
        assertNull(DeviceReport.line(List.of("answer"), device, clock.instant())[0]);
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
        database.transaction(transaction -> {
            history.add(
                    transaction,
                    List.of(
                            new HistoryEvent(
                                    clock.instant(), "b1", null, EventKind.ASSIGNED, null, "x", "admin", "::1"),
                            new HistoryEvent(clock.instant(), "b1", null, EventKind.SEEN, null, "1", null, "::1")));
            return 1;
        });
        Actor actor = new Actor("admin", "10.0.0.9");

        look();

        assertEquals(1, fleet.forget(List.of("b1", "a"), Set.of(), actor));

        assertEquals("b1", ids("state=unseen,prefix=b", 9));
        assertNull(fleet.find("b1").orElseThrow().status());
        assertEquals(
                List.of(
                        "forgotten device b1, by admin, from 10.0.0.9",
                        "assigned device b1, after: x, by admin, from ::1"),
                history.ofDevice("b1", 9).stream().map(HistoryEvent::toString).toList());
        assertEquals(0, fleet.forget(List.of("b1"), Set.of(), actor));
        assertEquals(1, fleet.forget(List.of("ba"), Set.of(), actor));
        assertEquals(Optional.empty(), fleet.find("ba"));
    }

    @Test
    void knowsTheVersionThatMostDevicesReported() {
        ReportStore store = new ReportStore(database);
        for (String report : List.of("2 a", "3 a", "3 b", "2 b", "4 c")) {
            clock.advance(Duration.ofSeconds(1));
            database.transaction(transaction -> {
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
                Optional.ofNullable(database.connected(statements -> fleet.find(statements, List.of("w", "x")))
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
        look();

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
        DeviceStatus status = null;
        for (Sighting sighting : Script.sightings(polls)) {
            status = (status == null ? DeviceStatus.first(id, sighting) : status.after(sighting)).status();
        }
        if (status != null) {
            FleetDevice polled = new FleetDevice(id, null, null, status, new Conclusion(State.DISCOVERED, null, null));
            DeviceStore store = new DeviceStore(database);
            store.transaction(transaction -> {
                store.write(transaction, Map.of(), List.of(polled));
                return polled;
            });
        }
    }

    /** As the server does now and then, for what was changed by hand. */
    private void look() {
        fleet.lookAtAll();
        fleet.tick();
    }

    /** All devices of a query, page by page where there is no order, parted by spaces. */
    private String ids(String text, int limit) {
        look();
        FleetQuery query = FleetQuery.parse(parameters(text), clock.instant(), ANY);
        List<String> ids = new ArrayList<>();
        List<FleetDevice> page = fleet.page(query, limit);
        while (!page.isEmpty()) {
            page.forEach(device -> ids.add(device.deviceId()));
            page = query.limit() > 0 ? List.of() : fleet.page(query.after(ids.get(ids.size() - 1)), limit);
        }
        return String.join(" ", ids);
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String parameter : query.isEmpty() ? new String[0] : query.split(",")) {
            parameters.put(parameter.split("=")[0], parameter.split("=")[1]);
        }
        return parameters;
    }

    private Fleet fleet() {
        States states = new States(
                FleetSettings.DEFAULT,
                path -> path.value().length() == "a.bin".length(),
                new ServedTime(database, clock, clock::nanoTime));
        return new Fleet(database, new HistoryStore(database), states, clock, clock::nanoTime);
    }
}
