package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rollouts, groups and the stop over HTTP. What rollouts do in time is RolloutLivesTest's. */
class RolloutIT {
    /** Rollouts are for ever: each test has names of its own. */
    private final String mark = UUID.randomUUID().toString().substring(0, 8);

    private final String name = "it-" + mark;
    private final String file = "rollout-" + mark + ".bin";
    private final String old = "old-" + mark;

    @BeforeEach
    void upload() {
        Server.upload(file, ("firmware " + mark).getBytes(StandardCharsets.US_ASCII));
        // A board that waits: a stage without any is passed at once.
        poll("seen-" + mark, old);
        Server.awaitPolls("");
    }

    @AfterEach
    void stop() {
        admin("DELETE", "/stop", null);
        admin("POST", "/rollouts/" + name + "/stop", "");
        admin("DELETE", "/files/" + file, null);
    }

    @Test
    void offersUntilTheBoardHasUpdatedAndCountsIt() throws Exception {
        String board = "board-" + mark;
        assertEquals(404, poll(board, old).statusCode());
        String made = ok("PUT", "/rollouts/" + name, definition("\"stages\":[100]"));
        assertTrue(made.startsWith("rollout " + name + " is running\n"), made);

        HttpResponse<String> offer = poll(board, old);
        assertEquals(200, offer.statusCode());
        assertEquals(file, offer.body());
        assertEquals("text/csv", offer.headers().firstValue("Content-Type").orElse(""));
        assertEquals(404, poll(board, "new").statusCode());
        Server.awaitPolls("");

        String told = json("/rollouts/" + name);
        assertTrue(told.contains("\"offered\":1,\"updated\":1,\"pending\":0,\"due\":0,\"failed\":0"), told);
        assertTrue(json("/fleet?rollout=" + name).startsWith("[{\"device_id\":\"" + board + "\""));
        assertTrue(json("/fleet?rollout=" + name + "&outcome=updated").startsWith("[{\"device_id\":\"" + board + "\""));
        for (String outcome : new String[] {"pending", "due", "failed", "stuck", "reverted", "silent"}) {
            assertEquals(
                    "[]", json("/fleet?rollout=" + name + "&outcome=" + outcome).strip(), outcome);
        }
        assertEquals(400, admin("GET", "/fleet?outcome=updated", null).statusCode());
        assertEquals(400, admin("GET", "/fleet?rollout=x&outcome=good", null).statusCode());
        String list = ok("GET", "/rollouts", null);
        assertTrue(list.contains("\"" + name + "\",\"running\",\"\",\"1\","), list);
    }

    @Test
    void repeatsItselfAndIsNeverChanged() {
        ok("PUT", "/rollouts/" + name, definition("\"stages\":[100]"));

        assertEquals(
                "rollout " + name + " is running already\n",
                ok("PUT", "/rollouts/" + name, definition("\"stages\":[100]")));
        assertEquals(
                409,
                admin("PUT", "/rollouts/" + name, definition("\"stages\":[50]")).statusCode());
        HttpResponse<String> other = admin("PUT", "/rollouts/other-" + mark, definition("\"stages\":[50]"));
        assertEquals(409, other.statusCode());
        assertEquals(
                "rollout " + name + " replaces version " + old
                        + ", too, for boards that may be the same: stop it first; ?force=true makes this one anyway\n",
                other.body());
    }

    @Test
    void doesWhatOneSays() {
        ok("PUT", "/rollouts/" + name, definition("\"stages\":[100]"));
        String board = "hand-" + mark;

        assertEquals(
                "rollout " + name + " is paused: holiday\n", ok("POST", "/rollouts/" + name + "/pause", "holiday"));
        assertEquals(404, poll(board, old).statusCode());
        assertEquals(409, admin("POST", "/rollouts/" + name + "/pause", "").statusCode());
        assertEquals(409, admin("POST", "/rollouts/" + name + "/advance", "").statusCode());
        String why = ok("GET", "/rollouts/" + name, null);
        assertTrue(why.startsWith("rollout " + name + " is paused: by admin: holiday\n"), why);
        assertEquals("rollout " + name + " is running\n", ok("POST", "/rollouts/" + name + "/resume", ""));
        assertEquals(200, poll(board, old).statusCode());
        assertEquals(
                "rollout " + name + " is completed, advanced by hand\n",
                ok("POST", "/rollouts/" + name + "/advance", ""));
        assertEquals(200, poll(board, old).statusCode());
        assertEquals("rollout " + name + " is stopped\n", ok("POST", "/rollouts/" + name + "/stop", ""));
        assertEquals(404, poll(board, old).statusCode());
        assertEquals(409, admin("POST", "/rollouts/" + name + "/resume", "").statusCode());
        String journal = json("/rollouts/" + name).replaceAll(".*\"journal\":", "");
        for (String action : new String[] {"made", "paused", "resumed", "advanced", "stopped"}) {
            assertTrue(
                    journal.contains("\"user\":\"admin\",\"remote_addr\":\"127.0.0.1\",\"action\":\"" + action + "\""),
                    journal);
        }
        assertTrue(journal.indexOf("stopped") < journal.indexOf("made"), journal);
        String lines = ok("GET", "/rollouts/" + name, null);
        assertTrue(lines.contains("Z paused by admin from 127.0.0.1: holiday\n"), lines);
    }

    @Test
    void needsAttentionWhileItIsPausedOrAllIsStopped() {
        ok("PUT", "/rollouts/" + name, definition("\"stages\":[1,100]"));
        String runs = json("/rollouts/" + name);
        assertTrue(runs.matches("(?s).*\"gate\":\\{\"since\":\"[^\"]+Z\",\"opens\":\"[^\"]+Z\",.*"), runs);
        ok("POST", "/rollouts/" + name + "/pause", "holiday");
        String paused = "rollout " + name + " is paused: by admin: holiday";
        String before = ok("GET", "/attention", null);
        assertTrue(("\n" + before).contains("\n" + paused + "\n"), before);
        String stopped = ok("PUT", "/stop", "hall 3 goes dark");

        String lines = ok("GET", "/attention", null);
        String json = json("/attention");

        assertTrue(("\n" + lines).contains("\n" + stopped), lines);
        assertTrue(lines.indexOf(stopped) < lines.indexOf(paused), lines);
        assertTrue(json.contains("{\"kind\":\"stopped\",\"level\":\"bad\",\"since\":\"2"), json);
        assertTrue(
                json.contains("\"sentence\":\"" + paused + "\",\"devices\":null,\"subject\":\"" + name + "\"}"), json);
        ok("DELETE", "/stop", null);
        ok("POST", "/rollouts/" + name + "/stop", "");
        String after = ok("GET", "/attention", null);
        assertTrue(!after.contains(name) && !after.contains("all offers"), after);
    }

    @Test
    void stopsAllOffersAndTellsWhoAndWhy() {
        String assigned = "assigned-" + mark;
        String other = "other-" + mark;
        Server.assign(assigned, "1", file);
        try {
            ok("PUT", "/rollouts/" + name, definition("\"stages\":[100]"));
            assertEquals("offers go on: nobody has stopped them\n", ok("GET", "/stop", null));
            assertEquals(200, poll(assigned, "1").statusCode());
            assertEquals(200, poll(other, old).statusCode());

            String stopped = ok("PUT", "/stop", "hall 3 goes dark");

            assertTrue(
                    stopped.matches("all offers are stopped since [^ ]+Z, by admin from [^ ]+: hall 3 goes dark\n"),
                    stopped);
            assertEquals(stopped, ok("PUT", "/stop", "again"));
            assertEquals(stopped, ok("GET", "/stop", null));
            assertEquals(204, poll(assigned, "1").statusCode());
            assertEquals(404, poll(other, old).statusCode());
            assertTrue(json("/fleet/" + assigned).contains("all offers are stopped"), json("/fleet/" + assigned));
            assertTrue(ok("GET", "/health/ready", null).contains("\n" + stopped), "ready");
            assertTrue(Server.metrics("").contains("\nfuota_offers_stopped 1.0\n"), "metrics");
            // What began goes on.
            assertEquals(
                    200,
                    Server.send("GET", "/files/" + file, Server.DEVICE, (String) null)
                            .statusCode());

            ok("DELETE", "/stop", null);
            assertEquals(200, poll(assigned, "1").statusCode());
            assertEquals(200, poll(other, old).statusCode());
        } finally {
            admin("DELETE", "/devices/" + assigned, null);
        }
    }

    @Test
    void keepsGroupsOfBoardsWhetherSeenOrNot() {
        String group = "group-" + mark;
        assertEquals(
                "put into group " + group + ": 2 of 2 boards\n",
                ok("PUT", "/groups/" + group, "a-" + mark + "\n\"b-" + mark + "\"\n"));
        assertEquals(
                "put into group " + group + ": 1 of 2 boards; the others are in it already\n",
                ok("PUT", "/groups/" + group, "b-" + mark + "\nc-" + mark + "\n"));
        assertTrue(ok("GET", "/groups", null).contains("\"" + group + "\",\"3\"\n"));
        ok("DELETE", "/groups/" + group + "/a-" + mark, null);
        assertEquals("\"b-" + mark + "\"\n\"c-" + mark + "\"\n", ok("GET", "/groups/" + group, null));

        HttpResponse<String> first = admin("GET", "/groups/" + group + "?limit=1", null);
        assertEquals("\"b-" + mark + "\"\n", first.body());
        assertEquals(
                "</groups/" + group + "?after=b-" + mark + "&limit=1>; rel=\"next\"",
                first.headers().firstValue("Link").orElse(""));
        assertEquals("\"c-" + mark + "\"\n", ok("GET", "/groups/" + group + "?after=b-" + mark + "&limit=1", null));
        assertEquals(404, admin("GET", "/groups/absent?after=b", null).statusCode());
        assertEquals(400, admin("GET", "/groups/" + group + "?limit=0", null).statusCode());

        ok("PUT", "/rollouts/" + name, definition("\"stages\":[100],\"group\":\"" + group + "\""));
        assertEquals(200, poll("b-" + mark, old).statusCode());
        assertEquals(404, poll("a-" + mark, old).statusCode());
        ok("PUT", "/groups/" + group, "a-" + mark);
        assertEquals(200, poll("a-" + mark, old).statusCode());
        HttpResponse<String> refused = admin("DELETE", "/groups/" + group, null);
        assertEquals(409, refused.statusCode());
        assertEquals("rollout " + name + ", which isn't stopped, names group " + group + "\n", refused.body());

        ok("POST", "/rollouts/" + name + "/stop", "");
        ok("DELETE", "/groups/" + group, null);
        assertEquals(404, admin("GET", "/groups/" + group, null).statusCode());
    }

    @Test
    void keepsItsFileAndTellsWhyNot() {
        ok("PUT", "/rollouts/" + name, definition("\"stages\":[0.01,100]"));
        String board = "why-" + mark;
        poll(board, old);
        Server.awaitPolls("");

        HttpResponse<String> refused = admin("DELETE", "/files/" + file, null);
        assertEquals(409, refused.statusCode());
        assertEquals("update file " + file + " is rolled out by " + name + ", which isn't stopped\n", refused.body());
        String why = json("/fleet/" + board);
        assertTrue(why.matches("(?s).*\"not\":\\[\\{[^]]*not in the first 0.01 %: it comes at [0-9.]+ %.*"), why);
    }

    @Test
    void takesBackWhatEachBoardHadBefore() {
        String first = "first-" + mark + ".bin";
        Server.upload(first, ("first " + mark).getBytes(StandardCharsets.US_ASCII));
        String known = "known-" + mark;
        String unknown = "unknown-" + mark;
        Server.assign(known, "0", first);
        poll(known, "0");
        ok("PUT", "/rollouts/" + name, definition("\"stages\":[100]"));
        for (String board : new String[] {known, unknown}) {
            assertEquals(file, poll(board, old).body());
            poll(board, "new-" + mark);
        }
        Server.awaitPolls("");

        String back = ok("POST", "/rollouts/" + name + "/rollback", "");

        assertEquals(
                "rollout " + name + " is stopped\nrollout " + name + "-rollback is running\nboards that go back: 1\n"
                        + "1 without a way back, because what they took before isn't known, or no path holds it any more: "
                        + unknown + "\n",
                back);
        assertEquals(first, poll(known, "new-" + mark).body());
        assertEquals(404, poll(unknown, "new-" + mark).statusCode());
        assertTrue(json("/fleet/" + unknown).contains("it isn't known what the board took before"));
        assertEquals(409, admin("DELETE", "/files/" + first, null).statusCode());
        assertEquals(409, admin("POST", "/rollouts/" + name + "/rollback", "").statusCode());
        Server.awaitPolls("");
        String told = json("/rollouts/" + name + "-rollback");
        // Pending, or already silent: it polled four times within milliseconds.
        assertTrue(told.contains("\"match\":2,\"offered\":1,\"updated\":0,"), told);
        assertTrue(told.contains("\"first_without_way_back\":[\"" + unknown + "\"]"), told);

        ok("POST", "/rollouts/" + name + "-rollback/stop", "");
        admin("DELETE", "/devices/" + known, null);
        ok("DELETE", "/files/" + first, null);
    }

    @Test
    void takesBackToAFileThatIsNamed() {
        String board = "named-" + mark;
        String earlier = "earlier-" + mark + ".bin";
        Server.upload(earlier, ("earlier " + mark).getBytes(StandardCharsets.US_ASCII));
        ok("PUT", "/rollouts/" + name, definition("\"stages\":[100]"));
        HttpResponse<String> tooEarly = admin("POST", "/rollouts/" + name + "/rollback", "");
        assertEquals(409, tooEarly.statusCode());
        assertTrue(tooEarly.body().endsWith("it is enough to stop it\n"), tooEarly.body());
        poll(board, old);
        poll(board, "new-" + mark);
        Server.awaitPolls("");

        assertEquals(
                400,
                admin("POST", "/rollouts/" + name + "/rollback", "{\"path\":\"x\"}")
                        .statusCode());
        assertEquals(
                404,
                admin("POST", "/rollouts/" + name + "/rollback", "{\"file\":\"x\"}")
                        .statusCode());
        ok("POST", "/rollouts/" + name + "/rollback", "{\"file\":\"" + earlier + "\"}");

        assertEquals(earlier, poll(board, "new-" + mark).body());
        ok("POST", "/rollouts/" + name + "-rollback/stop", "");
        ok("DELETE", "/files/" + earlier, null);
    }

    @Test
    void pausesWhenItsBytesAreReplaced() {
        ok("PUT", "/rollouts/" + name, definition("\"stages\":[100]"));
        Server.upload(file, ("other " + mark).getBytes(StandardCharsets.US_ASCII));

        String paused;
        do {
            paused = ok("GET", "/rollouts/" + name, null);
        } while (!paused.contains("is paused"));

        assertTrue(
                paused.startsWith("rollout " + name + " is paused: " + file + " isn't what rollout " + name
                        + " was made for any more\n"),
                paused);
        assertEquals(404, poll("bytes-" + mark, old).statusCode());
        assertEquals(409, admin("POST", "/rollouts/" + name + "/resume", "").statusCode());
    }

    @Test
    void previews() {
        poll("seen-" + mark, old);
        Server.awaitPolls("");

        String preview = ok("PUT", "/rollouts/" + name + "?dry_run=true", definition("\"stages\":[50,100]"));

        assertTrue(preview.contains("1 board matches now; seen within a week: 1, within a day: 1\n"), preview);
        assertTrue(preview.endsWith("dry run: nothing was made\n"), preview);
        assertEquals(404, admin("GET", "/rollouts/" + name, null).statusCode());
    }

    @ParameterizedTest(name = "{0} {1}: {3}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "PUT    | /rollouts/x y             | {}  | 400 | x%20y isn't a name: 1 to 64 characters out of A-Z a-z 0-9 . _ -",
                "PUT    | /rollouts/refused         | {}  | 400 | the definition lacks file",
                "PUT    | /rollouts/refused         | {\"file\":\"absent.bin\",\"replaces\":[\"1\"]} | 404 | there is no update file absent.bin",
                "PUT    | /rollouts/refused?x=1     | {}  | 400 | the query has x, which isn't one of dry_run, force",
                "GET    | /rollouts/absent          | -   | 404 | there is no rollout absent",
                "POST   | /rollouts/absent/pause    | ``  | 404 | there is no rollout absent",
                "POST   | /rollouts/absent/explode  | ``  | 404 | a rollout can't explode: it can pause, resume, advance, stop or rollback",
                "DELETE | /rollouts/absent          | -   | 405 | this resource has only GET, HEAD, PUT",
                "POST   | /rollouts                 | ``  | 405 | this resource has only GET, HEAD",
                "PUT    | /groups/empty             | ``  | 400 | the body names no board: one id a line",
                "PUT    | /groups/bad               | a/b | 400 | line 1, column 1: the device id has a slash",
                "DELETE | /groups/absent            | -   | 404 | there is no group absent",
                "DELETE | /groups/absent/x          | -   | 404 | board x isn't in group absent",
                "POST   | /stop                     | ``  | 405 | this resource has only GET, HEAD, PUT, DELETE"
            })
    void refuses(String method, String path, @Nullable String body, int status, String sentence) {
        HttpResponse<String> answer = admin(method, path.replace(" ", "%20"), body);

        assertEquals(status + " " + sentence + "\n", answer.statusCode() + " " + answer.body());
    }

    @Test
    void isForAdminsOnly() {
        for (String path : new String[] {"/rollouts", "/rollouts/x", "/groups", "/groups/x", "/stop"}) {
            assertEquals(
                    403, Server.send("GET", path, Server.DEVICE, (String) null).statusCode(), path);
            assertEquals(403, Server.send("PUT", path, null, "x").statusCode(), path);
        }
    }

    private String definition(String fields) {
        return "{\"file\":\"" + file + "\",\"replaces\":[\"" + old + "\"]," + fields + "}";
    }

    private static HttpResponse<String> poll(String deviceId, String version) {
        return Server.send("GET", "/devices/" + deviceId + "?app_ver=" + version, Server.DEVICE, (String) null);
    }

    private static HttpResponse<String> admin(String method, String path, @Nullable String body) {
        return Server.send(method, path, Server.ADMIN, body);
    }

    private static String ok(String method, String path, @Nullable String body) {
        HttpResponse<String> answer = admin(method, path, body);
        assertEquals(200, answer.statusCode(), answer.body());
        return answer.body();
    }

    private static String json(String path) {
        return Server.send(
                        HttpRequest.newBuilder(URI.create(Server.ROOT + path))
                                .header("Authorization", Server.ADMIN)
                                .header("Accept", "application/json")
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }
}
