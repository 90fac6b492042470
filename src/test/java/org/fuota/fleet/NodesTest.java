package org.fuota.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.commons.dbcp2.BasicDataSource;
import org.fuota.TestClock;
import org.fuota.db.Database;
import org.fuota.db.TestDatabase;
import org.fuota.device.AppVersion;
import org.fuota.device.DeviceId;
import org.fuota.evidence.DeviceStatus;
import org.fuota.evidence.FleetDevice;
import org.fuota.evidence.FleetSettings;
import org.fuota.evidence.Offer;
import org.fuota.evidence.Script;
import org.fuota.evidence.State;
import org.fuota.file.FilePath;
import org.fuota.history.EventKind;
import org.fuota.history.HistoryEvent;
import org.fuota.history.HistoryStore;
import org.fuota.poll.OfferedFile;
import org.fuota.poll.Poll;
import org.fuota.poll.PollAnswer;
import org.fuota.served.ServedTime;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same boards poll through three nodes on one PostgreSQL, by chance, and through one. The three write at once, and each of
 * them is late now and then; their clocks differ. In the end both have the same fleet, but for what is told by two polls that
 * come one after the other: since when (nobody knows what another node was told between), the gaps, and the changes of answer
 * and address, of which some aren't noticed.
 */
class NodesTest {
    private static final int BOARDS = 1_000;
    private static final int ROUNDS = 16;
    private static final int MAX_LATE = 4;
    private static final Duration ROUND = Duration.ofSeconds(60);
    private static final FleetSettings SETTINGS = new FleetSettings(3, Duration.ofMinutes(5), 5, 1_000_000);

    /** Of each there are as many as with one node. */
    private static final Set<EventKind> EXACT = EnumSet.of(
            EventKind.SEEN,
            EventKind.OFFERED,
            EventKind.UPDATED,
            EventKind.REVERTED,
            EventKind.VERSION,
            EventKind.CLONE);

    @TempDir
    Path folder;

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final TestClock clock = new TestClock(Script.START);
    private Random random = new Random();

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3})
    void endAsOneNodeDoes(int seed) throws Exception {
        random = new Random(seed);
        List<Board> boards = IntStream.range(0, BOARDS).mapToObj(Board::new).toList();
        try (Node one = new Node("one", 0);
                Node first = new Node("three", -1);
                Node second = new Node("three", 0);
                Node third = new Node("three", 1)) {
            List<Node> nodes = List.of(first, second, third);
            for (Node node : List.of(one, first)) {
                assign(node, boards);
            }
            int late = 0;
            int lateUntil = 0;
            for (int round = 0; round < ROUNDS; round++) {
                clock.advance(ROUND);
                if (round == lateUntil) {
                    late = random.nextInt(nodes.size());
                    lateUntil = round + 1 + random.nextInt(MAX_LATE);
                }
                for (Board board : shuffled(boards)) {
                    Poll poll = board.poll(round);
                    one.accept(poll);
                    nodes.get(random.nextInt(nodes.size())).accept(poll);
                }
                one.flush();
                boolean isLate = round + 1 < lateUntil && round + 1 < ROUNDS;
                int of = late;
                flush(nodes.stream()
                        .filter(node -> !isLate || node != nodes.get(of))
                        .toList());
            }
            for (Board board : boards) {
                assertEquals(one.told(board), second.told(board), () -> "seed " + seed + ", " + board.id);
            }
            assertEquals(one.states(), third.states());
            assertEquals(one.learned(), third.learned());
            Set<State> all = EnumSet.of(State.UPDATED, State.REVERTED, State.STUCK, State.WAITING, State.DISCOVERED);
            assertTrue(
                    one.states()
                            .keySet()
                            .containsAll(all.stream().map(State::label).toList()),
                    one.states().toString());
        }
    }

    private void assign(Node node, List<Board> boards) {
        node.database.transaction(transaction -> {
            for (Board board : boards) {
                if (board.kind != Kind.STRANGER) {
                    transaction.update(
                            "INSERT INTO device_app (device_id, app_ver, update_file_path) VALUES (?, '1', 'a.bin')",
                            board.id);
                }
            }
            return boards;
        });
        node.fleet.lookAtAll();
        node.fleet.tick();
        node.fleet.tick();
    }

    /** All at once. */
    private static void flush(List<Node> nodes) {
        CompletableFuture.allOf(nodes.stream()
                        .map(node -> CompletableFuture.runAsync(node::flush))
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    private List<Board> shuffled(List<Board> boards) {
        List<Board> shuffled = new ArrayList<>(boards);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    private enum Kind {
        IDLE,
        UPDATER,
        REVERTER,
        STUCK,
        STRANGER,
        ROAMER,
        CLONES
    }

    /** Its polls, one a round. */
    private final class Board {
        private final String id;
        private final Kind kind;
        private final int begins;
        private final int changes;

        Board(int number) {
            kind = Kind.values()[number % Kind.values().length];
            id = "%04d %s".formatted(number, kind.name().toLowerCase(Locale.ROOT));
            begins = 1 + random.nextInt(4);
            changes = begins + 1 + random.nextInt(4);
        }

        Poll poll(int round) {
            String version = switch (kind) {
                case IDLE, STUCK, STRANGER -> kind == Kind.STUCK ? "1" : "0";
                case UPDATER, ROAMER -> round < changes ? "1" : "2";
                // For longer than a node is late: what happens wholly within that isn't known for what it is.
                case REVERTER -> round < changes || round > changes + MAX_LATE ? "1" : "2";
                case CLONES -> String.valueOf(1 + round % 2);
            };
            boolean isOffered = version.equals("1") && (round >= begins || kind == Kind.CLONES);
            PollAnswer answer = kind == Kind.STRANGER
                    ? PollAnswer.UNKNOWN_DEVICE
                    : isOffered
                            ? PollAnswer.OFFERED
                            : random.nextInt(20) == 0 ? PollAnswer.TROUBLE : PollAnswer.NO_UPDATE;
            return new Poll(
                    new DeviceId(id),
                    new AppVersion(version),
                    answer,
                    isOffered ? new OfferedFile(new FilePath("a.bin"), "a".repeat(64), "ESP32", null, null) : null,
                    clock.instant(),
                    kind == Kind.ROAMER ? "10.0.0." + round : "10.0.0.1");
        }
    }

    private final class Node implements AutoCloseable {
        private final BasicDataSource pool;
        private final Database database;
        private final HistoryStore history;
        private final PollRecorder recorder;
        private final Fleet fleet;
        private final Clock own;

        /** @param ahead by how many seconds its clock is */
        Node(String name, int ahead) {
            pool = TestDatabase.postgresql(folder, name + suffix);
            database = new Database(pool);
            history = new HistoryStore(database);
            own = Clock.offset(clock, Duration.ofSeconds(ahead));
            long begun = random.nextLong() / 4;
            States states =
                    new States(SETTINGS, path -> true, new ServedTime(database, own, () -> begun + clock.nanoTime()));
            recorder = new PollRecorder(database, history, (transaction, told) -> {}, states, clock::nanoTime);
            fleet = new Fleet(database, history, states, own, clock::nanoTime);
        }

        void accept(Poll poll) {
            recorder.accept(new Poll(
                    poll.deviceId(),
                    poll.appVersion(),
                    poll.answer(),
                    poll.file(),
                    own.instant(),
                    poll.remoteAddress()));
        }

        void flush() {
            while (!recorder.flush()) {
                Thread.onSpinWait();
            }
            fleet.tick();
        }

        /** Without the clones, whose state is that of the one who polled last. */
        Map<String, Long> states() {
            return fleet.countByState(Where.ALL.and("device_id NOT LIKE ?", "%clones"));
        }

        List<String> learned() {
            return fleet.learnedVersions("a".repeat(64)).stream()
                    .map(Object::toString)
                    .toList();
        }

        String told(Board board) {
            FleetDevice device = fleet.find(board.id).orElseThrow();
            DeviceStatus status = Objects.requireNonNull(device.status());
            String polls = status.appVersion() + ", polls " + status.polls() + ", " + status.answer() + " from "
                    + status.remoteAddress();
            if (board.kind == Kind.CLONES) {
                return polls;
            }
            assertFalse(status.isClone(clock.instant()), board.id);
            Offer offer = status.offer();
            Map<EventKind, Integer> events = new TreeMap<>();
            for (HistoryEvent event : history.ofDevice(board.id, 1_000)) {
                if (EXACT.contains(event.kind())) {
                    events.merge(event.kind(), 1, Integer::sum);
                }
            }
            return device.conclusion().state() + " " + polls
                    + (offer == null
                            ? ""
                            : ", " + offer.file() + " x" + offer.count() + " to " + offer.updatedTo() + " "
                                    + (offer.revertedAt() != null))
                    + ", " + events;
        }

        @Override
        public void close() throws IOException, SQLException {
            database.close();
            pool.close();
        }
    }
}
