package org.fuota.it;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;

/** A board of {@link PictureFleet}: polls by its own rhythm, and takes what it is offered, or has its trouble with it. */
final class PictureBoard {
    /** Of a thousand boards: how many take an image and go back, how many can't take it, and how many die of it. */
    private record Trouble(int reverted, int stuck, int dead) {}

    private static final Map<String, Trouble> TROUBLES = Map.of(
            "sensor.bin.1.6.0", new Trouble(8, 4, 3),
            "gateway.bin.2.1.0", new Trouble(220, 0, 90),
            "display.bin.0.9.2", new Trouble(5, 4, 4));

    private static final Trouble LITTLE = new Trouble(0, 1, 0);

    final String id;
    final String address;
    /** When it polls for the last time. */
    Instant last = Instant.MAX;

    private final Random random;
    private final Duration gap;
    private String version;
    /** The file that it doesn't take, or not again. */
    private String refused = "";
    /** The version that it goes back to; empty while the image holds. */
    private String back = "";

    private Instant next;

    /** @param first when it polls for the first time */
    PictureBoard(String id, String address, String version, Instant first, Random seeds) {
        this.id = id;
        this.address = address;
        this.version = version;
        this.next = first;
        this.random = new Random(seeds.nextLong());
        gap = Duration.ofMinutes(120 + random.nextInt(120));
    }

    boolean isDue(Instant now) {
        return !next.isAfter(now) && !last.isBefore(now);
    }

    /**
     * @param soon how long it takes to download, start and poll again
     * @param isOften every few hours, and not once a day
     */
    void poll(Instant now, Duration soon, boolean isOften, Wire wire) throws IOException {
        BoardConnection.Answer answer =
                wire.send(address, "GET", "/devices/" + id + "?app_ver=" + version, Server.DEVICE, "");
        Duration jitter = Duration.ofMinutes(random.nextInt(9) - 4L);
        next = now.plus(isOften ? gap : Duration.ofDays(1)).plus(jitter);
        if (!back.isEmpty()) {
            version = back;
            back = "";
        }
        switch (answer.status()) {
            case 200 -> offered(answer.body().trim(), now, soon);
            case 204, 404 -> {}
            default -> throw new AssertionError(id + " is told " + answer.status());
        }
    }

    private void offered(String file, Instant now, Duration soon) {
        if (file.equals(refused)) {
            return;
        }
        Trouble trouble = TROUBLES.getOrDefault(file, LITTLE);
        int fate = random.nextInt(1_000);
        if (fate < trouble.stuck() + trouble.reverted()) {
            refused = file;
        }
        if (fate < trouble.stuck()) {
            return;
        }
        next = now.plus(soon);
        if (fate < trouble.stuck() + trouble.reverted()) {
            back = version;
        } else if (fate < trouble.stuck() + trouble.reverted() + trouble.dead()) {
            last = next;
        }
        version = file.substring(file.indexOf(".bin.") + 5);
    }
}
