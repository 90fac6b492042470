package org.fuota.bench;

import static org.fuota.bench.server.Fleet.MIB;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.fuota.bench.client.Board;
import org.fuota.bench.client.BoardTls;
import org.fuota.bench.client.Target;
import org.fuota.bench.server.Fleet;
import org.fuota.bench.server.KeyKind;

/** All that there are, in the order in which they run. */
final class Workloads {
    private static final int KEPT_FOR = 990;
    private static final int DOWNLOADS_KEPT_FOR = 25;
    private static final int STALLED = 1000;
    private static final int MILLIS = 1000;
    private static final double GIGABYTE = 1e9;

    private Workloads() {}

    static List<Workload> all(Settings settings) {
        List<Workload> all = new ArrayList<>();
        all.add(coldPoll("cold-rsa-1.2", "cold poll, RSA 2048, TLS 1.2", KeyKind.RSA, BoardTls.TLS_1_2, 1.7));
        all.add(coldPoll("cold-rsa-1.3", "cold poll, RSA 2048, TLS 1.3", KeyKind.RSA, BoardTls.TLS_1_3, 1.7));
        all.add(coldPoll("cold-ecdsa-1.2", "cold poll, ECDSA P-256, TLS 1.2", KeyKind.ECDSA, BoardTls.TLS_1_2, 1.6));
        all.add(coldPoll("cold-ecdsa-1.3", "cold poll, ECDSA P-256, TLS 1.3", KeyKind.ECDSA, BoardTls.TLS_1_3, 1.3));
        if (BoardTls.TLS_1_3_X25519.isThere()) {
            all.add(coldPoll(
                    "cold-x25519-1.2",
                    "cold poll, ECDSA, TLS 1.2, X25519 first",
                    KeyKind.ECDSA,
                    BoardTls.TLS_1_2_X25519,
                    1.6));
            all.add(coldPoll(
                    "cold-x25519-1.3",
                    "cold poll, ECDSA, TLS 1.3, X25519 share",
                    KeyKind.ECDSA,
                    BoardTls.TLS_1_3_X25519,
                    1.3));
        }
        all.add(new CostRounds(
                "keep-alive",
                "keep-alive poll",
                KeyKind.ECDSA,
                BoardTls.TLS_1_2,
                3,
                "ms a poll",
                MILLIS,
                polls -> polls * 10L,
                (rig, target) -> rig.pollKept(target, KEPT_FOR)));
        all.add(new RolloutsRun(List.of(0, 1, 20)));
        all.add(download("download-new", "1 MiB on new connections", 1, 1));
        all.add(download("download-kept", "4 MiB on kept connections", 4, DOWNLOADS_KEPT_FOR));
        settings.readers().forEach(readers -> all.add(new SlowReadersRun(readers)));
        all.add(new StalledRun(STALLED, STALLED));
        all.add(new FleetRun());
        all.add(new WritesRun(2500, 300_000, settings.minutes()));
        all.add(new ListsRun());
        all.add(new MillionRun(settings.isQuick() ? 100 : 1000, 300, settings.minutes()));
        return all;
    }

    private static CostRounds coldPoll(String name, String title, KeyKind key, BoardTls tls, double goal) {
        return new CostRounds(name, title, key, tls, goal, "ms a poll", MILLIS, polls -> polls, Rig::poll);
    }

    private static CostRounds download(String name, String title, int mebibytes, int perConnection) {
        return new CostRounds(
                name,
                "download of " + title,
                KeyKind.ECDSA,
                BoardTls.TLS_1_2,
                1.0,
                "s a GB",
                GIGABYTE / ((double) mebibytes * MIB),
                // A GB a round in a full run, or a thousandth of what polls there are.
                polls -> Math.max(polls / 3 / mebibytes, 3),
                (rig, target) -> download(target, mebibytes, perConnection));
    }

    private static int download(Target target, int mebibytes, int times) throws IOException {
        try (Board board = new Board(target)) {
            for (int time = 0; time < times; time++) {
                board.get("/files/" + Fleet.filePath(mebibytes), 200, (long) mebibytes * MIB);
            }
        }
        return times;
    }
}
