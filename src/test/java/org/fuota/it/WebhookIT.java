package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.fuota.notify.Receiver;
import org.fuota.tomcat.TomcatProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Webhooks of the product as an operator configures them. Who may: RolesIT; that nobody is told without: OpenApiIT. */
@Timeout(120)
class WebhookIT {
    @TempDir
    Path folder;

    @AfterEach
    void undeploy() {
        Other.undeploy();
    }

    @Test
    void tellsOfATestAndGoesOnAfterANewStart() throws Exception {
        int logBefore = Server.log().length();
        try (Receiver receiver = new Receiver(500, 500, 500)) {
            deploy(receiver.url(), "true");

            HttpResponse<String> answer = Other.send("POST", "/webhooks/test", null);

            assertEquals(200, answer.statusCode());
            assertEquals("1 webhook is told of a test: GET /webhooks shows what comes of it\n", answer.body());
            await(() -> !receiver.told().isEmpty());
            await(() -> Other.send("GET", "/webhooks", null).body().contains("it answers 500"));
            JsonObject line = webhooks();
            assertEquals("127.0.0.1", line.get("host").getAsString());
            assertEquals(1, line.get("waiting").getAsInt());
            assertTrue(line.get("last_success").isJsonNull());

            Server.manager("undeploy?path=/other");
            deploy(receiver.url(), "true");

            await(() -> receiver.told().size() == 4);
            await(() -> webhooks().get("delivered").getAsInt() == 1);
            assertEquals(
                    1,
                    receiver.told().stream().map(Receiver.Told::id).distinct().count());
            Receiver.Told told = receiver.told().get(3);
            assertEquals("test", told.json().get("event").getAsString());
            assertTrue(told.text().matches("A test of Fuota's webhooks on [A-Za-z0-9._-]+, asked for by admin"));
            assertTrue(told.headers().getFirst("X-Fuota-Signature").matches("sha256=[0-9a-f]{64}"));
            String csv = Other.send("GET", "/webhooks", null).body();
            assertTrue(csv.matches("\"1\",\"127.0.0.1\",\"1\",\"0\",\"\",\"\",\"[-0-9T:.]+Z\"\n"), csv);
            String log = Server.log().substring(logBefore);
            assertTrue(
                    log.matches("(?s).*POST /webhooks/test by admin from [0-9a-f.:]+: webhooks told of a test: 1\n.*"),
                    log);
            assertFalse((log + csv).contains("S3CRET"), log);
        }
    }

    @Test
    void tellsOfRolloutsAndOfTheStop() throws Exception {
        try (Receiver receiver = new Receiver()) {
            deploy(receiver.url(), "true");
            Other.send("PUT", "/files/a.bin", "a");
            String definition = "{\"file\":\"a.bin\",\"replaces\":[\"1\"],\"stages\":[50,100]}";
            assertEquals(200, Other.send("PUT", "/rollouts/r", definition).statusCode());
            // Nobody reports that version.
            await(() -> receiver.told().size() >= 3);
            Other.send("POST", "/rollouts/r/pause", "<b> & c");
            Other.send("PUT", "/stop", "hall 3 goes dark");
            Other.send("DELETE", "/stop", null);
            await(() -> receiver.told().size() >= 6);

            assertEquals(
                    List.of(
                            "rollout_stage r: Rollout r comes to stage 1 of 2: the first 50 %",
                            "rollout_stage r: Rollout r comes to stage 2 of 2: all",
                            "rollout_completed r: Rollout r is completed",
                            "rollout_paused r: Rollout r is paused: by admin: (b) and c",
                            "offers_stopped stop: All offers are stopped, by admin: hall 3 goes dark",
                            "offers_resumed stop: Offers go on, by admin"),
                    receiver.told().stream()
                            .map(told -> told.json().get("event").getAsString() + " "
                                    + told.json().get("subject").getAsString() + ": " + told.text())
                            .toList());
        }
    }

    @Test
    void reachesNoPrivateAddressByDefault() throws Exception {
        try (Receiver receiver = new Receiver()) {
            deploy(receiver.url(), "false");

            Other.send("POST", "/webhooks/test", null);

            await(() -> !webhooks().get("last_error").isJsonNull());
            assertEquals(
                    "its address, 127.0.0.1, isn't public; fuota.webhook.private=true allows that",
                    webhooks().get("last_error").getAsString());
            assertEquals(List.of(), receiver.told());
        }
    }

    /** While it waits for somebody who hangs, by TLS and without. */
    @Test
    void leavesNothingBehind() throws Exception {
        try (ServerSocket hanging =
                new ServerSocket(TomcatProcess.freePort(), 50, InetAddress.getByName("127.0.0.1"))) {
            String urls = "http://127.0.0.1:" + hanging.getLocalPort() + "/ https://127.0.0.1:" + hanging.getLocalPort()
                    + "/";
            int logBefore = Server.log().length();
            deploy(urls, "true");
            Other.send("POST", "/webhooks/test", null);
            try (Socket one = hanging.accept();
                    Socket other = hanging.accept()) {
                assertTrue(one.isConnected() && other.isConnected());

                Server.manager("undeploy?path=/other");
            }

            assertFalse(Server.isLeaked("/other"));
            String log = Server.log().substring(logBefore);
            assertEquals(List.of(), Server.warnings(log), log);
        }
    }

    @Test
    void saysWhatIsWrongWithoutTellingTheUrl() throws Exception {
        int logBefore = Server.log().length();
        String context = Files.readString(Path.of("tomcat-conf/ROOT.xml"))
                .replace("${fuota.data:-/var/lib/fuota}", folder.resolve("data").toString())
                .replace("${fuota.webhooks:-}", "https://a.example/ ftp://b.example/S3CRET");

        String answer = Other.tryToDeploy(folder, context);

        assertTrue(answer.startsWith("FAIL"), answer);
        String log = Server.log().substring(logBefore);
        assertTrue(
                log.contains(
                        "Fuota's configuration, in the application's context XML: fuota/webhooks: URL 2 begins with"
                                + " neither https:// nor http://"),
                log);
        assertFalse(log.contains("S3CRET"), log);
    }

    private void deploy(String urls, String isPrivate) throws Exception {
        Other.deploy(
                folder,
                context -> context.replace("${fuota.webhooks:-}", urls)
                        .replace("${fuota.webhook.secret:-}", "S3CRET")
                        .replace("${fuota.webhook.private:-false}", isPrivate));
    }

    /** The first. */
    private static JsonObject webhooks() {
        HttpResponse<String> answer = Server.send(
                HttpRequest.newBuilder(URI.create(Server.ROOT + "/other/webhooks"))
                        .header("Authorization", Server.ADMIN)
                        .header("Accept", "application/json")
                        .build(),
                BodyHandlers.ofString());
        return OpenApi.json(answer.body()).getAsJsonArray().get(0).getAsJsonObject();
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }
}
