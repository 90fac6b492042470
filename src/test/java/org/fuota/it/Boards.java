package org.fuota.it;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.fuota.image.EspImageBuilder;
import org.jspecify.annotations.Nullable;

/** Boards and update files of the deployment at /other, for whoever looks at its console. */
final class Boards {
    static final String CONTEXT = "/other";

    private Boards() {}

    /** With an empty fleet, where two offers are enough to be stuck, however soon: a fourth poll could make a board silent. */
    static void deploy(Path folder) throws IOException {
        Other.deploy(
                folder,
                context -> context.replace("${fuota.stuck.minutes:-10}", "0").replace("${fuota.stuck.offers:-3}", "2"));
    }

    /** The same, and a browser that shows it to an admin; {@link #close} when it is over. */
    static Browser open(Path folder) throws IOException {
        deploy(folder);
        Browser browser = Browser.open(Files.createDirectory(folder.resolve("profile")), CONTEXT);
        browser.logIn();
        return browser;
    }

    /** @param browser null when it couldn't be opened */
    static void close(@Nullable Browser browser) {
        if (browser != null) {
            browser.close();
        }
        Other.undeploy();
    }

    /** @param rows id, version and file, parted by commas */
    static void assign(List<String> rows) {
        String body = rows.stream()
                .map(row -> "\"" + row.replace(",", "\",\"") + "\"\n")
                .collect(Collectors.joining());
        require(200, Other.send("PUT", "/devices", body).statusCode());
    }

    /** As often as there are versions. */
    static void poll(String id, String... versions) {
        for (String version : versions) {
            String target =
                    CONTEXT + "/devices/" + VirtualBoard.encode(id) + "?app_ver=" + VirtualBoard.encode(version);
            int status =
                    Server.send("GET", target, Server.DEVICE, (String) null).statusCode();
            if (status != 200 && status != 204 && status != 404) {
                throw new AssertionError(id + " is answered " + status);
            }
        }
    }

    /** Until the fleet is counted so: a page that isn't live shows what was counted when it opened. */
    static void awaitCount(String query, String line) {
        Server.awaitPolls(CONTEXT);
        while (!Other.send("GET", "/fleet?" + query, null)
                .body()
                .lines()
                .toList()
                .contains(line)) {
            Thread.onSpinWait();
        }
    }

    static void upload(String path, String project, String version) {
        require(
                200,
                Server.send(
                                "PUT",
                                CONTEXT + "/files/" + path,
                                Server.ADMIN,
                                BodyPublishers.ofByteArray(image(project, version)))
                        .statusCode());
    }

    static byte[] image(String project, String version) {
        return EspImageBuilder.application()
                .description(16, version + "\0")
                .description(48, project + "\0")
                .build();
    }

    private static void require(int expected, int actual) {
        if (expected != actual) {
            throw new AssertionError(expected + " was expected, and " + actual + " came");
        }
    }
}
