package org.fuota.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.TestClock;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.fuota.device.BoardList;
import org.fuota.device.BoardsReport;
import org.fuota.device.BoardsRequest;
import org.fuota.error.FuotaException;
import org.fuota.history.Actor;
import org.fuota.history.HistoryStore;
import org.fuota.http.EntityTag;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag(TestDatabase.TAG)
class GroupsTest {
    private static final Actor ADMIN = new Actor("admin", "::1");
    private static final RolloutName CANARY = new RolloutName("canary");
    private static final RolloutName LAB = new RolloutName("lab");

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock(Instant.parse("2026-03-01T10:20:00Z"));
    private BasicDataSource pool = new BasicDataSource();
    private Groups groups = groups();

    @BeforeEach
    void open() {
        pool = TestDatabase.pool(folder);
        groups = groups();
    }

    @AfterEach
    void close() throws Exception {
        pool.close();
    }

    /** Of more than two slices. */
    @Test
    void takesManyInAndOut() {
        assertEquals("1200 1200", told(groups.join(CANARY, request(false, null, ids(0, 1_200)), ADMIN)));
        groups.join(LAB, request(false, null, ids(0, 10)), ADMIN);
        assertEquals("1100 0", told(groups.join(CANARY, request(false, null, ids(100, 1_200)), ADMIN)));
        assertEquals("1210 10", told(groups.join(CANARY, request(false, null, ids(0, 1_210)), ADMIN)));

        assertEquals("1300 1205", told(groups.leave(CANARY, request(false, null, ids(5, 1_305)), ADMIN)));

        assertEquals(ids(0, 5), groups.store().idsAfter("canary", "", 99));
        assertEquals(ids(0, 10), groups.store().idsAfter("lab", "", 99));
    }

    /** Somebody else may have put some of them into it since they were looked at. */
    @Test
    void takesInOnceWhatIsInMeanwhile() {
        groups.join(CANARY, request(false, null, ids(0, 2)), ADMIN);

        int added = new Database(pool).transaction(transaction -> groups.store().add(transaction, "canary", ids(1, 4)));

        assertEquals(2, added);
        assertEquals(ids(0, 4), groups.store().idsAfter("canary", "", 99));
    }

    @Test
    void tellsBeforeAndDoesOnlyWhatItTold() {
        groups.join(CANARY, request(false, null, ids(0, 3)), ADMIN);
        BoardsReport join = groups.join(CANARY, request(true, null, ids(2, 6)), ADMIN);
        BoardsReport leave = groups.leave(CANARY, request(true, null, ids(2, 6)), ADMIN);
        assertEquals("4 3 [b0003, b0004, b0005]", told(join) + " " + join.firstIds());
        assertEquals("4 1 [b0002]", told(leave) + " " + leave.firstIds());
        assertEquals(ids(0, 3), groups.store().idsAfter("canary", "", 99), "nothing has changed");

        for (BoardsRequest other : List.of(
                request(false, leave.basis(), ids(2, 6)),
                request(false, join.basis(), ids(2, 7)),
                request(true, join.basis(), ids(3, 6)))) {
            assertEquals("the request's If-Match names no preview of it", refused(CANARY, other));
        }
        assertEquals(
                "the request's If-Match names no preview of it", refused(LAB, request(false, join.basis(), ids(2, 6))));
        // Others than these don't matter.
        groups.join(CANARY, request(false, null, ids(9, 10)), ADMIN);
        assertEquals("4 3", told(groups.join(CANARY, request(false, join.basis(), ids(2, 6)), ADMIN)));
        assertEquals(
                "since the preview, others of these boards are in group canary; look again",
                refused(CANARY, request(false, join.basis(), ids(2, 6))));
    }

    private String refused(RolloutName group, BoardsRequest request) {
        return assertThrows(FuotaException.class, () -> groups.join(group, request, ADMIN))
                .sentence();
    }

    private static String told(BoardsReport report) {
        return report.boards() + " " + report.changed();
    }

    private static BoardsRequest request(boolean isDryRun, @Nullable EntityTag preview, List<String> ids) {
        return new BoardsRequest(
                BoardList.of(ids), isDryRun, Optional.ofNullable(preview).map(List::of));
    }

    private static List<String> ids(int from, int to) {
        return IntStream.range(from, to).mapToObj("b%04d"::formatted).toList();
    }

    private Groups groups() {
        Database database = new Database(pool);
        return new Groups(
                database,
                new RolloutStore(database),
                new RunningRollouts(database, clock::instant, clock::nanoTime),
                new Journal(new HistoryStore(database), (transaction, event) -> {}),
                clock::instant);
    }
}
