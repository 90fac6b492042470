package org.fuota.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.TestClock;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.fuota.device.AppVersion;
import org.fuota.device.AssignmentStore;
import org.fuota.device.Assignments;
import org.fuota.device.BoardList;
import org.fuota.device.BoardsReport;
import org.fuota.device.BoardsRequest;
import org.fuota.device.DeviceId;
import org.fuota.error.FuotaException;
import org.fuota.evidence.FleetSettings;
import org.fuota.evidence.Script;
import org.fuota.evidence.State;
import org.fuota.file.Advice;
import org.fuota.file.FilePath;
import org.fuota.history.Actor;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;
import org.fuota.http.EntityTag;
import org.fuota.poll.Poll;
import org.fuota.poll.PollAnswer;
import org.fuota.served.ServedTime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag(TestDatabase.TAG)
class BoardActsTest {
    private static final Actor ADMIN = new Actor("admin", "::1");
    /** Of more than two slices. */
    private static final int BOARDS = 1_200;

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock(Script.START);
    private BasicDataSource pool = new BasicDataSource();
    private Database database = new Database(pool);
    private HistoryStore history = new HistoryStore(database);
    private PollRecorder recorder = recorder();
    private Fleet fleet = fleet();
    private BoardActs acts = acts();

    @BeforeEach
    void open() {
        pool = TestDatabase.pool(folder);
        database = new Database(pool);
        history = new HistoryStore(database);
        recorder = recorder();
        fleet = fleet();
        acts = acts();
    }

    @AfterEach
    void close() throws Exception {
        pool.close();
    }

    @Test
    void forgetsManyButForTheirAssignments() {
        ids(0, BOARDS).forEach(this::poll);
        recorder.flush();
        clock.advance(Duration.ofDays(2));
        database.update("INSERT INTO device_app (device_id, app_ver, update_file_path) VALUES ('b0001', '2', 'a.bin')");
        fleet.lookAtAll();
        fleet.tick();
        List<String> asked = Stream.concat(ids(1, BOARDS).stream(), Stream.of("never-1", "never-2"))
                .toList();
        poll("b0002");

        BoardsReport preview = acts.forget(request(true, null, asked), ADMIN);
        assertEquals(
                "1201 1199 [b0001, b0002, b0003, b0004, b0005] 1",
                preview.boards() + " " + preview.changed() + " " + preview.firstIds() + " " + preview.seenWithinADay());
        assertEquals(BOARDS, polled(), "nothing has changed");
        // It was known before.
        poll("b0003");
        assertEquals(
                1_199,
                acts.forget(request(false, preview.basis(), asked), ADMIN).changed());

        recorder.flush();
        assertEquals(1, polled());
        assertEquals("2", fleet.find("b0001").orElseThrow().row().appVersion());
        assertEquals(
                List.of("b0001 " + State.UNSEEN.ordinal()),
                database.query(
                        "SELECT device_id, state FROM device_status WHERE row_file IS NOT NULL ORDER BY device_id",
                        row -> row.getString(1) + " " + row.getLong(2)),
                "what it is now is kept at once");
        assertEquals(Optional.empty(), fleet.find("b0002"));
        assertEquals(
                List.of("forgotten device b0003, by admin, from ::1"),
                history.ofDevice("b0003", 9).stream()
                        .map(HistoryEvent::toString)
                        .toList());
        assertEquals(List.of(), history.ofDevice("never-1", 9));
        assertEquals(0, acts.forget(request(false, null, asked), ADMIN).changed());
    }

    @Test
    void forgetsNothingWhenThePreviewDoesNotHold() {
        poll("a");
        List<String> asked = List.of("a", "b", "c");
        EntityTag preview = acts.forget(request(true, null, asked), ADMIN).basis();
        assertEquals(
                "the request's If-Match names no preview of it", refused(request(false, preview, List.of("a", "b"))));

        poll("c");
        String refusal = refused(request(false, preview, asked));
        assertTrue(refusal.startsWith("since the preview, device c has reported version 1 at "), refusal);
        assertEquals(refusal, refused(request(true, preview, asked)), "a preview may be conditional, too");

        EntityTag again = acts.forget(request(true, null, asked), ADMIN).basis();
        acts.forget(request(false, null, List.of("a")), ADMIN);
        String forgotten = refused(request(false, again, asked));
        assertTrue(forgotten.startsWith("since the preview, device a was forgotten, by admin at "), forgotten);
        assertEquals(1, polled());
    }

    private String refused(BoardsRequest request) {
        return assertThrows(FuotaException.class, () -> acts.forget(request, ADMIN))
                .sentence();
    }

    private long polled() {
        return database.queryOne(
                        "SELECT COUNT(*) FROM device_status WHERE last_seen IS NOT NULL", row -> row.getLong(1))
                .orElse(0L);
    }

    private void poll(String id) {
        recorder.accept(new Poll(
                new DeviceId(id), new AppVersion("1"), PollAnswer.UNKNOWN_DEVICE, null, clock.instant(), "::1"));
    }

    private static List<String> ids(int from, int to) {
        return IntStream.range(from, to).mapToObj("b%04d"::formatted).toList();
    }

    private static BoardsRequest request(boolean isDryRun, @Nullable EntityTag preview, List<String> ids) {
        return new BoardsRequest(
                BoardList.of(ids), isDryRun, Optional.ofNullable(preview).map(List::of));
    }

    private States states() {
        return new States(FleetSettings.DEFAULT, path -> true, new ServedTime(database, clock, clock::nanoTime));
    }

    private PollRecorder recorder() {
        return new PollRecorder(database, history, (transaction, told) -> {}, states(), clock::nanoTime);
    }

    private Fleet fleet() {
        return new Fleet(database, history, states(), clock, clock::nanoTime);
    }

    private BoardActs acts() {
        Assignments assignments = new Assignments(
                database,
                new AssignmentStore(database),
                history,
                fleet,
                (file, device) -> new Advice(Optional.empty(), List.of()),
                (FilePath file) -> Optional.empty(),
                clock);
        return new BoardActs(fleet, recorder, assignments, history, clock);
    }
}
