package org.fuota.it;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Those of {@link PictureFleet}: sensors, gateways and displays at some sites, each of which has an address; most from the start, some later. */
final class PictureBoards {
    private final List<PictureBoard> boards = new ArrayList<>();
    private final Instant end;
    private final Random random;

    PictureBoards(Instant end, Random random) {
        this.end = end;
        this.random = random;
    }

    List<PictureBoard> all() {
        for (int i = 0; i < 3_200; i++) {
            add("246f28%06x".formatted(random.nextInt(1 << 24)), "sensor", i % 3 == 0 ? 75 : PictureStory.DAYS);
        }
        for (int i = 1; i <= 300; i++) {
            add("gateway-%03d".formatted(i), "gateway", PictureStory.DAYS);
        }
        for (int i = 1; i <= 1_500; i++) {
            add("display-%04d".formatted(i), "display", i % 3 == 0 ? 55 : PictureStory.DAYS);
        }
        boards.add(new PictureBoard("bench-a", address(9), "1.6.0-rc1", ago(Duration.ofDays(5)), random));
        // Somebody has flashed a copy of a board, with its id.
        boards.add(new PictureBoard(boards.get(40).id, address(4), "1.4.1", ago(Duration.ofDays(2)), random));
        return boards;
    }

    /** @param days ago it came, at most */
    private void add(String id, String project, int days) {
        Instant first =
                ago(Duration.ofMinutes(days * 1_440L - random.nextInt(days == PictureStory.DAYS ? 1_440 : 50_000)));
        boolean isLate = first.isAfter(ago(Duration.ofDays(45)));
        String version = switch (project) {
            case "sensor" -> isLate ? "1.5.0" : "1.4.2";
            case "gateway" -> "2.0.0";
            default -> isLate ? "0.9.1" : "0.9.0";
        };
        PictureBoard board = new PictureBoard(id, address(2 + random.nextInt(6)), version, first, random);
        if (random.nextInt(350) == 0) {
            board.last = ago(Duration.ofHours(18 + random.nextInt(300)));
        }
        boards.add(board);
    }

    private static String address(int site) {
        return "127.0.0." + site;
    }

    private Instant ago(Duration time) {
        return end.minus(time);
    }
}
