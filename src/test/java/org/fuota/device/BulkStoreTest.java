package org.fuota.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.fuota.error.FuotaException;
import org.fuota.file.Advice;
import org.fuota.file.FilePath;
import org.fuota.history.Actor;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;
import org.fuota.http.EntityTag;
import org.fuota.http.Preconditions;
import org.fuota.poll.AssignedUpdateStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag(TestDatabase.TAG)
class BulkStoreTest {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");
    private static final Actor BULK = new Actor("bulk", "::1");
    private static final Actor OTHER = new Actor("other", "::2");
    private static final Preconditions ANY = new Preconditions("PUT", name -> List.of(), AT);
    /** Of more than two slices. */
    private static final int DEVICES = 1_200;

    @TempDir
    Path folder;

    private BasicDataSource pool = new BasicDataSource();
    private Database database = new Database(pool);
    private HistoryStore history = new HistoryStore(database);
    private AssignmentStore store = new AssignmentStore(database);
    private BulkStore bulks = bulks();
    private Assignments assignments = assignments();

    @BeforeEach
    void open() {
        pool = TestDatabase.pool(folder);
        database = new Database(pool);
        history = new HistoryStore(database);
        store = new AssignmentStore(database);
        bulks = bulks();
        assignments = assignments();
        assign("1", "a.bin", ids(0, 800));
    }

    @AfterEach
    void close() throws Exception {
        pool.close();
    }

    /** Devices of which some had an assignment, one has just this one already, and one loses its own. */
    @Test
    void countsAllAtOnce() {
        assign("2", "b.bin", List.of("000700"));
        List<String> before = all();
        List<String> after = Stream.of(rows("1", "a.bin", ids(0, 200)), rows("2", "b.bin", ids(201, DEVICES)))
                .flatMap(List::stream)
                .toList();

        BulkStore.Staging bulk = bulks.begin(BULK, AT);
        bulk.withdraw(List.of("000200"));
        stage(bulk, lines("2", "b.bin", ids(201, DEVICES)));
        assertEquals(before, all(), "staged");

        assertEquals(Optional.of("done"), bulks.publish(bulk, transaction -> Optional.of("done")));
        int slices = 0;
        do {
            assertEquals(after, all(), "published, and " + slices + " slices moved");
            assertEquals(Map.of("a.bin", 200L, "b.bin", 999L), store.devicesByFile());
            assertEquals(999, store.count("b.bin"));
            assertEquals(List.of("000201", "000202"), idsOf("b.bin", null));
            assertEquals(List.of("000800", "000801"), idsOf("b.bin", "000799"));
            assertFalse(store.isAssigned("000200", "a.bin"));
            assertTrue(store.isAssigned("000201", "b.bin"));
            assertFalse(store.isAssigned("000201", "a.bin"));
            assertEquals("[2, b.bin]", polled("001199"));
            assertEquals("[1, a.bin]", polled("000199"));
            assertEquals("nothing", polled("000200"));
            slices++;
        } while (database.transaction(bulks::moveSome));

        assertEquals(3, slices);
        assertEquals(after, all());
        assertEquals(after, kept("device_app", "app_ver", "update_file_path"));
        assertEquals(after, kept("device_status", "row_app_ver", "row_file"), "what is concluded of it");
        assertEquals(
                999 - 1,
                database.queryOne(
                                "SELECT COUNT(*) FROM device_status WHERE assigned_at = ?",
                                row -> row.getInt(1),
                                AT.toEpochMilli())
                        .orElseThrow(),
                "since when, but of the one that had it already");
        assertEquals(0, left());
        assertEquals(
                List.of("withdrawn a.bin to version 1 -> null by bulk"),
                events("000200").subList(0, 1));
        assertEquals(
                List.of("assigned a.bin to version 1 -> b.bin to version 2 by bulk"),
                events("000201").subList(0, 1));
        assertEquals(List.of("assigned null -> b.bin to version 2 by bulk"), events("000800"));
        assertEquals("other", events("000700").get(0).replaceAll(".* ", ""), "it changed nothing");
        assertEquals(AT, history.ofDevice("000201", 1).get(0).at());
    }

    @Test
    void movesWhatIsChangedOneByOneBefore() {
        publish(lines("2", "b.bin", ids(0, DEVICES)));

        assignments.assign(Bulk.ofOne(list("3", "c.bin", List.of("000001")), false, ANY), OTHER);
        assertTrue(assignments.withdraw("000002", ANY, OTHER).isPresent());
        assertEquals(DEVICES - 2 + 1, left(), "the rest is still staged");
        assertEquals(DEVICES - 2, assignments.withdrawAll("b.bin", true, OTHER));

        assertEquals(
                List.of(
                        "assigned b.bin to version 2 -> c.bin to version 3 by other",
                        "assigned a.bin to version 1 -> b.bin to version 2 by bulk",
                        "assigned null -> a.bin to version 1 by other"),
                events("000001"));
        assertEquals(
                List.of(
                        "withdrawn b.bin to version 2 -> null by other",
                        "assigned a.bin to version 1 -> b.bin to version 2 by bulk",
                        "assigned null -> a.bin to version 1 by other"),
                events("000002"));
        bulks.goOn(AT);
        assertEquals("[3, c.bin]", polled("000001"), "nothing of the bulk comes after it");
        assertEquals("nothing", polled("000002"));
        assertEquals("[2, b.bin]", polled("000003"));
    }

    @Test
    void movesAllBeforeTheNextIsPublished() {
        publish(lines("2", "b.bin", ids(0, DEVICES)));

        BulkReport report = assign("3", "c.bin", ids(600, DEVICES));

        assertEquals(600, report.changes().changed);
        assertEquals(
                Stream.of(rows("2", "b.bin", ids(0, 600)), rows("3", "c.bin", ids(600, DEVICES)))
                        .flatMap(List::stream)
                        .toList(),
                all());
        assertEquals(0, left());
        assertEquals(
                List.of(
                        "assigned b.bin to version 2 -> c.bin to version 3 by other",
                        "assigned null -> b.bin to version 2 by bulk"),
                events("001000"));
    }

    @Test
    void goesOnWithWhatAnotherServerHasPublished() {
        publish(lines("2", "b.bin", ids(0, DEVICES)));

        assignments().goOn();

        assertEquals(0, left());
        assertEquals(rows("2", "b.bin", ids(0, DEVICES)), kept("device_app", "app_ver", "update_file_path"));
    }

    @Test
    void dropsWhatIsNotPublished() {
        List<String> before = all();

        assertThrows(
                IllegalStateException.class,
                () -> bulks.publish(BULK, AT, bulk -> {
                    stage(bulk, lines("2", "b.bin", ids(0, DEVICES)));
                    throw new IllegalStateException("as asked");
                }));
        assertEquals(0, left());
        assertEquals(before, all());

        stage(bulks.begin(BULK, AT), lines("2", "b.bin", ids(0, DEVICES)));
        bulks.goOn(AT.plus(Duration.ofDays(1)));
        assertEquals(DEVICES + 1, left(), "somebody may still be staging it");
        bulks.goOn(AT.plus(Duration.ofDays(1)).plusMillis(1));
        assertEquals(0, left());
        assertEquals(before, all());
    }

    /** As when the connection breaks at the commit, which the database has done. */
    @Test
    void keepsWhatIsPublishedThoughThatSeemedToFail() {
        List<String> rounds = new ArrayList<>();

        bulks.publish(BULK, AT, bulk -> {
            rounds.add("staged");
            bulk.add(lines("2", "b.bin", ids(0, 1).subList(0, rounds.size() == 1 ? 1 : 0)));
            return transaction -> {
                boolean isFirst = rounds.size() == 1;
                transaction.update("UPDATE bulk SET published = ?", isFirst ? 1 : 0);
                return isFirst ? Optional.empty() : Optional.of(true);
            };
        });

        assertEquals("[2, b.bin]", polled("000000"));
        assertEquals(0, left());
    }

    @Test
    void knowsSinceWhenThoughItWasLookedAtBeforeItWasMoved() {
        publish(lines("2", "b.bin", ids(0, 1)));
        database.transaction(
                transaction -> transaction.update(
                        "UPDATE device_status SET row_app_ver = '2', row_file = 'b.bin', assigned_at = NULL WHERE device_id = '000000'"));

        bulks.goOn(AT);

        assertEquals(
                Optional.of(AT.toEpochMilli()),
                database.queryOne(
                        "SELECT assigned_at FROM device_status WHERE device_id = '000000'", row -> row.getLong(1)));
    }

    @Test
    void beginsAgainWhenItIsNoLongerAsItWas() {
        List<String> rounds = new ArrayList<>();

        String said = bulks.publish(BULK, AT, bulk -> {
            rounds.add("staged");
            stage(bulk, lines("2", "b.bin", ids(0, DEVICES)));
            return transaction -> rounds.size() == 1 ? Optional.empty() : Optional.of("published");
        });

        assertEquals("published", said);
        assertEquals(List.of("staged", "staged"), rounds);
        assertEquals(rows("2", "b.bin", ids(0, DEVICES)), all());
        assertEquals(0, left());
    }

    @Test
    void knowsWhatUsersHaveChangedSinceItBegan() {
        BulkStore.Staging bulk = bulks.begin(BULK, AT);
        stage(bulk, lines("2", "b.bin", List.of("000001")));
        assertFalse(hasChanged(bulk));

        add(event("000001", null, EventKind.VERSION, null));
        assertFalse(hasChanged(bulk), "by a poll");
        assign("3", "c.bin", List.of("000002"));
        assertFalse(hasChanged(bulk), "another device");
        assign("3", "c.bin", List.of("000001"));
        assertTrue(hasChanged(bulk));
        BulkStore.Staging later = bulks.begin(BULK, AT);
        assertFalse(hasChanged(later), "before it began");
        add(event(null, "c.bin", EventKind.UPLOADED, "other"));
        assertTrue(hasChanged(later), "an update file");
    }

    @Test
    void leavesWhatIsAssignedWhileAFileIsWithdrawn() {
        BulkStore.Staging bulk = bulks.begin(BULK, AT);
        bulk.withdraw(ids(0, 800));
        assign("3", "c.bin", List.of("000001"));

        assertEquals(Optional.of(1), bulks.publish(bulk, t -> Optional.of(bulk.dropChanged(t))));

        assertEquals(List.of("000001,3,c.bin"), all());
        bulks.goOn(AT);
        assertEquals(List.of("000001,3,c.bin"), all());
    }

    @Test
    void withdrawsManyAndFew() {
        assign("3", "c.bin", ids(1_000, 1_300));

        assertEquals(800, assignments.withdrawAll("a.bin", false, BULK));
        assertEquals(rows("3", "c.bin", ids(1_000, 1_300)), all());
        assertEquals(0, left());
        assertEquals(300, assignments.withdrawAll("c.bin", false, BULK));
        assertEquals(0, assignments.withdrawAll("c.bin", false, BULK));

        assertEquals(List.of(), all());
        assertEquals(
                "withdrawn a.bin to version 1 -> null by bulk", events("000799").get(0));
        assertEquals(
                "withdrawn c.bin to version 3 -> null by bulk", events("001299").get(0));
    }

    @Test
    void withdrawsWhatManyBoardsHave() {
        assign("3", "c.bin", ids(1_000, 1_300));
        BoardsReport preview = assignments.withdraw(boards(true, null, ids(700, 1_100)), BULK);
        assertEquals(
                "{dry_run=true, boards=400, changed=200, unchanged=200,"
                        + " first_ids=[000700, 000701, 000702, 000703, 000704], seen_within_a_day=0}",
                preview.fields().toString());
        assertEquals(
                preview.basis(),
                assignments
                        .withdraw(boards(true, preview.basis(), ids(700, 1_100)), BULK)
                        .basis());

        BoardsReport report = assignments.withdraw(boards(false, preview.basis(), ids(700, 1_100)), BULK);

        assertEquals(
                "withdrawn from: 200 of 400 boards; the others had no assignment",
                report.sentence("withdrawn from", "had no assignment"));
        assertEquals(
                Stream.concat(rows("1", "a.bin", ids(0, 700)).stream(), rows("3", "c.bin", ids(1_100, 1_300)).stream())
                        .toList(),
                all());
        assertEquals(0, left());
        assertEquals(
                "withdrawn c.bin to version 3 -> null by bulk", events("001099").get(0));
        assertEquals(0, events("000900").size(), "nothing changed, so there is nothing to keep");
    }

    /** The tag is of the ids, and of what they are assigned. */
    @Test
    void withdrawsNothingWhenThePreviewDoesNotHold() {
        List<String> some = List.of("000001", "000900");
        EntityTag preview = assignments.withdraw(boards(true, null, some), BULK).basis();
        assertEquals(
                "the request's If-Match names no preview of it", refused(boards(false, preview, List.of("000001"))));
        assertEquals(
                "the request's If-Match names no preview of it",
                refused(new BoardsRequest(BoardList.of(some), false, Optional.of(List.of()))));

        assign("2", "b.bin", List.of("000900"));

        String refusal = refused(boards(false, preview, some));
        assertTrue(
                refusal.startsWith("since the preview, device 000900 was assigned b.bin to version 2, by other at "),
                refusal);
        EntityTag again = assignments.withdraw(boards(true, null, some), BULK).basis();
        assign("2", "b.bin", List.of("000001"));
        refusal = refused(boards(false, again, some));
        assertTrue(
                refusal.startsWith("since the preview, device 000001 was assigned b.bin to version 2, by other at "),
                refusal);
        assertEquals(801, all().size());
    }

    private String refused(BoardsRequest request) {
        return assertThrows(FuotaException.class, () -> assignments.withdraw(request, BULK))
                .sentence();
    }

    private static BoardsRequest boards(boolean isDryRun, @Nullable EntityTag preview, List<String> ids) {
        return new BoardsRequest(
                BoardList.of(ids), isDryRun, Optional.ofNullable(preview).map(List::of));
    }

    /** Who asks for one on a condition that doesn't hold is refused, though nothing would change. */
    @Test
    void asksForTheConditionsAlsoOfWhatIsTheSameAlready() {
        AssignmentList same = list("1", "a.bin", List.of("000000"));
        Preconditions isNew =
                new Preconditions("PUT", name -> name.equals("If-None-Match") ? List.of("*") : List.of(), AT);

        assertThrows(FuotaException.class, () -> assignments.assign(Bulk.ofOne(same, false, isNew), OTHER));
    }

    @Test
    void writesNothingWhereNothingChanges() {
        assign("1", "a.bin", ids(0, 800));

        assertEquals(1, events("000000").size());
        assertEquals(0, left());
    }

    private void add(HistoryEvent event) {
        database.transaction(transaction -> {
            history.add(transaction, event);
            return event;
        });
    }

    private static HistoryEvent event(
            @Nullable String deviceId, @Nullable String path, EventKind kind, @Nullable String user) {
        return new HistoryEvent(AT, deviceId, path, kind, null, "x", user, "::1");
    }

    private boolean hasChanged(BulkStore.Staging bulk) {
        return database.transaction(bulk::hasChanged);
    }

    private void publish(List<DeviceRow> lines) {
        BulkStore.Staging bulk = bulks.begin(BULK, AT);
        stage(bulk, lines);
        bulks.publish(bulk, transaction -> Optional.of(true));
        assertEquals(lines.size() + 1, left());
    }

    private static void stage(BulkStore.Staging bulk, List<DeviceRow> lines) {
        for (int from = 0; from < lines.size(); from += BulkStore.SLICE) {
            bulk.add(lines.subList(from, Math.min(from + BulkStore.SLICE, lines.size())));
        }
    }

    private BulkReport assign(String version, String path, List<String> ids) {
        return assignments.assign(
                new Bulk(list(version, path, ids), null, null, false, false, Optional.empty(), null), OTHER);
    }

    private static AssignmentList list(String version, String path, List<String> ids) {
        String csv =
                ids.stream().map(id -> id + "," + version + "," + path + "\n").collect(Collectors.joining());
        try {
            return new AssignmentReader(new StringReader(csv), ids.size(), AssignmentReader.Kind.MANY, false).read();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> ids(int from, int to) {
        return IntStream.range(from, to).mapToObj("%06d"::formatted).toList();
    }

    private static List<String> rows(String version, String path, List<String> ids) {
        return ids.stream().map(id -> id + "," + version + "," + path).toList();
    }

    private static List<DeviceRow> lines(String version, String path, List<String> ids) {
        return ids.stream().map(id -> new DeviceRow(id, version, path)).toList();
    }

    private List<String> all() {
        List<String> rows = new ArrayList<>();
        try {
            store.forEach(row -> rows.add(row.deviceId() + "," + row.appVersion() + "," + row.updateFilePath()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return rows;
    }

    private List<String> kept(String table, String version, String path) {
        return database.query(
                "SELECT device_id, %s, %s FROM %s ORDER BY device_id".formatted(version, path, table),
                row -> row.getString(1) + "," + row.getString(2) + "," + row.getString(3));
    }

    private List<String> idsOf(String path, @Nullable String after) {
        return store.idsOf(path, after, 2);
    }

    private String polled(String deviceId) {
        return new AssignedUpdateStore(database, sha256 -> true)
                .find(new DeviceId(deviceId))
                .map(update -> List.of(update.row().appVersion(), update.row().updateFilePath())
                        .toString())
                .orElse("nothing");
    }

    private List<String> events(String deviceId) {
        return history.ofDevice(deviceId, 10).stream()
                .map(event ->
                        event.kind().label() + " " + event.before() + " -> " + event.after() + " by " + event.user())
                .toList();
    }

    /** Bulks and lines that are on their way. */
    private int left() {
        return database.queryOne(
                        "SELECT (SELECT COUNT(*) FROM bulk) + (SELECT COUNT(*) FROM bulk_line)", row -> row.getInt(1))
                .orElseThrow();
    }

    private BulkStore bulks() {
        return new BulkStore(database, new AssignmentWriter(history, TestFleet.of(database)), history);
    }

    private Assignments assignments() {
        return new Assignments(
                database,
                store,
                history,
                TestFleet.of(database),
                (file, device) -> new Advice(Optional.empty(), List.of()),
                (FilePath file) -> Optional.empty(),
                Clock.systemUTC());
    }
}
