package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Notes over HTTP, and what else a device's report tells beside its polls. */
class NoteIT {
    private final String board = "noted-" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeEach
    void poll() {
        Server.send("GET", "/devices/" + board + "?app_ver=1", Server.DEVICE, (String) null);
        Server.awaitPolls("");
    }

    @AfterEach
    void remove() {
        for (String number : numbers()) {
            admin("DELETE", "/notes/" + board + "/" + number, null);
        }
        admin("DELETE", "/groups/" + board, null);
        admin("DELETE", "/fleet/" + board, null);
    }

    @Test
    void tellsThemWithTheBoardAndByThemselves() {
        ok("POST", "/notes/" + board, "its antenna\r\nis \u00e9lite\n");
        ok("POST", "/notes/" + board, "moved to hall 3");
        ok("PUT", "/groups/" + board, board);
        List<String> numbers = numbers();

        assertEquals(2, numbers.size());
        assertTrue(Long.parseLong(numbers.get(0)) > Long.parseLong(numbers.get(1)), "newest first: " + numbers);
        String told = json("/fleet/" + board);
        assertTrue(
                told.matches("(?s).*\"chip\":null,\"project\":null,\"groups\":\\[\"" + board + "\"],.*"
                        + "\"notes\":\\[\\{\"number\":" + numbers.get(0)
                        + ",\"at\":\"[^\"]+Z\",\"user\":\"admin\",\"text\":\"moved to hall 3\"},\\{\"number\":"
                        + numbers.get(1)
                        + ",\"at\":\"[^\"]+Z\",\"user\":\"admin\",\"text\":\"its antenna\\\\nis \u00e9lite\"}],.*"),
                told);
        String lines = ok("GET", "/fleet/" + board, null);
        assertTrue(
                lines.contains("\ngroups: " + board + "\nnote " + numbers.get(0) + ": moved to hall 3, by admin at "),
                lines);
        assertTrue(lines.contains(" noted: moved to hall 3, by admin, from 127.0.0.1\n"), lines);
        String all = json("/notes");
        assertTrue(all.contains("{\"number\":" + numbers.get(1) + ",\"device_id\":\"" + board + "\",\"at\":\"2"), all);
        assertTrue(all.indexOf("lite\"}") < all.indexOf("moved to hall 3"), "oldest first");
    }

    @Test
    void staysWhenTheBoardIsForgotten() {
        ok("POST", "/notes/" + board, "retired in May");

        ok("DELETE", "/fleet/" + board, null);

        assertEquals(1, numbers().size());
        assertEquals(404, admin("GET", "/fleet/" + board, null).statusCode());
        String number = numbers().get(0);
        assertEquals(
                "note " + number + " on device " + board + " is deleted\n",
                ok("DELETE", "/notes/" + board + "/" + number, null));
        assertEquals(
                404, admin("DELETE", "/notes/" + board + "/" + number, null).statusCode());
        assertEquals("", ok("GET", "/notes/" + board, null));
    }

    private List<String> numbers() {
        return Pattern.compile("(?m)^\"([0-9]+)\",\"" + board + "\",")
                .matcher(ok("GET", "/notes/" + board, null))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static String ok(String method, String path, @Nullable String body) {
        HttpResponse<String> answer = admin(method, path, body);
        assertEquals(200, answer.statusCode(), answer.body());
        return answer.body();
    }

    private static HttpResponse<String> admin(String method, String path, @Nullable String body) {
        return Server.send(method, path, Server.ADMIN, body);
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
