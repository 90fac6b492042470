package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.fuota.db.PostgresCluster;
import org.fuota.image.EspImageBuilder;
import org.fuota.rollout.Lives;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The fleets of {@link Lives} over the real wire, all at once, by a clock of the test's own: on one node with SQLite, and on three with PostgreSQL,
 * of which each board polls now one, now another. What becomes of them must be what the table says.
 */
class RolloutSimulationIT {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final int THREADS = 4;
    private static final long IDLE_NANOS = 3_000_000_000L;

    @TempDir
    Path folder;

    private final List<SimulatedServer> nodes = new ArrayList<>();
    private final List<Worker> workers =
            Stream.generate(Worker::new).limit(THREADS).toList();
    private final ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    private Instant now = START;
    private int polls;

    @AfterEach
    void close() throws IOException {
        pool.shutdown();
        for (Worker worker : workers) {
            worker.close();
        }
        nodes.forEach(SimulatedServer::close);
    }

    @Test
    void goesAsItShouldOnOneNode() throws Exception {
        nodes.add(
                new SimulatedServer(folder, START, context -> context.replace("synchronous=FULL", "synchronous=OFF")));
        live();
    }

    @Test
    void goesAsItShouldOnThreeNodes() throws Exception {
        String url = PostgresCluster.shared()
                .schema("r" + UUID.randomUUID().toString().substring(0, 8));
        for (int i = 1; i <= 3; i++) {
            String name = "node-" + i;
            UnaryOperator<String> change = context -> context.replaceFirst(
                            "org\\.sqlite\\.JDBC(\"\\s+url=\")[^\"]*",
                            "org.postgresql.Driver$1" + url.replace("&", "&amp;"))
                    .replace("${fuota.node:-}", name);
            Path own = Files.createDirectory(folder.resolve(name));
            nodes.add(
                    i == 1
                            ? new SimulatedServer(own, START, change)
                            : new SimulatedServer("/sim" + i, own, nodes.get(0), change));
        }
        live();
    }

    /** All at once, but for those that stop all offers: these one after another. */
    private void live() throws Exception {
        Predicate<Lives> isAlone =
                lives -> lives.steps().stream().anyMatch(step -> step.action().equals("halt"));
        Map<String, String> lies = new TreeMap<>();
        live(Lives.all().stream().filter(isAlone.negate()).toList(), lies);
        for (Lives alone : Lives.all().stream().filter(isAlone).toList()) {
            live(List.of(alone), lies);
            admin("DELETE", "/stop", "");
        }
        System.out.println(polls + " polls");
        assertEquals(Map.of(), lies);
    }

    private void live(List<Lives> all, Map<String, String> lies) throws Exception {
        for (Lives lives : all) {
            for (String file : lives.files()) {
                upload(file, file.substring(0, file.indexOf('.')) + file.substring(file.lastIndexOf('.')));
            }
            lives.groups().forEach((name, ids) -> admin("PUT", "/groups/" + name, String.join("\n", ids)));
        }
        List<Lives> alive = new ArrayList<>(all);
        Map<Lives, Integer> done = new TreeMap<>((one, other) -> one.number() - other.number());
        for (Duration time = Duration.ZERO; !alive.isEmpty(); time = time.plus(Lives.STEP)) {
            Duration made = time.minus(Lives.MADE);
            for (Lives lives : List.copyOf(alive)) {
                if (lives.hours().equals(made)) {
                    end(lives, lies);
                    alive.remove(lives);
                }
            }
            now = now.plus(Lives.STEP);
            nodes.get(0).setTime(now);
            if (made.isNegative()) {
                // Nothing is rolled out yet.
                if (poll(alive) > 0) {
                    all("keep");
                }
                continue;
            }
            for (Lives lives : alive) {
                act(lives, made, done);
            }
            all("read");
            poll(alive);
            all("keep");
            nodes.get(0).get("/rollouts/run");
        }
    }

    private void all(String work) {
        nodes.forEach(node -> node.get("/rollouts/" + work));
    }

    private void act(Lives lives, Duration made, Map<Lives, Integer> done) {
        if (made.isZero()) {
            lives.definitions().forEach((name, json) -> admin("PUT", "/rollouts/" + name + "?force=true", json));
        }
        int next = done.getOrDefault(lives, 0);
        while (next < lives.steps().size() && lives.steps().get(next).after().compareTo(made) <= 0) {
            Lives.Step step = lives.steps().get(next++);
            String action = "/rollouts/" + step.rollout() + "/" + step.action();
            switch (step.action()) {
                case "halt" -> admin("PUT", "/stop", "");
                case "go" -> admin("DELETE", "/stop", "");
                case "back" ->
                    admin(
                            "POST",
                            "/rollouts/" + step.rollout() + "/rollback?force=true",
                            step.file() == null ? "" : "{\"file\":\"" + step.file() + "\"}");
                case "replace" -> upload(lives.file(step.rollout()), "other");
                default -> admin("POST", action, "");
            }
        }
        done.put(lives, next);
    }

    /** Each board in its turn polls one of the nodes; returns how many have polled. */
    private int poll(List<Lives> alive) throws Exception {
        List<Callable<Integer>> works = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Worker worker = workers.get(i);
            int turn = polls;
            List<Lives> own = alive.stream()
                    .filter(lives -> lives.number() % THREADS == workers.indexOf(worker))
                    .toList();
            works.add(() -> worker.poll(own, turn));
        }
        int polled = 0;
        for (Future<Integer> work : pool.invokeAll(works)) {
            polled += work.get();
        }
        polls += polled;
        return polled;
    }

    /** A thread's connections, one to each node. */
    private final class Worker {
        private final Map<SimulatedServer, Wire> wires = new HashMap<>();
        private long usedNanos = System.nanoTime();

        int poll(List<Lives> all, int turn) throws IOException {
            // What is idle for long is closed by the server.
            if (System.nanoTime() - usedNanos > IDLE_NANOS) {
                close();
            }
            int polled = 0;
            for (Lives lives : all) {
                for (Lives.Board board : lives.boards()) {
                    String version = board.poll();
                    if (version != null) {
                        SimulatedServer node = nodes.get((turn + polled) % nodes.size());
                        Wire wire = wires.computeIfAbsent(node, to -> new Wire(to.context()));
                        board.told(answer(wire, board.id(), version));
                        polled++;
                        usedNanos = System.nanoTime();
                    }
                }
            }
            return polled;
        }

        void close() throws IOException {
            for (Wire wire : wires.values()) {
                wire.close();
            }
            wires.clear();
        }
    }

    private static @Nullable String answer(Wire wire, String id, String version) throws IOException {
        BoardConnection.Answer answer = wire.send(
                "127.0.0.1",
                "GET",
                "/devices/" + id + "?app_ver=" + URLEncoder.encode(version, StandardCharsets.UTF_8),
                Server.DEVICE,
                "");
        return switch (answer.status()) {
            case 200 -> answer.body();
            case 204, 404 -> null;
            default -> throw new AssertionError(id + " is told " + answer.status());
        };
    }

    /** By another node than the one that counts. */
    private void end(Lives lives, Map<String, String> lies) {
        List<String> found = new ArrayList<>();
        for (String name : lives.rollouts()) {
            JsonObject told = JsonParser.parseString(nodes.get(nodes.size() - 1).json("/rollouts/" + name))
                    .getAsJsonObject();
            found.add("%s %d %d/%d/%d/%d"
                    .formatted(
                            told.get("state").getAsString(),
                            told.get("stage").getAsInt(),
                            told.get("offered").getAsInt(),
                            told.get("updated").getAsInt(),
                            told.get("pending").getAsInt(),
                            told.get("failed").getAsInt()));
            nodes.get(0).send("POST", "/rollouts/" + name + "/stop");
        }
        String all = String.join(" | ", found);
        if (!all.equals(lives.expected())) {
            lies.put(lives.number() + " " + lives.name(), lives.expected() + ", but is " + all);
        }
    }

    private void upload(String path, String version) {
        byte[] image = EspImageBuilder.application()
                .header(12, path.contains("s3") ? 9 : 0)
                .description(16, version)
                .build();
        HttpResponse<String> answer = Server.send(
                "PUT",
                nodes.get(0).context() + "/files/" + path + "?force=true",
                Server.ADMIN,
                BodyPublishers.ofByteArray(image));
        assertEquals(200, answer.statusCode(), answer.body());
    }

    private void admin(String method, String path, String body) {
        HttpResponse<String> answer = Server.send(method, nodes.get(0).context() + path, Server.ADMIN, body);
        assertEquals(200, answer.statusCode(), () -> path + ": " + answer.body());
    }
}
