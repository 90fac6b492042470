package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /fleet} over the wire. Every id begins with {@code fleet-}, because other tests' devices are in the fleet, too. */
@Timeout(60)
class FleetIT {
    private static final String LONG =
            "long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-";

    private static final String TIME = "[0-9-]{10}T[0-9:.]{8,12}Z";

    /** Whether the boards are there, and nothing has happened to them. */
    private static boolean isAsMade;

    @BeforeEach
    void boards() {
        if (isAsMade) {
            return;
        }
        isAsMade = true;
        Server.upload("fleet.bin", new byte[] {1, 2, 3});
        for (String id : List.of("fleet-1", "fleet-2", "fleet-3")) {
            Server.assign(id, "1", "fleet.bin");
        }
        assertEquals(200, poll("fleet-2", "1"));
        assertEquals(200, poll("fleet-3", "1"));
        assertEquals(204, poll("fleet-3", "2"));
        assertEquals(404, poll("fleet-4", "7"));
    }

    @AfterEach
    void forgetWhatHasChanged() {
        if (!isAsMade) {
            forget();
        }
    }

    @AfterAll
    static void forget() {
        isAsMade = false;
        for (int i = 1; i <= 4; i++) {
            Server.send("DELETE", "/fleet/fleet-" + i, Server.ADMIN, (String) null);
            Server.send("DELETE", "/devices/fleet-" + i, Server.ADMIN, (String) null);
        }
        Server.send("DELETE", "/files/fleet.bin", Server.ADMIN, (String) null);
    }

    /** docker-fuota-server checks nothing. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({"with/slash, with/slash", "line%0Aend, 'line\nend'", LONG + ", " + LONG})
    void showsAndDeletesRowsWhoseIdNoDeviceCanHave(String path, String id) throws Exception {
        try (Connection connection = DriverManager.getConnection(Server.DATABASE_URL);
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO device_app VALUES (?, '1', 'imported.bin')")) {
            if (Server.IS_ON_SQLITE) {
                connection.createStatement().execute("PRAGMA busy_timeout = 10000");
            }
            insert.setString(1, id);
            insert.executeUpdate();
        }

        HttpResponse<String> told = Server.send("GET", "/fleet/" + path, Server.ADMIN, (String) null);
        assertEquals(200, told.statusCode(), told.body());
        assertTrue(told.body().contains("\nreplaces_version: 1\n"), told.body());
        assertFalse(told.body().contains("next poll"), told.body());
        assertEquals(
                200,
                Server.send("DELETE", "/devices/" + path, Server.ADMIN, (String) null)
                        .statusCode());
        for (String method : List.of("GET /fleet/", "DELETE /devices/", "GET /devices/")) {
            String[] words = method.split(" ");
            assertEquals(
                    400,
                    Server.send(words[0], words[1] + path, Server.ADMIN, (String) null)
                            .statusCode(),
                    "then it is malformed again");
        }
    }

    @Test
    void listsAsCsv() {
        HttpResponse<String> answer = get("/fleet?prefix=fleet-");

        assertEquals(200, answer.statusCode());
        assertEquals("text/csv", header(answer, "Content-Type"));
        assertEquals("Accept", header(answer, "Vary"));
        List<String> lines = answer.body().lines().toList();
        assertEquals(4, lines.size());
        assertMatches(
                "\"fleet-1\",\"unseen\",\"TIME\",\"\",\"\",\"\",\"\",\"\",\"\",\"0\",\"fleet.bin\",\"1\",\"0\",\"false\","
                        + "\"was assigned fleet.bin at TIME, and never polled\"",
                lines.get(0));
        assertMatches(
                "\"fleet-2\",\"offered\",\"TIME\",\"1\",\"TIME\",\"TIME\",\"\",\"127.0.0.1\",\"offered\",\"1\","
                        + "\"fleet.bin\",\"1\",\"1\",\"false\","
                        + "\"was offered fleet.bin at version 1 once since TIME, and still reports version 1\"",
                lines.get(1));
        assertMatches("\"fleet-3\",\"updated\",...", lines.get(2));
        assertMatches("\"fleet-4\",\"discovered\",\"TIME\",\"7\",...,\"\",\"\",\"0\",\"false\",...", lines.get(3));
    }

    @Test
    void listsAsJson() {
        HttpResponse<String> answer = getJson("/fleet?prefix=fleet-&state=offered");

        assertEquals("application/json", header(answer, "Content-Type"));
        assertMatches(
                "[{\"device_id\":\"fleet-2\",\"state\":\"offered\",\"since\":\"TIME\",\"app_version\":\"1\","
                        + "\"app_version_since\":\"TIME\",\"last_seen\":\"TIME\",\"usual_gap_seconds\":null,"
                        + "\"remote_addr\":\"127.0.0.1\",\"answer\":\"offered\",\"polls\":1,"
                        + "\"update_file_path\":\"fleet.bin\",\"replaces_version\":\"1\",\"offers\":1,\"clone\":false,"
                        + "\"evidence\":\"was offered fleet.bin at version 1 once since TIME, and still reports"
                        + " version 1\"}]",
                answer.body());
    }

    @Test
    void pagesByLinks() {
        List<String> ids = new ArrayList<>();
        String next = "/fleet?limit=3&prefix=fleet-";
        int pages = 0;
        while (!next.isEmpty()) {
            HttpResponse<String> page = get(next);
            assertEquals(200, page.statusCode());
            page.body().lines().forEach(line -> ids.add(line.substring(1, 8)));
            String link = page.headers().firstValue("Link").orElse("");
            assertTrue(link.isEmpty() || link.matches("<[^>]+>; rel=\"next\""), link);
            next = link.isEmpty() ? "" : link.substring(1, link.indexOf('>'));
            pages++;
        }

        assertEquals(List.of("fleet-1", "fleet-2", "fleet-3", "fleet-4"), ids);
        assertEquals(2, pages);
        assertFalse(get("/fleet?limit=4&prefix=fleet-").headers().map().containsKey("link"), "exactly one page");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    # query                              | ids, in order
                    search=LEET-&limit=9                 | 1 2 3 4
                    search=Fleet.BIN&prefix=fleet&limit=9 | 1 2 3
                    search=7&prefix=fleet-&limit=9       | 4
                    search=.*&prefix=fleet-&limit=9      |
                    sort=device_id&limit=9               | 1 2 3 4
                    sort=-device_id&limit=9              | 4 3 2 1
                    sort=-device_id&limit=2&offset=1     | 3 2
                    sort=app_version&limit=9             | 2 3 4 1
                    sort=-app_version&limit=9            | 4 3 2 1
                    sort=last_seen&limit=9               | 2 3 4 1
                    sort=state&limit=9                   | 1 2 3 4
                    sort=-state&limit=9                  | 4 3 2 1
                    sort=-update_file_path&limit=9       | 3 2 1 4
                    sort=-device_id&limit=9&offset=4     |
                    offset=1&limit=2                     | 2 3
                    offset=3&limit=2                     | 4
                    offset=0&limit=2                     | 1 2
                    """)
    void searchesAndSorts(String query, @Nullable String ids) {
        String prefix = query.contains("search=LEET") || query.contains("prefix") ? "" : "&prefix=fleet-";

        String answer = get("/fleet?fields=device_id&" + query + prefix).body();

        assertEquals(
                ids == null ? "" : ids,
                answer.replaceAll("\"fleet-([0-9])\"\n", "$1 ").strip());
    }

    @Test
    void pagesInAnyOrderByLinks() {
        HttpResponse<String> first = get("/fleet?prefix=fleet-&sort=-device_id&limit=3&fields=device_id");
        String link = header(first, "Link");

        assertEquals("\"fleet-4\"\n\"fleet-3\"\n\"fleet-2\"\n", first.body());
        HttpResponse<String> second = get(link.substring(1, link.indexOf('>')));
        assertEquals("\"fleet-1\"\n", second.body());
        assertFalse(second.headers().map().containsKey("link"), "the last");
    }

    @Test
    void tellsOnlyTheFieldsThatAreWanted() {
        assertEquals(
                "\"unseen\",\"fleet-1\"\n",
                get("/fleet?fields=state,device_id&prefix=fleet-1").body());
        assertEquals(
                "[{\"app_version\":\"7\",\"device_id\":\"fleet-4\"}]",
                getJson("/fleet?fields=app_version,device_id&prefix=fleet-4").body());
    }

    @Test
    void tellsColumnsWithTheirNames() {
        assertEquals("""
                "state","device_id"
                "unseen","fleet-1"
                """, get("/fleet?columns=state,device_id&prefix=fleet-1").body());
        assertEquals(
                "[{\"app_version\":\"7\",\"device_id\":\"fleet-4\"}]",
                getJson("/fleet?columns=app_version,device_id&prefix=fleet-4").body());
        HttpResponse<String> first = get("/fleet?columns=device_id&prefix=fleet-&limit=3");
        String link = header(first, "Link");
        assertEquals("\"device_id\"\n\"fleet-1\"\n\"fleet-2\"\n\"fleet-3\"\n", first.body());
        assertEquals(
                "\"device_id\"\n\"fleet-4\"\n",
                get(link.substring(1, link.indexOf('>'))).body());
    }

    @Test
    void findsByWhenTheyWereSeen() {
        assertEquals(
                "\"fleet-2\"\n\"fleet-3\"\n\"fleet-4\"\n",
                get("/fleet?fields=device_id&prefix=fleet-&last_seen_from=2026-01-01T00:00:00Z&first_seen_to=2999-01-01")
                        .body());
        assertEquals("", get("/fleet?prefix=fleet-&last_seen_to=2026-01-01").body());
        assertEquals("", get("/fleet?prefix=fleet-&chip=ESP32").body(), "nobody knows what it is");
        assertTrue(get("/fleet?by=state&prefix=fleet-&last_seen_to=2999-01-01")
                .body()
                .startsWith("\"unseen\",\"0\"\n\"waiting\",\"0\"\n\"offered\",\"1\"\n"));
    }

    @Test
    void tellsHowManyThereWereInEachHour() {
        String counted;
        do {
            counted = get("/fleet/history").body();
        } while (counted.lines().count() < 11);

        assertMatches("\"at\",\"state\",\"devices\"\n\"TIME\",\"discovered\",\"...", counted);
        assertMatches(
                "[{\"at\":\"TIME\",\"state\":\"discovered\",\"devices\":...",
                getJson("/fleet/history").body());
        assertTrue(get("/fleet/history?by=version").body().startsWith("\"at\",\"app_version\",\"devices\"\n"));
        assertTrue(get("/fleet/history?by=rollout&from=2026-01-01")
                .body()
                .startsWith("\"at\",\"rollout\",\"offered\",\"updated\",\"failed\",\"pending\"\n"));
        assertEquals(
                11,
                get("/fleet/history?every=day&from=" + LocalDate.now(ZoneOffset.UTC))
                        .body()
                        .lines()
                        .count());
        assertEquals(
                "\"at\",\"state\",\"devices\"\n",
                get("/fleet/history?from=1970-01-01&to=1970-01-02").body());
    }

    @Test
    void escapesItsLinks() {
        poll("fleet-%C3%A9%26%3D%20%2B", "1");
        poll("fleet-%C3%A9%26%3D%20%2C", "1");

        String link = header(get("/fleet?limit=1&prefix=fleet-%C3%A9"), "Link");

        assertTrue(link.contains("after=fleet-%C3%A9%26%3D%20%2B"), link);
        assertTrue(
                get(link.substring(1, link.indexOf('>'))).body().startsWith("\"fleet-\u00e9&= ,\""),
                "the next one, and nothing else");
        Server.send("DELETE", "/fleet/fleet-%C3%A9%26%3D%20%2B", Server.ADMIN, (String) null);
        Server.send("DELETE", "/fleet/fleet-%C3%A9%26%3D%20%2C", Server.ADMIN, (String) null);
    }

    @Test
    void counts() {
        assertEquals("""
                "unseen","1"
                "waiting","0"
                "offered","1"
                "updated","1"
                "reverted","0"
                "stuck","0"
                "updated_silent","0"
                "silent","0"
                "unavailable","0"
                "discovered","1"
                """, get("/fleet?by=state&prefix=fleet-").body());
        assertEquals(
                "[{\"app_version\":null,\"devices\":1},{\"app_version\":\"1\",\"devices\":1},"
                        + "{\"app_version\":\"2\",\"devices\":1},{\"app_version\":\"7\",\"devices\":1}]",
                getJson("/fleet?by=version&prefix=fleet-").body());
    }

    @Test
    void countsByWhatTheyTookAndByGroup() {
        Server.send("PUT", "/groups/fleet-group", Server.ADMIN, "fleet-2\nfleet-3\nfleet-9");
        try {
            assertEquals(
                    "\"fleet-group\",\"2\"\n",
                    get("/fleet?by=group&group=fleet-group&prefix=fleet-").body());
            String byImage = get("/fleet?by=image&prefix=fleet-").body();
            assertMatches("\"\",\"3\"\n\"...\",\"1\"\n", byImage);
            String sha256 = byImage.substring(byImage.indexOf('\n') + 2, byImage.indexOf('\n') + 66);
            assertEquals(
                    "[{\"sha256\":\"" + sha256 + "\",\"devices\":1}]",
                    getJson("/fleet?by=image&image=" + sha256 + "&prefix=fleet-")
                            .body());
            assertEquals(
                    1,
                    get("/fleet?image=" + sha256 + "&prefix=fleet-")
                            .body()
                            .lines()
                            .count());
            assertEquals(
                    "[{\"chip\":null,\"devices\":4}]",
                    getJson("/fleet?by=chip&prefix=fleet-").body());
        } finally {
            Server.send("DELETE", "/groups/fleet-group", Server.ADMIN, (String) null);
        }
    }

    /** Before anybody withdraws the file, and after. */
    @Test
    void tellsBoardsThatUpdatedAndWereSilentSinceApart() {
        isAsMade = false;
        for (String version : List.of("1", "2", "2", "2", "2")) {
            poll("fleet-1", version);
            poll("fleet-4", "7");
        }
        awaitState("fleet-1", "updated_silent");
        awaitState("fleet-4", "silent");

        String ofFile = get("/fleet?by=state&file=fleet.bin").body();
        assertTrue(ofFile.contains("\"updated\",\"1\"\n"), ofFile);
        assertTrue(ofFile.contains("\"updated_silent\",\"1\"\n\"silent\",\"0\"\n"), ofFile);
        assertTrue(getJson("/fleet?by=state&version=2&prefix=fleet-")
                .body()
                .contains("{\"state\":\"updated_silent\",\"devices\":1}"));
        assertEquals(
                "\"fleet-1\"\n",
                get("/fleet?state=updated_silent&fields=device_id").body());
        assertEquals(
                "[{\"device_id\":\"fleet-1\",\"state\":\"updated_silent\"}]",
                getJson("/fleet?state=updated_silent&fields=device_id,state").body());

        Server.send("DELETE", "/devices?file=fleet.bin", Server.ADMIN, (String) null);

        assertEquals(
                "\"fleet-1\",\"updated_silent\"\n\"fleet-2\",\"discovered\"\n\"fleet-3\",\"discovered\"\n\"fleet-4\",\"silent\"\n",
                get("/fleet?prefix=fleet-&fields=device_id,state").body());
    }

    private static void awaitState(String id, String state) {
        while (!get("/fleet?fields=state&prefix=" + id).body().equals("\"" + state + "\"\n")) {
            Thread.onSpinWait();
        }
    }

    @Test
    void tellsAllOfADevice() {
        assertMatches("""
                device_id: fleet-3
                state: updated
                since: TIME
                app_version: 2
                app_version_since: TIME
                last_seen: TIME
                remote_addr: 127.0.0.1
                answer: no_update
                polls: 2
                update_file_path: fleet.bin
                replaces_version: 1
                offers: 1
                clone: false
                evidence: was offered fleet.bin at version 1 once, last at TIME, and reports version 2 since TIME
                first_seen: TIME
                assigned_at: TIME
                answer_since: TIME
                offered_file: fleet.bin
                offered_sha256: 039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81
                offered_to_version: 1
                offered_since: TIME
                offered_last: TIME
                updated_version: 2
                updated_at: TIME
                next poll: with version 2: 204 no_update, because its assignment offers fleet.bin to version 1 only
                next poll: with version 1: 200 offered, because its assignment offers fleet.bin to version 1
                next poll: with any other version: 204 no_update, because its assignment offers fleet.bin to version 1 only
                TIME updated: 1 -> 2, from 127.0.0.1
                TIME offered: fleet.bin, from 127.0.0.1
                TIME seen: 1, from 127.0.0.1
                TIME assigned: fleet.bin to version 1, by admin, from 127.0.0.1
                ...""", get("/fleet/fleet-3").body());
        String json = getJson("/fleet/fleet-4").body();
        assertMatches(
                "{\"device_id\":\"fleet-4\",\"state\":\"discovered\",...,\"first_seen\":\"TIME\",\"assigned_at\":null,"
                        + "\"answer_since\":\"TIME\",\"offered_file\":null,\"offered_sha256\":null,"
                        + "\"offered_to_version\":null,\"offered_since\":null,\"offered_last\":null,"
                        + "\"updated_version\":null,\"updated_at\":null,\"reverted_at\":null,"
                        + "\"chip\":null,\"project\":null,\"groups\":[],"
                        + "\"next_poll\":[{\"app_version\":\"7\",\"status\":404,\"answer\":\"unknown_device\","
                        + "\"reason\":\"the device isn't known: it has no assignment\"},{\"app_version\":null,\"status\":404,"
                        + "\"answer\":\"unknown_device\",\"reason\":\"the device isn't known: it has no assignment\"}],"
                        + "\"notes\":[],"
                        + "\"history\":[{\"at\":\"TIME\",\"event\":\"seen\",\"before\":null,\"after\":\"7\","
                        + "\"user\":null,\"remote_addr\":\"127.0.0.1\"}...],"
                        + "\"offer\":{\"status\":404,\"answer\":\"unknown_device\","
                        + "\"reason\":\"the device isn't known: it has no assignment\",\"rollout\":null,"
                        + "\"update_file_path\":null,\"not\":[]}}",
                json);
    }

    @Test
    void forgetsADevice() {
        isAsMade = false;
        HttpResponse<String> forgotten = Server.send("DELETE", "/fleet/fleet-4", Server.ADMIN, (String) null);

        assertEquals(200, forgotten.statusCode());
        assertEquals("device fleet-4 is forgotten\n", forgotten.body());
        assertEquals(404, get("/fleet/fleet-4").statusCode());
        HttpResponse<String> again = Server.send("DELETE", "/fleet/fleet-4", Server.ADMIN, (String) null);
        assertEquals(404, again.statusCode());
        assertEquals("device fleet-4 never polled\n", again.body());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    /fleet?state=odd | 400 | there is no state odd: only unseen, waiting, offered, updated, reverted, stuck, updated_silent, silent, unavailable, discovered
                    /fleet?stat=stuck | 400 | the query has stat, which isn't one of after, by, chip, clone, columns, fields, file, first_seen_from, first_seen_to, group, image, last_seen_from, last_seen_to, limit, offset, outcome, prefix, project, rollout, search, sort, state, version
                    /fleet?state= | 400 | the query must hold state once, and not empty
                    /fleet?state=stuck&state=silent | 400 | the query must hold state once, and not empty
                    /fleet?& | 400 | the query has , which isn't one of after, by, chip, clone, columns, fields, file, first_seen_from, first_seen_to, group, image, last_seen_from, last_seen_to, limit, offset, outcome, prefix, project, rollout, search, sort, state, version
                    /fleet?limit=0 | 400 | limit must be a number from 1 to 10000
                    /fleet?clone=1 | 400 | clone must be true or false
                    /fleet?by=file | 400 | by must be one of state, version, image, project, chip, group
                    /fleet?by=state&limit=1 | 400 | counts have no pages: by goes with neither after nor limit nor fields nor columns
                    /fleet?by=state&fields=state | 400 | counts have no pages: by goes with neither after nor limit nor fields nor columns
                    /fleet?sort=-last_seen | 400 | sort and offset go with limit, and not with after
                    /fleet?offset=1&limit=1&after=x | 400 | sort and offset go with limit, and not with after
                    /fleet?sort=offers&limit=1 | 400 | there is no order by offers: only by device_id, state, since, app_version, last_seen, update_file_path, first_seen, polls, and with a minus before it from its end
                    /fleet?offset=01&limit=1 | 400 | offset must be a number from 0 to 1000000
                    /fleet?offset=1000001&limit=1 | 400 | offset must be a number from 0 to 1000000
                    /fleet?fields=state,odd | 400 | fields has odd, which must be once, and one of device_id, state, since, app_version, app_version_since, last_seen, usual_gap_seconds, remote_addr, answer, polls, update_file_path, replaces_version, offers, clone, evidence
                    /fleet?fields=state,state | 400 | fields has state, which must be once, and one of device_id, state, since, app_version, app_version_since, last_seen, usual_gap_seconds, remote_addr, answer, polls, update_file_path, replaces_version, offers, clone, evidence
                    /fleet?columns=odd | 400 | columns has odd, which must be once, and one of device_id, state, since, app_version, app_version_since, last_seen, usual_gap_seconds, remote_addr, answer, polls, update_file_path, replaces_version, offers, clone, evidence
                    /fleet?columns=state&fields=state | 400 | fields and columns name the same: only one of them goes
                    /fleet?by=state&columns=state | 400 | counts have no pages: by goes with neither after nor limit nor fields nor columns
                    /fleet?last_seen_to=noon | 400 | last_seen_to must be a time in UTC such as 2026-12-01T20:00:00Z, or a date
                    /fleet?first_seen_from=2026-01-02&first_seen_to=2026-01-01 | 400 | first_seen_from must be before first_seen_to
                    /fleet/history?from=2026-02-30 | 400 | from must be a time in UTC such as 2026-12-01T20:00:00Z, or a date
                    /fleet/history?from=2026-01-01&to=2026-01-01T00:00Z | 400 | from must be before to
                    /fleet/history?from=2999-01-01 | 400 | from must be before to, which is now
                    /fleet/history?by=file | 400 | by must be one of state, version, rollout
                    /fleet/history?limit=1 | 400 | the query has limit, which isn't one of by, every, from, to
                    /fleet/history?every=week | 400 | every must be hour or day
                    /fleet?image=abc | 400 | image must be the SHA-256 of an image: 64 hexadecimal digits
                    /fleet?search=1%202%203%204%205%206%207%208%209%2010%2011 | 400 | search has more than 10 words: in double quotes a text is taken as it is
                    /fleet/history;x | 400 | the path has a semicolon, an empty segment or a dot segment
                    /fleet?prefix=%C3 | 400 | the query isn't percent-encoded UTF-8
                    /fleet/fleet-9 | 404 | device fleet-9 has neither an assignment nor ever polled
                    /fleet/a/b | 400 | the device id has a slash
                    """)
    void refuses(String path, int status, String sentence) {
        HttpResponse<String> answer = get(path);

        assertEquals(status, answer.statusCode());
        assertEquals(sentence + "\n", answer.body());
    }

    /** TIME stands for any time, and ... for anything. */
    private static void assertMatches(String expected, String actual) {
        String pattern =
                Pattern.quote(expected).replace("TIME", "\\E" + TIME + "\\Q").replace("...", "\\E(?s:.*)\\Q");
        assertTrue(actual.matches(pattern), actual);
    }

    private static int poll(String deviceId, String version) {
        return Server.send("GET", "/devices/" + deviceId + "?app_ver=" + version, Server.DEVICE, (String) null)
                .statusCode();
    }

    private static HttpResponse<String> get(String path) {
        Server.awaitPolls("");
        return Server.send("GET", path, Server.ADMIN, (String) null);
    }

    private static HttpResponse<String> getJson(String path) {
        Server.awaitPolls("");
        return Server.send(
                HttpRequest.newBuilder(URI.create(Server.ROOT + path))
                        .header("Authorization", Server.ADMIN)
                        .header("Accept", "application/json")
                        .build(),
                BodyHandlers.ofString());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
