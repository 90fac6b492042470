package org.fuota.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.fuota.faults.Client.Answer;
import org.fuota.tomcat.TomcatProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes roll out to boards that poll all of them. In the middle of a stage the node that steers is killed; in that of the next rollout,
 * PostgreSQL is. The rollout goes on by itself, no stage is passed twice, and each board counts once; all that was written is there. What a killed
 * node had in memory is lost with it, and nothing else.
 */
@Tag(Faults.TAG)
@Timeout(3600)
class RolloutCrashIT {
    private static final int BOARDS = 300;

    /** When something is killed: in the first stage, which needs more than these. */
    private static final int OFFERED = 40;

    private static final int UNWRITTEN = 5;

    private static final String STAGES = """
            "stages": [50, 100], "soak": "PT5S", "min_boards": 60, "success_percent": 95, "offers_per_minute": 1800""";

    @TempDir
    Path folder;

    private final List<Client> clients = new ArrayList<>();
    /** By the rollout's name; of those before, which mustn't change any more. */
    private final Map<String, List<Integer>> counts = new TreeMap<>();

    private int lost;

    @Test
    void countsEachBoardOnce() throws Exception {
        int rounds = Faults.rounds(1, 10);
        try (Nodes nodes = new Nodes(folder, 3)) {
            for (TomcatProcess node : nodes.all()) {
                // Boards that poll each second would be silent after any long pause of a busy machine.
                node.option("-Dfuota.silent.gaps=1000").restart();
                clients.add(new Client(node));
            }
            try (RolloutBoards boards = new RolloutBoards(clients, BOARDS)) {
                Faults.await("all boards are known", () -> fleet(0, "").size() == BOARDS);
                for (int round = 0; round < rounds; round++) {
                    int victim = steering(nodes);
                    String first = String.valueOf(2 * round + 2);
                    rollOut(first, boards);
                    Set<String> mayBeLost = killNode(first, victim, nodes.get(victim), boards);
                    complete(first, mayBeLost, nodes, boards);

                    String second = String.valueOf(2 * round + 3);
                    rollOut(second, boards);
                    killDatabase(second, nodes, boards);
                    complete(second, Set.of(), nodes, boards);
                }
                assertEquals(List.of(), boards.wrongs());
                Faults.tell(
                        RolloutCrashIT.class,
                        rounds + " times a node killed, and PostgreSQL; " + counts.size() + " rollouts to " + BOARDS
                                + " boards, all completed; " + lost + " offers lost with a node's memory; "
                                + boards.unanswered() + " polls without an answer, " + boards.undecided()
                                + " answered 204");
            }
        }
    }

    /** From the version before. */
    private void rollOut(String name, RolloutBoards boards) throws Exception {
        String before = String.valueOf(Integer.parseInt(name) - 1);
        assertTrue(boards.allReport(before), before);
        boards.beginAnew();
        Client client = clients.get(0);
        assertEquals(
                200, client.put("/files/" + name + ".bin", "firmware " + name).status());
        Answer made = client.put(
                "/rollouts/" + name,
                "{\"file\": \"%s.bin\", \"replaces\": [\"%s\"], %s}".formatted(name, before, STAGES));
        assertEquals(200, made.status(), made::text);
        Faults.await("some boards are offered it, and not all of that is written", () -> {
            int written = count(told(0, name), "offered");
            return written >= OFFERED && boards.offered().size() >= written + UNWRITTEN;
        });
        assertEquals(1, count(told(0, name), "stage"), "it is in the middle of its first stage");
    }

    /** Returns the boards whose only offer the node may have had in memory. */
    private Set<String> killNode(String rollout, int victim, TomcatProcess node, RolloutBoards boards)
            throws Exception {
        Set<String> written = new TreeSet<>(fleet((victim + 1) % clients.size(), "?rollout=" + rollout));
        long before = boards.unanswered();
        boards.mayFail(victim);
        node.kill();
        Faults.await("a poll that it doesn't answer", () -> boards.unanswered() > before);
        boards.leaveVictim();
        node.restart();
        Set<String> mayBeLost = boards.firstOfferedBy(victim);
        mayBeLost.removeAll(written);
        boards.returnToVictim();
        boards.awaitDecisions();
        return mayBeLost;
    }

    private static void killDatabase(String rollout, Nodes nodes, RolloutBoards boards) throws Exception {
        long before = boards.undecided();
        nodes.database().signal("KILL");
        Faults.await("polls of " + rollout + " that nobody decides", () -> boards.undecided() >= before + 20);
        nodes.database().start();
        boards.awaitDecisions();
    }

    private void complete(String name, Set<String> mayBeLost, Nodes nodes, RolloutBoards boards) throws Exception {
        int[] most = new int[2];
        Faults.await(name + " is completed, and all boards have updated", () -> {
            Optional<JsonObject> told = ifTold(0, name);
            if (told.isEmpty()) {
                return false;
            }
            for (int i = 0; i < most.length; i++) {
                int count = count(told.get(), i == 0 ? "offered" : "updated");
                assertTrue(count >= most[i], () -> "it had counted more before: " + told);
                most[i] = count;
            }
            return told.get().get("state").getAsString().equals("completed")
                    && boards.allReport(name)
                    && fleet(0, "?version=" + name).size() == BOARDS
                    && count(told.get(), "pending") == 0;
        });
        assertEquals(List.of(), boards.wrongs());

        List<String> counted = fleet(0, "?rollout=" + name);
        Set<String> missing = boards.offered();
        assertEquals(BOARDS, missing.size(), "each was offered it");
        missing.removeAll(counted);
        lost += missing.size();
        missing.removeAll(mayBeLost);
        assertEquals(Set.of(), missing, "not counted");
        assertEquals(counted.size(), new TreeSet<>(counted).size(), "boards that are there twice");
        counts.put(name, List.of(counted.size(), counted.size(), 0, 0));
        assertEquals(List.of("running", "running, all", "completed"), turns(name, nodes), "each stage was passed once");
        for (int node = 0; node < clients.size(); node++) {
            for (String rollout : counts.keySet()) {
                JsonObject told = told(node, rollout);
                assertEquals(
                        counts.get(rollout),
                        List.of(
                                count(told, "offered"),
                                count(told, "updated"),
                                count(told, "pending"),
                                count(told, "failed")),
                        () -> told.toString());
                assertEquals("completed", told.get("state").getAsString(), () -> told.toString());
                told.getAsJsonArray("stages")
                        .forEach(stage -> assertTrue(
                                stage.getAsJsonObject().get("passed").isJsonPrimitive(), () -> told.toString()));
            }
        }
    }

    /** The states that it came into, as the audit trail has them. */
    private static List<String> turns(String name, Nodes nodes) throws Exception {
        List<String> turns = new ArrayList<>();
        try (Connection connection =
                        DriverManager.getConnection(nodes.database().url("fuota"));
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT value_after FROM history WHERE event = 'rollout' AND value_after LIKE ? ORDER BY number")) {
            statement.setString(1, name + " %");
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    // Of its making, without the definition.
                    turns.add(rows.getString(1).substring(name.length() + 1).replaceFirst(" \\{.*", ""));
                }
            }
        }
        return turns;
    }

    /** The node that ended the last rollout; before there was one, that which started first. */
    private int steering(Nodes nodes) throws IOException {
        for (int node = 0; node < clients.size() && !counts.isEmpty(); node++) {
            if (nodes.get(node).log().contains("rollout " + (counts.size() + 1) + " completed")) {
                return node;
            }
        }
        return 0;
    }

    private JsonObject told(int node, String rollout) throws IOException {
        return ifTold(node, rollout).orElseThrow(() -> new AssertionError("node " + node + " has no database"));
    }

    /** Empty while the node waits for the database. */
    private Optional<JsonObject> ifTold(int node, String rollout) throws IOException {
        Answer answer = clients.get(node).json("/rollouts/" + rollout);
        if (answer.status() == 503) {
            return Optional.empty();
        }
        assertEquals(200, answer.status(), answer::text);
        return Optional.of(JsonParser.parseString(answer.text()).getAsJsonObject());
    }

    private static int count(JsonObject told, String what) {
        return told.get(what).getAsInt();
    }

    /** Ids. */
    private List<String> fleet(int node, String query) throws IOException {
        Answer answer = clients.get(node).get("/fleet" + query);
        assertEquals(200, answer.status(), answer::text);
        return answer.text().lines().map(line -> line.split("\"")[1]).toList();
    }
}
