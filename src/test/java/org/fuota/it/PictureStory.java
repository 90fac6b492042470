package org.fuota.it;

import com.google.gson.JsonParser;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.fuota.image.EspImageBuilder;

/** What people do with the boards of {@link PictureFleet} in 90 days. */
final class PictureStory {
    static final int DAYS = 90;
    private static final Map<String, Integer> CHIPS = Map.of("sensor", 5, "gateway", 9, "display", 0);

    final List<PictureBoard> boards;
    /** By their times. */
    final NavigableMap<Instant, Runnable> deeds = new TreeMap<>();

    private final Random random = new Random(42);
    private final Instant end;
    private final SimulatedServer server;

    PictureStory(Instant end, SimulatedServer server) {
        this.end = end;
        this.server = server;
        boards = new PictureBoards(end, random).all();
        plan();
    }

    private void plan() {
        at(90, 0, () -> {
            group("canary", board -> isOf(board, "246f28") && boards.indexOf(board) % 130 == 7);
            group("greenhouse", board -> isOf(board, "246f28") && board.address.endsWith(".3"));
            group("hall-3", board -> board.address.endsWith(".5"));
            upload("sensor", "1.4.2");
        });
        at(66, 0, () -> upload("gateway", "2.0.1"));
        at(65, 0, () -> assign("gateway", "2.0.0", "2.0.1", 1, 50));
        at(62, 0, () -> assign("gateway", "2.0.0", "2.0.1", 51, 300));
        at(58, 0, () -> upload("sensor", "1.5.0"));
        at(57, 0, () -> rollOut("sensor-1.5.0", "sensor.bin.1.5.0", """
                "replaces":["1.4.2"],"stages":["canary",10,50,100],"soak":"PT48H\""""));
        at(45, 0, () -> upload("display", "0.9.1"));
        at(44, 0, () -> assign("display", "0.9.0", "0.9.1", 1, 300));
        at(41, 0, () -> assign("display", "0.9.0", "0.9.1", 301, 1_500));
        at(30, 4, () -> admin("DELETE", "/devices?file=gateway.bin.2.0.1", ""));
        at(30, 3, () -> upload("gateway", "2.0.2"));
        at(30, 2, () -> rollOut("gateway-2.0.2", "gateway.bin.2.0.2", """
                "replaces":["2.0.1"],"stages":[10,100],"soak":"PT48H\""""));
        at(12, 2, () -> upload("sensor", "1.5.1"));
        at(12, 1, () -> rollOut("sensor-1.5.1", "sensor.bin.1.5.1", """
                "replaces":["1.5.0"],"stages":["canary",10,100],"soak":"PT72H\""""));
        at(6, 12, () -> act(Server.BOB, "POST", "/rollouts/sensor-1.5.1/stop", "the battery drains too fast"));
        at(3, 2, () -> upload("display", "0.9.2"));
        at(3, 0, () -> assign("display", "0.9.1", "0.9.2", 1, 300));
        at(2, 0, () -> assign("display", "0.9.1", "0.9.2", 301, 1_000));
        at(1, 4, () -> assign("display", "0.9.1", "0.9.2", 1_001, 1_400));
        at(1, 3, () -> upload("gateway", "2.1.0"));
        at(1, 2, () -> rollOut("gateway-2.1.0", "gateway.bin.2.1.0", """
                "replaces":["2.0.2"],"stages":[20,100],"soak":"PT6H\""""));
        at(0, 16, () -> upload("sensor", "1.6.0"));
        at(0, 15, () -> rollOut("sensor-1.6.0", "sensor.bin.1.6.0", """
                "replaces":["1.5.0","1.5.1"],"stages":["canary",30,100],"soak":"PT12H\""""));
        at(0, 4, () -> note(Server.BOB, "Its flash is of the old batch: look at it before the others."));
        at(0, 3, () -> upload("display", "1.0.0"));
        at(
                0,
                2,
                () -> rollOut("display-1.0.0", "display.bin.1.0.0", """
                "replaces":["0.9.2"],"group":"hall-3","stages":[5,100],"starts":"%s\"""".formatted(
                                end.plus(Duration.ofHours(14)).truncatedTo(ChronoUnit.HOURS))));
        at(0, 1, () -> {
            note(Server.ADMIN, "On the bench since this morning, with its serial log.");
            assign("display", "0.9.1", "0.9.2", 1_401, 1_500);
            // They hang in a hall that has no power yet.
            assignRows(List.of(
                    "gateway-301,2.0.0,gateway.bin.2.0.2",
                    "gateway-302,2.0.0,gateway.bin.2.0.2",
                    "gateway-303,2.0.0,gateway.bin.2.0.2"));
        });
    }

    private void at(int days, int hours, Runnable deed) {
        deeds.put(ago(Duration.ofHours(24L * days + hours)), deed);
    }

    private Instant ago(Duration time) {
        return end.minus(time);
    }

    private static boolean isOf(PictureBoard board, String prefix) {
        return board.id.startsWith(prefix);
    }

    private void group(String name, Predicate<PictureBoard> isIn) {
        admin(
                "PUT",
                "/groups/" + name,
                boards.stream().filter(isIn).map(board -> board.id).distinct().collect(Collectors.joining("\n")));
    }

    private void upload(String project, String version) {
        byte[] code = new byte[700_000 + random.nextInt(40_000) * 4];
        random.nextBytes(code);
        byte[] image = EspImageBuilder.application(code)
                .header(12, CHIPS.getOrDefault(project, 0))
                .description(16, version + "\0")
                .description(48, project + "\0")
                .build();
        require(Server.send(
                "PUT",
                server.context() + "/files/" + project + ".bin." + version,
                Server.ADMIN,
                BodyPublishers.ofByteArray(image)));
    }

    private void rollOut(String name, String file, String rest) {
        admin("PUT", "/rollouts/" + name + "?force=true", "{\"file\":\"" + file + "\"," + rest + "}");
    }

    /** Those whose numbers are from some on to another. */
    private void assign(String project, String from, String to, int first, int last) {
        List<String> rows = new ArrayList<>();
        for (int i = first; i <= last; i++) {
            rows.add((project.equals("gateway") ? "gateway-%03d" : "display-%04d").formatted(i) + "," + from + ","
                    + project + ".bin." + to);
        }
        assignRows(rows);
    }

    private void assignRows(List<String> rows) {
        admin(
                "PUT",
                "/devices",
                rows.stream()
                        .map(row -> "\"" + row.replace(",", "\",\"") + "\"\n")
                        .collect(Collectors.joining()));
    }

    /** The first board that has come back from its update. */
    String reverted() {
        return JsonParser.parseString(server.json("/fleet?state=reverted&limit=1&fields=device_id"))
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject()
                .get("device_id")
                .getAsString();
    }

    void stop(String why) {
        act(Server.BOB, "PUT", "/stop", why);
    }

    private void note(String user, String text) {
        act(user, "POST", "/notes/" + reverted(), text);
    }

    private void admin(String method, String path, String body) {
        act(Server.ADMIN, method, path, body);
    }

    private void act(String user, String method, String path, String body) {
        require(Server.send(method, server.context() + path, user, body));
    }

    private static void require(HttpResponse<String> answer) {
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.request().uri() + ": " + answer.body());
        }
    }
}
