package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.fuota.image.EspImageBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Other bytes for a path that devices are assigned: that is an assignment, too. Board up-1 has taken an ESP32 image of
 * project sensor and runs 2 since, and both boards are assigned the path up.bin.
 */
class AssignedUploadIT {
    private static final String OTHER_CHIP =
            "warning: up.bin is for ESP32-S3, but the last file that the device took is for ESP32 (device up-1)\n";
    private static final String OTHER_PROJECT =
            "warning: up.bin is of project pump, but the last file that the device took is of project sensor (device up-1)\n";

    private String run = "";

    /** Of bytes that no other test has a version for. */
    private byte[] image(String text) {
        return switch (text) {
            case "esp32" -> application("sensor").build();
            case "esp32-again" ->
                application("sensor").description(112, "v5.5\0").build();
            case "s3" -> application("sensor").header(12, 9).build();
            case "pump" -> application("pump").build();
            case "page" -> ("<html>" + run).getBytes(StandardCharsets.US_ASCII);
            default -> (text + run).getBytes(StandardCharsets.US_ASCII);
        };
    }

    private EspImageBuilder application(String project) {
        return EspImageBuilder.application().description(16, "v" + run + "\0").description(48, project + "\0");
    }

    @BeforeEach
    void aBoardThatTookAnImage() {
        run = "" + System.nanoTime();
        put("up.bin", image("esp32"));
        Server.assign("up-1", "1", "up.bin");
        poll("up-1", "1", 200);
        poll("up-1", "2", 204);
        Server.assign("up-1", "2", "other.bin");
        Server.assign("up-2", "1", "up.bin");
        put("other.bin", image("never offered"));
        Server.awaitPolls("");
    }

    @AfterEach
    void withdraw() {
        for (int i = 1; i <= 5; i++) {
            Server.send("DELETE", "/devices/up-" + i, Server.ADMIN, (String) null);
            Server.send("DELETE", "/fleet/up-" + i, Server.ADMIN, (String) null);
        }
        for (String path : List.of("up.bin", "other.bin", "fresh.bin")) {
            Server.send("DELETE", "/files/" + path, Server.ADMIN, (String) null);
        }
    }

    @ParameterizedTest(name = "{0} devices")
    @CsvSource({"0, 'assigned to no device', fresh.bin", "1, 'assigned to 1 device', up.bin"})
    void tellsHowManyDevicesAreAssignedThePath(int devices, String line, String path) {
        HttpResponse<String> text = put(path, image("esp32-again"));
        HttpResponse<String> json = put(path, image("esp32-again"), "Accept", "application/json");

        assertTrue(text.body().contains("\n" + line + "\n"), text.body());
        assertTrue(json.body().contains(",\"devices\":" + devices + ","), json.body());
    }

    @Test
    void carriesEachWarningOfAnAssignment() {
        put("up.bin", image("esp32-again"));
        Server.assign("up-1", "2", "up.bin");

        String s3 = put("up.bin", image("s3")).body();
        assertTrue(s3.contains(OTHER_CHIP), s3);
        String pump = put("up.bin", image("pump")).body();
        assertTrue(pump.contains(OTHER_PROJECT), pump);
        String page = put("up.bin", image("page")).body();
        assertTrue(
                page.contains(
                        "warning: up.bin isn't an application for an ESP32: the file is an HTML page, such as a web"
                                + " server's error page, and no ESP32 image (2 devices, the first up-1)\n"),
                page);
        String json = put("up.bin", image("pump"), "Accept", "application/json").body();
        assertTrue(json.contains("\"warnings\":["), json);
        assertTrue(json.contains("is of project pump, but"), json);
    }

    @Test
    void warnsOfAVersionThatTheImageHasItself() {
        Server.assign("up-2", "v" + run, "up.bin");

        String body = put("up.bin", image("esp32-again")).body();

        assertTrue(body.contains("warning: up.bin says that it is version v" + run + " itself: "), body);
    }

    /** A fault that is mended isn't told of what mends it: the board never took the wrong bytes. */
    @Test
    void comparesWithWhatTheBoardTookAndNotWithWhatThePathHolds() {
        put("up.bin", image("s3"));
        Server.assign("up-1", "2", "up.bin");
        poll("up-1", "2", 200);
        Server.awaitPolls("");
        put("other.bin", image("esp32-again"));

        String elsewhere = Server.send("PUT", "/devices/up-1", Server.ADMIN, "up-1,2,other.bin")
                .body();
        Server.assign("up-1", "2", "up.bin");
        String mended = put("up.bin", image("esp32-again")).body();

        assertFalse(elsewhere.contains("warning"), elsewhere);
        assertFalse(mended.contains("the device"), mended);
    }

    @Test
    void knowsWhatABoardTookWhenItsRowIsMadeAnew() {
        put("other.bin", image("s3"));
        Server.send("DELETE", "/devices/up-1", Server.ADMIN, (String) null);

        String one = Server.send("PUT", "/devices/up-1", Server.ADMIN, "up-1,2,other.bin")
                .body();
        Server.send("DELETE", "/devices/up-1", Server.ADMIN, (String) null);
        String many = Server.send("PUT", "/devices", Server.ADMIN, "up-1,2,other.bin\nup-2,1,other.bin\n")
                .body();

        String sentence = "warning: other.bin is for ESP32-S3, but the last file that the device took is for ESP32";
        assertTrue(one.contains(sentence + "\n"), one);
        assertTrue(many.contains(sentence + " (device up-1)\n"), many);
    }

    @Test
    void refusesBytesThatTheBoardItselfIsKnownToLoopWith() {
        byte[] before = Server.download("other.bin");
        String sentence = "update file other.bin is known to report version 2 itself (the device did): a device that"
                + " reports 2 would be offered it for ever";

        HttpResponse<String> refused = put("other.bin", image("esp32"));

        assertEquals(409, refused.statusCode(), refused.body());
        assertEquals(sentence + " (device up-1); ?force=true uploads it anyway\n", refused.body());
        assertArrayEquals(before, Server.download("other.bin"));
        assertEquals(409, put("other.bin?force=false", image("esp32")).statusCode());
        assertEquals(400, put("other.bin?force=1", image("esp32")).statusCode());

        HttpResponse<String> forced = put("other.bin?force=true", image("esp32"));

        assertEquals(200, forced.statusCode(), forced.body());
        assertTrue(forced.body().contains("warning: " + sentence + " (device up-1)\n"), forced.body());
        assertArrayEquals(image("esp32"), Server.download("other.bin"));
    }

    /** Whoever polls by hand, or a board that is odd, must not block a file for all. */
    @Test
    void takesTheWordOfThreeBoardsForARefusalAndWarnsOfFewer() {
        put("fresh.bin", image("many"));
        for (int i = 3; i <= 5; i++) {
            Server.assign("up-" + i, "1", "fresh.bin");
        }
        update("up-3");
        String one = Server.send("PUT", "/devices/up-2", Server.ADMIN, "up-2,2,fresh.bin")
                .body();
        update("up-4");
        String two = Server.send("PUT", "/devices/up-2", Server.ADMIN, "up-2,2,fresh.bin")
                .body();
        HttpResponse<String> upload = put("other.bin", image("many"));
        Server.send("DELETE", "/devices/up-2", Server.ADMIN, (String) null);
        update("up-5");
        HttpResponse<String> three = Server.send("PUT", "/devices/up-2", Server.ADMIN, "up-2,2,fresh.bin");

        String rest =
                " reported version 2 after fresh.bin: if it is so with others, those that report 2 are offered it for ever\n";
        assertTrue(one.contains("warning: 1 device" + rest), one);
        assertTrue(two.contains("warning: 2 devices" + rest), two);
        assertEquals(200, upload.statusCode(), upload.body());
        assertTrue(
                upload.body()
                        .contains("warning: 2 devices"
                                + rest.replace("fresh", "other").stripTrailing() + " (device up-1)\n"),
                upload.body());
        assertEquals(409, three.statusCode());
        assertEquals(
                "update file fresh.bin is known to report version 2 itself (3 devices did): a device that reports 2 would be"
                        + " offered it for ever; ?force=true assigns it anyway\n",
                three.body());
    }

    @Test
    void saysWhenBoardsDisagree() {
        put("fresh.bin", image("several"));
        for (int i = 3; i <= 5; i++) {
            Server.assign("up-" + i, "1", "fresh.bin");
        }
        update("up-3");
        update("up-4");
        poll("up-5", "1", 200);
        poll("up-5", "0.9", 204);
        Server.awaitPolls("");

        String other = Server.send("PUT", "/devices/up-2", Server.ADMIN, "up-2,0.9,fresh.bin")
                .body();
        String none = Server.send("PUT", "/devices/up-2", Server.ADMIN, "up-2,1,fresh.bin")
                .body();

        String disagree = "warning: devices disagree on what fresh.bin reports: 2 by 2 devices, 0.9 by 1 device\n";
        assertTrue(other.contains("warning: 1 device reported version 0.9 after fresh.bin: "), other);
        assertTrue(other.contains(disagree), other);
        assertTrue(none.contains(disagree), none);
    }

    private static void update(String deviceId) {
        poll(deviceId, "1", 200);
        poll(deviceId, "2", 204);
        Server.awaitPolls("");
    }

    private static void poll(String deviceId, String version, int status) {
        assertEquals(
                status,
                Server.send("GET", "/devices/" + deviceId + "?app_ver=" + version, Server.DEVICE, (String) null)
                        .statusCode());
    }

    private static HttpResponse<String> put(String target, byte[] content, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(Server.ROOT + "/files/" + target))
                .header("Authorization", Server.ADMIN)
                .PUT(BodyPublishers.ofByteArray(content));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return Server.send(request.build(), BodyHandlers.ofString());
    }
}
