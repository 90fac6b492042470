package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people come to the console for, each from the overview on, with no more clicks, fields and keys than told here. */
class ConsoleJobsIT {
    private static final int BOARDS = 150;
    private static final int ROUND_TRIP_MILLIS = 400;
    private static final double LOSS = 0.01;

    @TempDir
    static Path folder;

    @BeforeAll
    static void deploy() throws IOException, SQLException {
        Boards.deploy(folder);
        ranAMonthAgo("0.7.9");
    }

    @AfterAll
    static void undeploy() {
        Other.undeploy();
    }

    /** As counted then: nobody waits for that. */
    private static void ranAMonthAgo(String version) throws SQLException {
        Instant hour = Instant.now().minus(Duration.ofDays(30)).truncatedTo(ChronoUnit.HOURS);
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:sqlite:" + folder.resolve("data/db/devices.db?busy_timeout=5000"));
                var insert = connection.prepareStatement(
                        "INSERT INTO fleet_history (kind, hour, name, boards) VALUES ('version', ?, ?, 77)")) {
            insert.setLong(1, hour.toEpochMilli());
            insert.setString(2, version);
            insert.executeUpdate();
        }
    }

    @Test
    void takesFewClicks() throws Exception {
        try (Browser browser = Browser.open(Files.createDirectory(folder.resolve("near")), Boards.CONTEXT)) {
            new Jobs("near", "0a", new Operator(browser)).all();
        }
    }

    @Test
    void takesAsFewOnASlowNetworkThatLosesSome() throws Exception {
        try (SlowNetwork network = new SlowNetwork(Server.PORT, ROUND_TRIP_MILLIS, LOSS);
                Browser browser =
                        Browser.open(Files.createDirectory(folder.resolve("far")), network.port(), Boards.CONTEXT)) {
            new Jobs("far", "0b", new Operator(browser)).all();
        }
    }

    /**
     * All of them, for boards and files of their own.
     *
     * @param name begins all paths and names
     * @param octet of the boards' MAC addresses
     */
    private record Jobs(String name, String octet, Operator operator) {
        void all() throws Exception {
            Browser browser = operator.browser;
            arrange();
            browser.logIn();

            assertEquals(3, operator.does("find why a board doesn't update", this::findWhy));
            assertEquals(2, operator.does("stop all offers of a bad release", this::stopAll));
            assertEquals(3, operator.does("pause a rollout", this::pause));
            assertEquals(7, operator.does("ship to a group, by a rollout", this::shipToAGroup));
            assertEquals(3, operator.does("see who changed what on a board", this::seeWhoDidWhat));
            assertEquals(2, operator.does("export the silent boards", this::exportSilent));
            assertEquals(2, operator.does("find a board by a part of its MAC address", this::findByPart));
            assertEquals(5, operator.does("leave a note at a board", this::leaveANote));
            assertEquals(8, operator.does("put 150 boards in a group", this::putInAGroup));
            assertEquals(2, operator.does("see which versions ran a month ago", this::lookBack));
            assertEquals(8, operator.does("upload a file and roll it out", this::uploadAndRollOut));
            assertEquals(3, operator.does("withdraw a file from all boards", this::withdrawFromAll));

            System.out.println("jobs, " + name + ": acts, seconds\n" + operator.report());
            assertEquals(List.of(), browser.complaints());
        }

        private String board(int number) {
            return String.format(Locale.ROOT, "24:6F:28:%s:00:%02X", octet.toUpperCase(Locale.ROOT), number);
        }

        private String own(String text) {
            return name + "-" + text;
        }

        private void arrange() {
            Boards.upload(own("2.bin"), name, "2.0.0");
            Boards.upload(own("3.bin"), name, "3.0.0");
            Boards.assign(IntStream.rangeClosed(1, BOARDS)
                    .mapToObj(i -> board(i) + ",1.0.0," + own("2.bin"))
                    .toList());
            Boards.poll(board(1), "0.9.0");
            Boards.poll(own("canary-1"), own("canary"));
            Boards.poll(own("canary-2"), own("canary"));
            Boards.poll(own("run-1"), own("run"));
            Boards.poll(own("last"), own("last"));
            Boards.poll(own("quiet"), "1.0.0", "1.0.0", "1.0.0", "1.0.0", "1.0.0");
            Boards.awaitCount("columns=device_id&state=silent", "\"" + own("quiet") + "\"");
            put("/groups/" + own("canary"), own("canary-1") + "\n" + own("canary-2") + "\n");
            put(
                    "/rollouts/" + own("running"),
                    "{\"file\":\"%s\",\"replaces\":[\"%s\"],\"stages\":[100]}".formatted(own("3.bin"), own("run")));
        }

        private static void put(String path, String body) {
            var answer = Other.send("PUT", path, body);
            assertEquals(200, answer.statusCode(), answer.body());
        }

        private void findWhy() {
            operator.search(board(1));
            operator.click("#boards a[href*='" + octet.toUpperCase(Locale.ROOT) + "']");
            operator.browser.awaitText("#why", "offered nothing");
        }

        private void stopAll() {
            operator.click("#halt");
            operator.click("dialog [data-value=yes]");
            operator.browser.awaitText("#stopped", "All offers are stopped.");
            assertEquals(200, Other.send("DELETE", "/stop", null).statusCode());
        }

        private void pause() {
            operator.click("#under-way a[href$='" + own("running") + "']");
            operator.click("[data-action=pause]");
            operator.click("dialog [data-value=yes]");
            operator.browser.awaitText("#state", "paused");
        }

        private void shipToAGroup() {
            operator.press("n");
            operator.choose("#new-file", own("2.bin"));
            operator.click("#new-versions input[value='" + own("canary") + "']");
            operator.choose("#new-group", own("canary"));
            operator.click("#preview-button");
            operator.browser.awaitText("#preview-lead", "2 boards");
            operator.click("#apply");
            operator.click("dialog [data-value=yes]");
            operator.browser.awaitText("#state", "running");
        }

        private void seeWhoDidWhat() {
            operator.search(board(2));
            operator.click("#boards tr:nth-child(1) a");
            operator.browser.awaitText("#history", "by admin from");
        }

        private void exportSilent() {
            operator.click("#tiles a[href$='state=silent']");
            operator.browser.awaitText("#boards", own("quiet"));
            operator.click("#export");
            String list = operator.browser.<String>script("""
                    const request = new XMLHttpRequest();
                    request.open('GET', document.getElementById('export').href, false);
                    request.send();
                    return request.responseText;""");
            assertTrue(list.contains(own("quiet")), list);
        }

        private void findByPart() {
            operator.search("6f-28-" + octet + "-00-9");
            operator.browser.awaitText("#range", "of 7 boards");
        }

        private void leaveANote() {
            operator.search(board(3));
            operator.click("#boards tr:nth-child(1) a");
            operator.type("#note-text", "behind the old pump");
            operator.click("#note button");
            operator.browser.awaitText("#notes", "behind the old pump");
        }

        private void putInAGroup() {
            operator.search("246f28" + octet);
            operator.browser.awaitText("#range", "of 150 boards");
            operator.click("#pick-all");
            operator.click("#picked [data-act=all]");
            operator.click("#picked [data-act=join]");
            operator.type("#dialog-group", own("hall"));
            operator.click("dialog [data-value=yes]");
            operator.browser.awaitText("dialog h2", "Put 150 boards");
            operator.click("dialog [data-value=yes]");
            operator.browser.awaitText("#told", "150 boards joined it");
        }

        private void lookBack() {
            operator.click("#spans a:nth-child(2)");
            operator.click("#versions-over-time summary");
            operator.browser.awaitText("#versions-over-time table", "0.7.9");
        }

        private void uploadAndRollOut() throws IOException {
            Path file = Files.write(folder.resolve(own("4.bin")), Boards.image(name, "4.0.0"));
            operator.press("g u");
            operator.browser.find("#drop");
            operator.attach("#choose", file);
            operator.click("#uploads li:last-child button.primary");
            operator.click("#uploads li:last-child a.primary");
            operator.click("#new-versions input[value='" + own("last") + "']");
            operator.click("#preview-button");
            operator.click("#apply");
            operator.click("dialog [data-value=yes]");
            operator.browser.awaitText("#state", "running");
        }

        private void withdrawFromAll() {
            operator.press("g u");
            operator.click("[data-act=withdraw][data-path='" + own("2.bin") + "']");
            operator.click("dialog [data-value=yes]");
            operator.browser.awaitText("#withdrawn", "Withdrawn from 150 boards.");
        }
    }
}
