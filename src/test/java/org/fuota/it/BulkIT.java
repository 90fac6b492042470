package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code PUT /devices}, the refusal of loops, and the audit trail, over the wire. */
class BulkIT {
    // Of bytes that no other test's devices report a version for.
    private static final byte[] FIRST = "bulk, first".getBytes(StandardCharsets.UTF_8);
    private static final byte[] SECOND = "bulk, second".getBytes(StandardCharsets.UTF_8);

    @BeforeEach
    void aFileAndADevice() {
        Server.upload("bulk.bin", FIRST);
        Server.assign("bulk-1", "1", "bulk.bin");
    }

    @AfterEach
    void withdraw() {
        for (int i = 1; i <= 4; i++) {
            Server.send("DELETE", "/devices/bulk-" + i, Server.ADMIN, (String) null);
            Server.send("DELETE", "/fleet/bulk-" + i, Server.ADMIN, (String) null);
        }
        Server.send("DELETE", "/files/bulk.bin", Server.ADMIN, (String) null);
    }

    @Test
    void createsReplacesAndLeavesAlone() {
        put("/devices", "bulk-2,1,bulk.bin");
        List<String> before = history("bulk-1");

        HttpResponse<String> answer =
                put("/devices", "\"bulk-3\",\"1\",\"bulk.bin\"\r\nbulk-1,1,bulk.bin\n\nbulk-2,2,absent.bin\n");

        assertEquals(200, answer.statusCode());
        assertEquals("""
                3 assignments: 1 created, 1 changed, 1 the same
                warning: bulk.bin isn't an application for an ESP32: the file is no ESP32 image (2 devices, the first bulk-1)
                warning: update file absent.bin isn't uploaded yet; until it is, polls are answered 404 (device bulk-2)
                """, answer.body());
        assertEquals("""
                "bulk-1","1","bulk.bin"
                "bulk-2","2","absent.bin"
                "bulk-3","1","bulk.bin"
                """, rows());
        assertEquals(
                List.of(
                        "assigned: bulk.bin to version 1 -> absent.bin to version 2, by admin, from 127.0.0.1",
                        "assigned: bulk.bin to version 1, by admin, from 127.0.0.1"),
                history("bulk-2").subList(0, 2));
        assertEquals(before, history("bulk-1"), "nothing changed, so there is nothing to keep");
    }

    @Test
    void tellsWhatItWouldDoAndDoesNothing() {
        String before = rows();
        List<String> historyBefore = history("bulk-1");

        HttpResponse<String> text = put("/devices?dry_run=true", "bulk-1,2,bulk.bin\nbulk-2,1,bulk.bin\n");
        HttpResponse<String> json = Server.send(
                HttpRequest.newBuilder(URI.create(Server.ROOT + "/devices?dry_run=true"))
                        .header("Authorization", Server.ADMIN)
                        .header("Accept", "application/json")
                        .PUT(BodyPublishers.ofString("bulk-1,2,bulk.bin\nbulk-2,1,absent.bin\n"))
                        .build(),
                BodyHandlers.ofString());

        assertEquals(200, text.statusCode());
        assertTrue(text.body().startsWith("2 assignments: 1 created, 1 changed, 0 the same\n"), text.body());
        assertTrue(text.body().endsWith("dry run: nothing was changed\n"), text.body());
        assertEquals(
                "{\"dry_run\":true,\"rows\":2,\"created\":1,\"changed\":1,\"same\":0,\"left_out\":{",
                json.body().substring(0, json.body().indexOf("{\"devices\"") + 1));
        assertEquals(before, rows());
        assertEquals(historyBefore, history("bulk-1"));
        assertEquals(404, get("/fleet/bulk-2").statusCode());
    }

    @Test
    void takesAListOfIds() {
        poll("bulk-3", "7", 404);
        Server.awaitPolls("");

        HttpResponse<String> given =
                put("/devices?file=bulk.bin&replaces=5&dry_run=true", "board id\nbulk-1\nbulk-2,6\nbulk-3");
        HttpResponse<String> reported = json("/devices?file=bulk.bin", "bulk-1,2\nbulk-3,,other.bin\nbulk-4");

        assertEquals(
                "3 assignments: 2 created, 1 changed, 0 the same",
                given.body().lines().findFirst().orElse(""));
        assertEquals(200, reported.statusCode());
        assertEquals("""
                "bulk-1","2","bulk.bin"
                "bulk-3","7","other.bin"
                """, rows());
        assertEquals(
                "{\"dry_run\":false,\"rows\":3,\"created\":1,\"changed\":1,\"same\":0,"
                        + "\"left_out\":{\"devices\":1,\"first_ids\":[\"bulk-4\"]},\"reporting\":1,"
                        + "\"replaces\":[{\"replaces_version\":\"2\",\"devices\":1},{\"replaces_version\":\"7\",\"devices\":1}],"
                        + "\"files\":[{\"update_file_path\":\"bulk.bin\",\"devices\":1},"
                        + "{\"update_file_path\":\"other.bin\",\"devices\":1}],"
                        + "\"files_before\":[{\"update_file_path\":\"bulk.bin\",\"devices\":1}],"
                        + "\"never_polled\":{\"devices\":1,\"first_ids\":[\"bulk-1\"]},"
                        + "\"not_seen_for_a_week\":{\"devices\":0,\"first_ids\":[]},\"warnings\":",
                reported.body().substring(0, reported.body().indexOf("[\"bulk.bin isn't")));
        assertTrue(put("/devices?file=bulk.bin", "bulk-4")
                .body()
                .startsWith(
                        "1 assignment: 0 created, 0 changed, 0 the same, 1 left out, because no version is known that they could"
                                + " replace\n"));
    }

    @ParameterizedTest(name = "{0} when {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    24:6F:28:00:00:01 | 24:6f:28:00:00:01 is assigned | true
                    24-6f-28-00-00-02 | 24-6F-28-00-00-02 polls       | true
                    246f28000001      | 246F28000001 is assigned      | true
                    24:6f:28:00:00:01 | 24:6f:28:00:00:01 is assigned | false
                    24:6f:28:00:00:03 | 24:6f:28:00:00:01 is assigned | false
                    BULK-1            | bulk-1 is assigned            | false
                    """)
    void warnsOfAnAddressInOtherCase(String id, String known, boolean isWarned) {
        String other = known.substring(0, known.indexOf(' '));
        String warning =
                "\nwarning: no board with this id is known, but one whose id differs in case only; ids are compared"
                        + " letter by letter";
        if (known.endsWith("polls")) {
            poll(other, "1", 404);
            Server.awaitPolls("");
        } else {
            Server.assign(other, "1", "bulk.bin");
        }
        try {
            String many = put("/devices?dry_run=true", id + ",1,bulk.bin").body();
            String one = put("/devices/" + id, id + ",1,bulk.bin").body();

            assertEquals(isWarned, many.contains(warning + " (device " + id + ")\n"), many);
            assertEquals(isWarned, one.contains(warning + "\n"), one);
        } finally {
            for (String made : List.of(id, other)) {
                Server.send("DELETE", "/devices/" + made, Server.ADMIN, (String) null);
                Server.send("DELETE", "/fleet/" + made, Server.ADMIN, (String) null);
            }
        }
    }

    /** First the preview, then the same with its tag; and with it once more, when it doesn't hold any more. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    POST /fleet/withdraw            | bulk-1~bulk-2         | withdrawn from: 1 of 2 boards; the others had no assignment            | device bulk-1 had its assignment withdrawn, by admin at TIME
                    POST /fleet/forget              | bulk-2~bulk-3~bulk-2  | forgotten: 1 of 2 boards; the others never polled                      | device bulk-3 was forgotten, by admin at TIME
                    PUT /groups/bulk-group          | bulk-1~bulk-2         | put into group bulk-group: 1 of 2 boards; the others are in it already | others of these boards are in group bulk-group
                    POST /groups/bulk-group/leave   | bulk-1                | taken out of group bulk-group: 1 of 1 board                            | others of these boards are in group bulk-group
                    """)
    void actsUponManyAsThePreviewTold(String request, String body, String sentence, String change) {
        poll("bulk-3", "7", 404);
        Server.awaitPolls("");
        put("/groups/bulk-group", "bulk-1");
        if (request.startsWith("PUT")) {
            put("/groups/bulk-group", "bulk-2");
            delete("/groups/bulk-group/bulk-1");
        }
        String method = request.split(" ")[0];
        String path = request.split(" ")[1];
        String ids = body.replace('~', '\n');

        HttpResponse<String> preview = send(method, path + "?dry_run=true", ids, "Accept", "text/plain");
        String tag = preview.headers().firstValue("ETag").orElse("");
        HttpResponse<String> json = send(method, path + "?dry_run=true", ids, "Accept", "application/json");
        HttpResponse<String> done = send(method, path, ids, "If-Match", tag);
        HttpResponse<String> again = send(method, path, ids, "If-Match", tag);

        assertEquals("would be " + sentence + "\ndry run: nothing was changed\n", preview.body());
        assertTrue(json.body().contains("{\"dry_run\":true,\"boards\":" + (ids.contains("2") ? 2 : 1)), json.body());
        assertTrue(json.body().contains(",\"changed\":1,\"unchanged\":"), json.body());
        assertEquals(200 + sentence + "\n", done.statusCode() + done.body());
        assertEquals(
                412 + "since the preview, " + change + "; look again\n",
                again.statusCode() + again.body().replaceAll("[0-9-]{10}T[0-9:.]+Z", "TIME"));
        assertEquals(200, send(method, path, ids, "If-Match", "*").statusCode());
        delete("/groups/bulk-group");
    }

    /** What happens between the preview of a change and the change, and what that says then. */
    @ParameterizedTest(name = "{0} with {1}, meanwhile {2}")
    @CsvSource(delimiter = '|', textBlock = """
                    # query              | body                    | meanwhile                              | what the refusal says; nothing if there is none
                    ''                   | bulk-1,2,bulk.bin       | nothing                                |
                    ''                   | bulk-1,2,bulk.bin       | PUT /devices/bulk-3 bulk-3,1,bulk.bin  |
                    ''                   | bulk-1,2,bulk.bin       | poll bulk-1 2                          |
                    ''                   | bulk-1,2,bulk.bin       | PUT /devices/bulk-1 bulk-1,1,bulk.bin  |
                    ''                   | bulk-1,2,bulk.bin       | PUT /devices/bulk-1 bulk-1,1,other.bin | device bulk-1 was assigned other.bin to version 1, by bob at TIME
                    ''                   | bulk-1,2,bulk.bin       | PUT /devices bulk-1,3,bulk.bin         | device bulk-1 was assigned bulk.bin to version 3, by bob at TIME
                    ''                   | bulk-1,2,bulk.bin       | DELETE /devices/bulk-1                 | device bulk-1 had its assignment withdrawn, by bob at TIME
                    ''                   | bulk-2,2,bulk.bin       | PUT /devices/bulk-2 bulk-2,2,bulk.bin  | device bulk-2 was assigned bulk.bin to version 2, by bob at TIME
                    ''                   | bulk-1,2,bulk.bin       | PUT /files/bulk.bin new bytes          | update file bulk.bin was replaced, by bob at TIME
                    ''                   | bulk-1,2,bulk-later.bin | PUT /files/bulk-later.bin bytes        | update file bulk-later.bin was uploaded, by bob at TIME
                    &file=bulk.bin       | bulk-1                  | poll bulk-1 4                          | device bulk-1 has reported version 4 at TIME
                    &file=bulk.bin&replaces=3 | bulk-1             | poll bulk-1 5                          |
                    """)
    void refusesAChangeWhosePreviewDoesNotHoldAnyMore(
            String query, String body, String meanwhile, @Nullable String said) {
        Server.send("DELETE", "/files/bulk-later.bin", Server.ADMIN, (String) null);
        poll("bulk-1", "8", 204);
        Server.awaitPolls("");
        String tag = put("/devices?dry_run=true" + query, body)
                .headers()
                .firstValue("ETag")
                .orElse("");
        String target = "/devices" + query.replaceFirst("&", "?");
        String[] words = meanwhile.split(" ", 3);
        if (words[0].equals("poll")) {
            Server.send("GET", "/devices/" + words[1] + "?app_ver=" + words[2], Server.DEVICE, (String) null);
            Server.awaitPolls("");
        } else if (words.length > 1) {
            Server.send(words[0], words[1], Server.BOB, words.length > 2 ? words[2] : null);
        }
        String before = rows();

        HttpResponse<String> again = putIf(target + (target.contains("?") ? "&" : "?") + "dry_run=true", body, tag);
        HttpResponse<String> change = putIf(target, body, tag);

        assertEquals(said == null ? 200 : 412, change.statusCode(), change.body());
        assertEquals(change.statusCode(), again.statusCode(), "a preview may be conditional, too");
        if (said != null) {
            assertEquals(
                    "since the preview, " + said + "; look again\n",
                    change.body().replaceAll("[0-9-]{10}T[0-9:.]+Z", "TIME"));
            assertEquals(before, rows(), "nothing is changed");
        }
        Server.send("DELETE", "/files/bulk-later.bin", Server.ADMIN, (String) null);
    }

    @ParameterizedTest(name = "{0} with {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    bulk-1,2,bulk.bin               | TAG       | 200
                    bulk-1,2,bulk.bin               | "x", TAG  | 200
                    bulk-1,2,bulk.bin               | *         | 200
                    bulk-1,3,bulk.bin               | TAG       | 412
                    bulk-1,2,bulk.bin~bulk-2,2,bulk.bin | TAG   | 412
                    bulk-1,2,bulk.bin               | "x"       | 412
                    bulk-1,2,bulk.bin               | W/TAG     | 412
                    bulk-1,2,bulk.bin               | TAG"      | 412
                    """)
    void isOfOneRequest(String body, String ifMatch, int status) {
        String tag = put("/devices?dry_run=true", "bulk-1,2,bulk.bin")
                .headers()
                .firstValue("ETag")
                .orElse("");

        HttpResponse<String> answer = putIf("/devices", body.replace('~', '\n'), ifMatch.replace("TAG", tag));

        assertEquals(status, answer.statusCode(), answer.body());
        if (status == 412) {
            assertEquals("the request's If-Match names no preview of it\n", answer.body());
        }
    }

    @Test
    void replacesAndWithdrawsARowOnlyAsItIsKnown() {
        HttpResponse<String> first = put("/devices/bulk-1", "bulk-1,2,bulk.bin");
        String tag = first.headers().firstValue("ETag").orElse("");
        assertEquals(200, putIf("/devices/bulk-1", "bulk-1,3,bulk.bin", tag).statusCode());
        Server.send("PUT", "/devices/bulk-1", Server.BOB, "bulk-1,4,bulk.bin");

        for (String method : List.of("PUT", "DELETE")) {
            HttpResponse<String> refused = send(method, "/devices/bulk-1", "bulk-1,5,bulk.bin", "If-Match", tag);
            assertEquals(412, refused.statusCode());
            assertEquals(
                    "the assignment of device bulk-1 doesn't meet the request's If-... condition: device bulk-1 was assigned"
                            + " bulk.bin to version 4, by bob at TIME\n",
                    refused.body().replaceAll("[0-9-]{10}T[0-9:.]+Z", "TIME"));
        }
        assertEquals(
                412,
                send("PUT", "/devices/bulk-1", "bulk-1,5,bulk.bin", "If-None-Match", "*")
                        .statusCode());
        assertEquals(
                200,
                send("PUT", "/devices/bulk-2", "bulk-2,5,bulk.bin", "If-None-Match", "*")
                        .statusCode());
        assertEquals(404, send("DELETE", "/devices/bulk-3", "", "If-Match", tag).statusCode());
        assertEquals("\"bulk-1\",\"4\",\"bulk.bin\"\n\"bulk-2\",\"5\",\"bulk.bin\"\n", rows());
        String now = put("/devices/bulk-1", "bulk-1,4,bulk.bin")
                .headers()
                .firstValue("ETag")
                .orElse("");
        assertEquals(200, send("DELETE", "/devices/bulk-1", "", "If-Match", now).statusCode());
    }

    @Test
    void withdrawsAFileFromAllAndTellsHowMany() throws IOException {
        put("/devices", "bulk-2,1,bulk.bin\nbulk-3,1,other.bin\nbulk-4,7,bulk.bin");
        String before = rows();
        int logBefore = Server.log().length();

        HttpResponse<String> would = delete("/devices?file=bulk.bin&dry_run=true");
        assertEquals("3 assignments of bulk.bin would be withdrawn\ndry run: nothing was changed\n", would.body());
        assertEquals(before, rows());

        HttpResponse<String> done = delete("/devices?file=bulk.bin");

        assertEquals(200, done.statusCode());
        assertEquals("3 assignments of bulk.bin are withdrawn\n", done.body());
        assertEquals("\"bulk-3\",\"1\",\"other.bin\"\n", rows());
        poll("bulk-4", "7", 404);
        Server.awaitPolls("");
        assertEquals(
                "withdrawn: bulk.bin to version 7, by admin, from 127.0.0.1",
                history("bulk-4").get(0));
        assertTrue(
                Server.log()
                        .substring(logBefore)
                        .contains("DELETE /devices by admin from 127.0.0.1: 3 assignments of bulk.bin are withdrawn"),
                Server.log().substring(logBefore));
        assertEquals(
                "0 assignments of bulk.bin are withdrawn\n",
                delete("/devices?file=bulk.bin").body());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    /devices                       | the query must hold file once, and not empty
                    /devices?dry_run=true          | the query must hold file once, and not empty
                    /devices?file=                 | the query must hold file once, and not empty
                    /devices?file=bulk.bin&file=x  | the query must hold file once, and not empty
                    /devices?prefix=bulk           | the query has prefix, which isn't one of dry_run, file
                    """)
    void withdrawsNothingUnlessAFileIsNamed(String path, String sentence) {
        HttpResponse<String> answer = delete(path);

        assertEquals(400, answer.statusCode());
        assertEquals(sentence + "\n", answer.body());
        assertEquals("\"bulk-1\",\"1\",\"bulk.bin\"\n", rows());
    }

    @ParameterizedTest(name = "{0} {1}: {2} {3}")
    @CsvSource(delimiter = '|', textBlock = """
                    /devices               | ''                                   | 400 | the body has no assignment
                    /devices               | bulk-2,1,bulk.bin~bulk-3,1           | 400 | line 2, column 1: it must be three fields: "<device_id>","<app_version>","<update_file_path>"
                    /devices/              | bulk-2,1,bulk.bin~bulk-2,1,bulk.bin  | 400 | line 2: device bulk-2 is on line 1 already
                    /devices?dry_run=true  | bulk-2,1,a b                         | 400 | line 1, column 10: the update file path has a character that a board can't request: only A-Z a-z 0-9 ._~!$&'()*+,=:@- and / are allowed
                    /devices?dryrun=true   | bulk-2,1,bulk.bin                    | 400 | the query has dryrun, which isn't one of dry_run, exact, file, force, replaces
                    /devices?dry_run=yes   | bulk-2,1,bulk.bin                    | 400 | dry_run must be true or false
                    /devices?dry_run       | bulk-2,1,bulk.bin                    | 400 | the query must hold dry_run once, and not empty
                    /devices?replaces=1    | bulk-2                               | 400 | replaces goes with file: both are for lines that leave them out
                    /devices?file=.x       | bulk-2,1                             | 400 | the update file path has a segment that starts with a dot
                    /devices?file=bulk.bin | bulk-2~bad/id                        | 400 | line 2, column 1: the device id has a slash
                    /devices?force=1       | bulk-2,1,bulk.bin                    | 400 | force must be true or false
                    /devices               | bulk-2;1;bulk.bin                    | 400 | line 1, column 7: the fields seem to be parted by ;, and must be parted by commas
                    /devices/bulk-1        | bulk-1,1                             | 400 | line 1, column 1: it must be three fields: "<device_id>","<app_version>","<update_file_path>"
                    /devices/bulk-1        | bulk-1,1,bulk.bin~bulk-2,1,bulk.bin  | 400 | the body must be one assignment, and has 2
                    /devices/bulk-1        | bulk-1,"1,bulk.bin                   | 400 | line 1, column 8: the quote that begins here has no end
                    /devices/bulk-1?dry_run=true | bulk-1,2,bulk.bin              | 400 | the query has dry_run, which isn't one of force
                    """)
    void refusesAllOfIt(String path, String body, int status, String sentence) {
        String before = rows();

        HttpResponse<String> answer = put(path, body.replace('~', '\n'));

        assertEquals(status, answer.statusCode());
        assertEquals(sentence + "\n", answer.body());
        assertEquals(before, rows());
    }

    /** PowerShell 5 writes UTF-16 to a file, and Excel a byte order mark; both end their lines as Windows does. */
    @ParameterizedTest(name = "{0} as {1}")
    @CsvSource({
        "/devices, UTF-8",
        "/devices, UTF-16LE",
        "/devices, UTF-16BE",
        "/devices/bulk-2, UTF-8",
        "/devices/bulk-2, UTF-16LE"
    })
    void takesWhatWindowsWrites(String path, Charset charset) {
        byte[] body = "\ufeffid,version,file\r\n\"bulk-2\", \"1\", bulk.bin\r\n".getBytes(charset);

        HttpResponse<String> answer = Server.send("PUT", path, Server.ADMIN, BodyPublishers.ofByteArray(body));

        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(
                answer.body().contains("\nwarning: line 1 is taken for the names of the columns, and left out\n"),
                answer.body());
        assertEquals("\"bulk-1\",\"1\",\"bulk.bin\"\n\"bulk-2\",\"1\",\"bulk.bin\"\n", rows());
    }

    @Test
    void refusesWhatIsNotUtf8OrBreaksOff() throws IOException {
        HttpResponse<String> notUtf8 = Server.send(
                "PUT", "/devices", Server.ADMIN, BodyPublishers.ofByteArray(new byte[] {'b', (byte) 0xC3, '\n'}));
        assertEquals(400, notUtf8.statusCode());
        assertEquals(
                "line 1, column 2: the body isn't UTF-8, which a spreadsheet calls \"CSV UTF-8\"\n", notUtf8.body());

        try (SSLSocket socket = Server.connect("TLSv1.2")) {
            socket.getOutputStream()
                    .write(("PUT /devices HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + Server.ADMIN
                                    + "\r\nContent-Length: 134217729\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] start = socket.getInputStream().readNBytes(12);
            assertEquals("HTTP/1.1 413", new String(start, StandardCharsets.US_ASCII), "before any of the body");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/devices/bulk-2", "/devices", "/devices?dry_run=true"})
    void refusesToLoopForEver(String path) {
        byte[] image = path.getBytes(StandardCharsets.UTF_8);
        Server.upload("bulk.bin", image);
        put("/devices", "bulk-3,1,bulk.bin\nbulk-4,1,bulk.bin");
        for (String id : List.of("bulk-1", "bulk-3", "bulk-4")) {
            poll(id, "1", 200);
            poll(id, "9", 204);
        }
        Server.awaitPolls("");
        String sentence =
                "update file bulk.bin is known to report version 9 itself (3 devices did): a device that reports 9 would be"
                        + " offered it for ever";
        String where = path.contains("bulk-2") ? "" : "line 1: ";

        HttpResponse<String> refused = put(path, "bulk-2,9,bulk.bin");

        assertEquals(409, refused.statusCode());
        assertEquals(where + sentence + "; ?force=true assigns it anyway\n", refused.body());
        assertFalse(rows().contains("bulk-2"));
        assertEquals(200, put(path, "bulk-2,1,bulk.bin").statusCode(), "another version is no loop");
        HttpResponse<String> forced = put(path + (path.contains("?") ? "&" : "?") + "force=true", "bulk-2,9,bulk.bin");
        assertEquals(200, forced.statusCode());
        assertTrue(forced.body().contains("\nwarning: " + sentence), forced.body());
    }

    @Test
    void keepsWhoChangedWhat() throws IOException, GeneralSecurityException {
        int logBefore = Server.log().length();
        put("/devices/bulk-1", "bulk-1,2,bulk.bin");
        put("/devices/bulk-1", "bulk-1,2,bulk.bin");
        Server.send("DELETE", "/devices/bulk-1", Server.ADMIN, (String) null);
        Server.assign("bulk-1", "3", "bulk.bin");
        Server.upload("bulk.bin", SECOND);
        Server.send("DELETE", "/devices/bulk-1", Server.ADMIN, (String) null);
        Server.assign("bulk-1", "4", "other.bin");
        Server.send("DELETE", "/files/bulk.bin", Server.ADMIN, (String) null);

        assertEquals(
                List.of(
                        "assigned: other.bin to version 4, by admin, from 127.0.0.1",
                        "withdrawn: bulk.bin to version 3, by admin, from 127.0.0.1",
                        "assigned: bulk.bin to version 3, by admin, from 127.0.0.1",
                        "withdrawn: bulk.bin to version 2, by admin, from 127.0.0.1",
                        "assigned: bulk.bin to version 1 -> bulk.bin to version 2, by admin, from 127.0.0.1",
                        "assigned: bulk.bin to version 1, by admin, from 127.0.0.1"),
                history("bulk-1").subList(0, 6));
        String log = Server.log().substring(logBefore);
        for (String line : List.of(
                "PUT /devices/bulk-1 by admin from 127.0.0.1: assigned device bulk-1, before: bulk.bin to version 1,"
                        + " after: bulk.bin to version 2",
                "DELETE /devices/bulk-1 by admin from 127.0.0.1: withdrawn device bulk-1, before: bulk.bin to version 2",
                "PUT /files/bulk.bin by admin from 127.0.0.1: uploaded file bulk.bin, before:" + sha256(FIRST)
                        + ", after:" + sha256(SECOND),
                "DELETE /files/bulk.bin by admin from 127.0.0.1: deleted file bulk.bin, before:" + sha256(SECOND))) {
            assertTrue(log.contains(line), line + "\n" + log);
        }
    }

    private static String sha256(byte[] content) throws GeneralSecurityException {
        return " "
                + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    private static List<String> history(String deviceId) {
        return get("/fleet/" + deviceId)
                .body()
                .lines()
                .filter(line -> line.matches("[0-9-]{10}T.*(assigned|withdrawn).*"))
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .toList();
    }

    private static String rows() {
        return get("/devices")
                        .body()
                        .lines()
                        .filter(line -> line.startsWith("\"bulk-"))
                        .collect(Collectors.joining("\n"))
                + "\n";
    }

    private static void poll(String deviceId, String version, int status) {
        assertEquals(
                status,
                Server.send("GET", "/devices/" + deviceId + "?app_ver=" + version, Server.DEVICE, (String) null)
                        .statusCode());
    }

    private static HttpResponse<String> get(String path) {
        return Server.send("GET", path, Server.ADMIN, (String) null);
    }

    private static HttpResponse<String> delete(String path) {
        return Server.send("DELETE", path, Server.ADMIN, (String) null);
    }

    private static HttpResponse<String> putIf(String path, String body, String ifMatch) {
        return send("PUT", path, body, "If-Match", ifMatch);
    }

    private static HttpResponse<String> json(String path, String body) {
        return send("PUT", path, body, "Accept", "application/json");
    }

    private static HttpResponse<String> send(String method, String path, String body, String header, String value) {
        return Server.send(
                HttpRequest.newBuilder(URI.create(Server.ROOT + path))
                        .header("Authorization", Server.ADMIN)
                        .header(header, value)
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpResponse<String> put(String path, String body) {
        return Server.send("PUT", path, Server.ADMIN, body);
    }
}
