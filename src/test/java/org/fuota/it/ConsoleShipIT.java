package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** Uploads by the console, and ships to boards that then behave in each way. */
class ConsoleShipIT {
    @TempDir
    static Path folder;

    private static Browser browser;

    @BeforeAll
    static void logIn() throws IOException {
        browser = Boards.open(folder);
    }

    @AfterAll
    static void close() {
        Boards.close(browser);
    }

    @BeforeEach
    void boards() {
        Boards.upload("old.bin", "app", "1.0.0");
        List<String> rows = new ArrayList<>();
        for (int i = 1; i <= 12; i++) {
            rows.add(id(i) + ",0.9.0,old.bin");
        }
        Boards.assign(rows);
        for (int i = 1; i <= 12; i++) {
            Boards.poll(id(i), "1.0.0");
        }
        Boards.awaitCount("by=version", "\"1.0.0\",\"12\"");
    }

    @AfterEach
    void remove() {
        for (int i = 1; i <= 12; i++) {
            Other.send("DELETE", "/devices/" + id(i), null);
            Other.send("DELETE", "/fleet/" + id(i), null);
        }
        for (String path : List.of("new.bin", "big.bin", "old.bin", "loop.bin", "a-b-.bin")) {
            Other.send("DELETE", "/files/" + path, null);
        }
    }

    /** A file that boards are known to report 1.0.0 after, of bytes that no other test ships. */
    private static void learnALoop() {
        Boards.upload("loop.bin", "loop", "1.0.0");
        for (int i = 10; i <= 12; i++) {
            Boards.assign(List.of(id(i) + ",0.9.0,loop.bin"));
            Boards.poll(id(i), "0.9.0", "1.0.0");
        }
        Server.awaitPolls("/other");
    }

    private static String id(int number) {
        return "ship-%02d".formatted(number);
    }

    @Test
    void uploadsWithAVerdict() throws IOException {
        byte[] image = Boards.image("app", "1.1.0");
        byte[] broken = image.clone();
        broken[200] ^= 1;
        browser.go("#/files");
        browser.awaitText("#drop", "At most 16.0 MiB each");
        choose(write("new.bin", image), write("broken.bin", broken));
        browser.script("""
                const data = new DataTransfer();
                data.items.add(new File(['text'], 'a <b>.bin'));
                document.getElementById('drop').dispatchEvent(
                    new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true}));
                return true""");
        assertEquals(
                "a-b-.bin",
                browser.find("#uploads li:nth-child(3) input").getAttribute("value"),
                "what a board can request");
        browser.click("#upload-all-button");

        browser.awaitText("#uploads li:nth-child(1)", "Stored.");
        browser.awaitText("#uploads li:nth-child(1)", "Application for ESP32: app 1.1.0");
        browser.awaitText("#uploads li:nth-child(2)", "Not stored.");
        assertEquals(
                Server.send(
                                "PUT",
                                "/other/files/broken.bin",
                                Server.ADMIN,
                                HttpRequest.BodyPublishers.ofByteArray(broken))
                        .body()
                        .strip()
                        .substring(1),
                browser.text("#uploads li:nth-child(2) .note").replaceAll("^Not stored\\. .|\\.$", ""),
                "the server's own words");
        browser.awaitText("#uploads li:nth-child(3)", "Stored.");
        browser.awaitText("#files", "new.bin");
        assertEquals(
                Server.ROOT + "/other/files/new.bin",
                browser.find("a[aria-label='Download new.bin'][download]").getAttribute("href"));

        choose(write("new.bin", Boards.image("app", "1.1.1")));
        browser.click("#uploads li:last-child button.primary");
        browser.awaitText("#uploads li:last-child", "There is an update file at this path already");
        assertTrue(listed("new.bin").contains("\"1.1.0\""));
        browser.click("#uploads li:last-child button.primary");
        browser.awaitText("#uploads li:last-child", "Application for ESP32: app 1.1.1");
        assertTrue(listed("new.bin").contains("\"1.1.1\""));
        clearUploads();
    }

    @Test
    void showsProgressAndCancels() throws IOException {
        browser.go("#/files");
        browser.find("#files td");
        browser.network(200_000);
        try {
            choose(write("big.bin", new byte[8 << 20]));
            browser.click("#uploads li button.primary");
            browser.await(
                    () -> browser.<Number>script("return document.querySelector('#uploads progress').position")
                                    .doubleValue()
                            > 0,
                    () -> "no progress");
            browser.awaitText("#uploads", "of 8.0 MiB sent");
            browser.click("#uploads li button");
            browser.awaitText("#uploads", "Cancelled.");
        } finally {
            browser.network(-1);
        }
        assertEquals("", listed("big.bin"));
        clearUploads();
    }

    @Test
    void saysWhatTheServerWouldNotEvenRead() throws IOException {
        browser.go("#/files");
        browser.awaitText("#drop", "At most 16.0 MiB each");
        choose(write("huge.bin", new byte[17 << 20]));
        browser.awaitText("#uploads", "the server takes 16.0 MiB at most");
        browser.click("#uploads li button");
        browser.awaitText("#uploads", "Not stored.");
        browser.await(() -> browser.text("#uploads").matches("(?s).*(16777216|16\\.0 MiB).*"), () -> "no reason");
        clearUploads();
    }

    @Test
    void deletesWhatNoBoardIsAssigned() {
        Boards.upload("new.bin", "app", "1.1.0");
        browser.go("#/files");
        browser.click("button[aria-label='Delete old.bin']");
        browser.awaitText("dialog", "is assigned to 12 boards");
        browser.click("dialog button");
        browser.click("button[aria-label='Delete new.bin']");
        browser.awaitText("dialog", "can\u2019t be undone");
        browser.click("dialog button.danger");
        browser.await(() -> !browser.text("#files").contains("new.bin"), () -> "it is still there");
        browser.awaitText("#toasts", "new.bin is deleted.");
        assertEquals("", listed("new.bin"));
        assertFalse(listed("old.bin").isEmpty());
    }

    /** The whole way, by the keyboard alone. */
    @Test
    void shipsToAFleetAndWatchesItUpdate() {
        Boards.upload("new.bin", "app", "1.1.0");
        browser.go("#/fleet");
        browser.awaitText("#range", "of 12 boards");
        browser.tabTo("#skip");
        browser.tabTo("nav a[data-page=ship]");
        browser.press(Keys.ENTER);
        browser.awaitText("h1", "Ship an update");
        browser.find("#ship-file option[value='new.bin']");
        browser.tabTo("#ship-file");
        browser.press("new");
        browser.tabTo("input[name=way]");
        browser.tabTo("#ship-version");
        browser.press("1.0.0");
        browser.awaitText("#ship-file-facts", "app 1.1.0 for ESP32");
        browser.tabTo("#preview-button");
        browser.press(Keys.ENTER);
        browser.awaitText("#preview-lead", "12 boards would be assigned new.bin.");
        assertEquals("12\nchanged", browser.text("#preview-changed"));
        browser.awaitText("#preview", "ESP32 (12)");
        assertFalse(Other.send("GET", "/devices", null).body().contains("new.bin"), "a preview changes nothing");
        browser.tabTo("#apply");
        browser.press(Keys.ENTER);
        browser.awaitText("dialog", "Ship to 12 boards?");
        browser.tabTo("dialog button.primary");
        browser.press(Keys.ENTER);

        browser.awaitText("#watch-lead", "0 of 12 boards updated");
        assertTrue(browser.driver.getCurrentUrl().endsWith("#/watch/new.bin"));
        for (int i = 1; i <= 12; i++) {
            Boards.poll(id(i), "1.0.0");
        }
        browser.awaitText("#watch-offered", "12");
        for (int i = 1; i <= 9; i++) {
            Boards.poll(id(i), "1.1.0");
        }
        browser.awaitText("#watch-lead", "9 of 12 boards updated (75 %)");
        Boards.poll(id(10), "1.0.0");
        browser.awaitText("#watch-stuck", "1");
        Boards.poll(id(11), "1.0.0", "1.0.0", "1.0.0", "1.0.0", "1.0.0");
        browser.awaitText("#watch-silent", "1");
        browser.awaitText("#watch-offered", "1");
        Boards.poll(id(12), "1.1.0");
        browser.awaitText("#watch-lead", "10 of 12 boards updated (83 %)");
    }

    /** As after an image that bricks. */
    @Test
    void tellsBoardsThatUpdatedAndWereSilentSinceApart() {
        Boards.upload("new.bin", "app", "1.1.0");
        Boards.assign(List.of(id(1) + ",1.0.0,new.bin", id(2) + ",1.0.0,new.bin", id(3) + ",1.0.0,new.bin"));
        Boards.poll(id(1), "1.0.0", "1.1.0", "1.1.0", "1.1.0", "1.1.0");
        Boards.poll(id(2), "1.0.0", "1.1.0");
        browser.go("#/watch/new.bin");
        browser.awaitText("#watch-updated_silent", "1\nupdated, silent");
        browser.awaitText("#watch-alarm", "1 board updated, and doesn\u2019t poll any more.");
        browser.awaitText("#watch-lead", "1 of 3 boards updated (33 %)");
        assertEquals("0", browser.text("#watch-silent .watch-count"));

        browser.click("#watch-updated_silent");
        browser.awaitText("#range", "1\u20131 of 1 board");
        assertEquals(List.of("updated, silent"), browser.texts("#boards .badge"));
        assertTrue(browser.text("#states [aria-current]").contains("updated, silent"));
        browser.awaitText("#chips", "updated, silent");
        browser.click("#boards .id");
        browser.awaitText("#state", "updated, silent");

        browser.go("#/watch/new.bin");
        browser.click("#withdraw-all");
        browser.awaitText("dialog", "2 boards have updated already");
        browser.click("dialog button.danger");
        browser.awaitText("#withdrawn", "2 updated boards stay as they are; 1 isn\u2019t offered it any more.");
        browser.go("#/fleet?state=updated_silent");
        browser.awaitText("#range", "1\u20131 of 1 board");
    }

    @Test
    void shipsToWhatIsTickedInTheFleet() {
        Boards.upload("new.bin", "app", "1.1.0");
        browser.go("#/fleet?search=ship-");
        browser.click("input[aria-label='Select board ship-03']");
        browser.click("input[aria-label='Select board ship-05']");
        browser.awaitText("#picked", "2 boards selected");
        browser.click("[data-act=assign]");
        browser.choose("#ship-file", "new.bin");
        browser.click("#preview-button");
        browser.awaitText("#preview-lead", "2 boards would be assigned new.bin.");
        browser.click("#apply");
        browser.click("dialog button.primary");
        browser.awaitText("#watch-lead", "0 of 2 boards updated");
        assertEquals(
                List.of("\"ship-03\",\"1.0.0\",\"new.bin\"", "\"ship-05\",\"1.0.0\",\"new.bin\""),
                Other.send("GET", "/devices", null)
                        .body()
                        .lines()
                        .filter(line -> line.contains("new.bin"))
                        .toList());
    }

    @Test
    void shipsToAListAndSaysWhatIsDoubtful() {
        browser.go("#/ship?boards=list&file=old.bin");
        browser.find("#ship-file option[value='old.bin']");
        browser.type("#ship-list", "ship-01\n\"ship-02\",1.0.0,missing.bin\nstranger\nother-stranger,3.0.0\n");
        browser.click("#preview-button");
        browser.awaitText("#preview-lead", "3 boards would be assigned 2 files.");
        browser.awaitText("#preview", "Left out");
        browser.awaitText("#preview", "1 board, which never reported a version");
        browser.awaitText("#preview", "other-stranger");
        browser.awaitText("#preview", "missing.bin isn't uploaded yet");

        // The same code reads it as reads the API's: to the letter.
        for (String list : List.of(
                "ship-01,1.0.0,old.bin,more",
                "ship-01\nbad/id",
                "ship-01,1.0.0,.hidden",
                "ship-01\nship-01",
                "ship-01;1.0.0",
                "ship-01\n\"ship-02",
                "1.23457E+14")) {
            browser.type("#ship-list", list);
            browser.click("#preview-button");
            browser.awaitText("#preview", "The server would refuse this.");
            String refusal = Other.send("PUT", "/devices?dry_run=true&file=old.bin", list)
                    .body()
                    .strip();
            assertEquals(
                    refusal.substring(1).replaceAll("\\bdevice\\b", "board"),
                    browser.text("#preview .note").replaceAll("^The server would refuse this\\. .|\\.$", ""));
        }
    }

    @Test
    void takesAListWithItsOwnFilesOnly() {
        browser.go("#/ship?boards=list");
        browser.find("#ship-file option[value='old.bin']");
        browser.type("#ship-list", "ship-01");
        browser.click("#preview-button");
        browser.awaitText(
                "#preview", "Without an update file chosen above, each line must name its version and its file.");
        browser.type("#ship-list", "ship-01,2.0.0,old.bin");
        browser.click("#preview-button");
        browser.awaitText("#preview-lead", "1 board would be assigned old.bin.");
    }

    @Test
    void keepsTheFilterOfTheBoardsWhenAFileIsChosen() {
        Boards.upload("new.bin", "app", "1.1.0");
        browser.go("#/ship?boards=filter&of-file=old.bin&of-search=ship-0");
        browser.awaitText("#way", "file old.bin, search ship-0");
        browser.choose("#ship-file", "new.bin");
        browser.awaitText("#way", "file old.bin, search ship-0");
        browser.click("#preview-button");
        browser.awaitText("#preview-lead", "9 boards would be assigned new.bin.");
    }

    /** In two windows. */
    @Test
    void shipsOverNobodyUnseen() throws IOException {
        Boards.upload("new.bin", "app", "1.1.0");
        browser.go("#/ship?boards=version&version=1.0.0&file=new.bin");
        browser.find("#ship-file option[value='new.bin']");
        browser.click("#preview-button");
        browser.awaitText("#preview-lead", "12 boards would be assigned new.bin.");
        try (Browser other = Browser.open(Files.createDirectory(folder.resolve("bob")), Boards.CONTEXT)) {
            other.logIn("bob", "it-bob-password");
            other.go("#/ship?boards=list&file=old.bin");
            other.find("#ship-file option[value='old.bin']");
            other.type("#ship-list", "ship-07,7.7.7");
            other.click("#preview-button");
            other.click("#apply");
            other.click("dialog button.primary");
            other.find("#watch-lead");
        }

        browser.click("#apply");
        browser.click("dialog button.primary");

        browser.awaitText("#preview", "Nothing was changed.");
        assertTrue(
                browser.text("#preview")
                        .matches(
                                "(?s).*Since the preview, board ship-07 was assigned old\\.bin to version 7\\.7\\.7, by bob at"
                                        + " [0-9-]+T[0-9:.]+Z; look again\\..*"),
                browser.text("#preview"));
        assertTrue(browser.isFocused("#again"));
        assertFalse(Other.send("GET", "/devices", null).body().contains("new.bin"));
        browser.press(Keys.ENTER);
        browser.awaitText("#preview-lead", "12 boards would be assigned new.bin.");
        browser.click("#apply");
        browser.click("dialog button.primary");
        browser.awaitText("#watch-lead", "0 of 12 boards updated");
    }

    @Test
    void speaksOfBoardsAndLeavesNamesAsTheyAre() {
        Server.send("PUT", "/other/files/plain.bin", Server.ADMIN, HttpRequest.BodyPublishers.ofString("plain"));
        try {
            browser.go("#/ship?boards=version&version=1.0.0&file=plain.bin");
            browser.find("#ship-file option[value='plain.bin']");
            browser.click("#preview-button");
            browser.awaitText("#preview", ": plain.bin isn't an application");
            browser.awaitText("#preview", "(12 boards, the first ship-01)");

            learnALoop();
            browser.go("#/ship?boards=list&file=loop.bin");
            browser.find("#ship-file option[value='loop.bin']");
            browser.type("#ship-list", "ship-01,1.0.0");
            browser.click("#preview-button");
            browser.awaitText("#preview", "a board that reports 1.0.0 would be offered it for ever.");
            assertFalse(browser.text("#preview").matches("(?s).*(force|device).*"), browser.text("#preview"));
            browser.click("#preview .note button");
            browser.awaitText("#preview-lead", "1 board");
        } finally {
            Other.send("DELETE", "/files/plain.bin", null);
        }
    }

    /** On the same chip. */
    @Test
    void warnsOfAnotherProject() {
        Boards.poll(id(3), "0.9.0", "1.0.0");
        Server.awaitPolls("/other");
        Boards.upload("new.bin", "gateway", "1.1.0");
        browser.go("#/ship?boards=version&version=1.0.0&file=new.bin");
        browser.find("#ship-file option[value='new.bin']");
        browser.click("#preview-button");
        browser.awaitText(
                "#preview",
                "Look twice: new.bin is of project gateway, but the last file that the board took is of project app (board"
                        + " ship-03).");
    }

    /** What is certain to loop: the server refuses it, and whoever insists sees that it is dangerous. */
    @Test
    void replacesAnywayOnlyWhatIsMeantTwice() throws IOException {
        learnALoop();
        byte[] loop = Server.send(
                        HttpRequest.newBuilder(URI.create(Server.ROOT + "/other/files/loop.bin"))
                                .header("Authorization", Server.ADMIN)
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray())
                .body();
        Boards.upload("new.bin", "app", "1.1.0");
        Boards.assign(List.of(id(1) + ",1.0.0,new.bin"));
        browser.go("#/files");
        browser.awaitText("#files", "new.bin");
        choose(write("new.bin", loop));
        browser.click("#uploads li button.primary");
        browser.awaitText("#uploads", "There is an update file at this path already");
        browser.click("#uploads li button.primary");

        browser.awaitText("#uploads", "Not stored.");
        assertFalse(browser.text("#uploads").contains("force"), browser.text("#uploads"));
        assertEquals("Replace anyway\u2026", browser.text("#uploads button.danger"));
        browser.click("#uploads button.danger");
        browser.awaitText("dialog", "Replace anyway?");
        assertEquals("Replace anyway", browser.text("dialog button.danger"));
        assertTrue(browser.isFocused("dialog button:not(.danger)"), "Enter does no harm");
        browser.press(Keys.ENTER);
        assertTrue(listed("new.bin").contains("\"1.1.0\""), "not without a yes");

        browser.click("#uploads button.danger");
        browser.click("dialog button.danger");

        browser.awaitText("#uploads", "Stored.");
        assertTrue(listed("new.bin").contains("\"loop\""), listed("new.bin"));
        clearUploads();
    }

    /** What can't be had by force isn't offered so. */
    @Test
    void offersNoForceWhereThereIsNone() throws IOException {
        browser.go("#/files");
        browser.awaitText("#files", "old.bin");
        choose(write("below.bin", new byte[1]));
        browser.type("#uploads input", "old.bin/below.bin");
        browser.click("#uploads li button.primary");
        browser.awaitText("#uploads", "Not stored.");
        assertEquals(List.of("Try again", "Remove"), browser.texts("#uploads button"));
        clearUploads();
    }

    @Test
    void leavesTheFocusWhereItWasAtAPreview() {
        learnALoop();
        browser.go("#/ship?boards=version&version=1.0.0&file=loop.bin");
        browser.find("#ship-file option[value='loop.bin']");
        browser.tabTo("#preview-button");
        browser.press(Keys.ENTER);
        browser.awaitText("#preview", "The server would refuse this.");
        assertTrue(browser.isFocused("#preview-button"));
        browser.tabTo("#preview .note button");
        browser.press(Keys.ENTER);
        browser.awaitText("#preview-lead", "12 boards");
        assertTrue(browser.isFocused("#preview-button"), "that button is gone");
    }

    @Test
    void asksTheServerOnlyForWhatIsTicked() {
        browser.go("#/fleet?search=ship-");
        browser.click("input[aria-label='Select board ship-03']");
        browser.awaitText("#picked", "1 board selected");
        browser.click("[data-act=assign]");
        browser.choose("#ship-file", "old.bin");
        browser.find("#ship-replaces").sendKeys("3.0.0");
        browser.script("performance.clearResourceTimings(); return true");
        browser.click("#preview-button");
        browser.awaitText("#preview-lead", "1 board would be assigned old.bin.");
        assertEquals(
                List.of("PUT"),
                browser.<List<String>>script("return performance.getEntriesByType('resource')"
                        + ".map(entry => /dry_run/.test(entry.name) ? 'PUT' : entry.name)"));
        browser.go("#/fleet?search=ship-");
        browser.click("[data-act=clear]");
    }

    @Test
    void saysWhoIsOfferedItAndWhoIsNot() {
        Boards.upload("new.bin", "app", "1.1.0");
        Boards.poll(id(1), "1.5.0");
        Server.awaitPolls("/other");
        browser.go("#/ship?boards=filter&of-search=ship-&file=new.bin");
        browser.find("#ship-file option[value='new.bin']");
        browser.find("#ship-replaces").sendKeys("1.0.0");
        browser.click("#preview-button");
        browser.awaitText("#preview-reporting", "11 boards, which now report the version to be replaced");
        browser.awaitText("#preview", "1 board, which reports another version");
        browser.click("#apply");
        browser.awaitText("dialog", "At their next poll 11 boards are offered new.bin, to download and start.");
        browser.awaitText("dialog", "12 boards lose the assignment that they have");
        browser.click("dialog button");

        browser.find("#ship-replaces").clear();
        browser.find("#ship-replaces").sendKeys("9.9.9");
        browser.click("#preview-button");
        browser.awaitText("#preview-reporting", "0 boards");
        browser.click("#apply");
        browser.awaitText(
                "dialog",
                "None of these boards reports the version to be replaced, so that none is offered new.bin now.");
        browser.click("dialog button");
    }

    /** From the page that watches it, and from the page of the files. */
    @Test
    void withdrawsFromAllBoardsAndTellsTheTruth() {
        Boards.upload("new.bin", "app", "1.1.0");
        for (String page : List.of("#/watch/new.bin", "#/files")) {
            List<String> rows = new ArrayList<>();
            for (int i = 1; i <= 12; i++) {
                rows.add(id(i) + ",1.0.0,new.bin");
            }
            Boards.assign(rows);
            for (int i = 1; i <= 12; i++) {
                Boards.poll(id(i), "1.0.0");
            }
            for (int i = 1; i <= 9; i++) {
                Boards.poll(id(i), "1.1.0");
            }
            Boards.awaitCount("by=state&file=new.bin", "\"updated\",\"9\"");
            browser.go(page);
            String button =
                    page.equals("#/files") ? "button[aria-label='Withdraw new.bin from all boards']" : "#withdraw-all";
            browser.click(button);
            browser.awaitText("dialog", "Withdraw from all 12 boards?");
            browser.awaitText("dialog", "9 boards have updated already: nothing takes that back from here.");
            browser.click("dialog button");
            assertTrue(Other.send("GET", "/devices", null).body().contains("new.bin"), "not without a yes");
            browser.click(button);
            browser.click("dialog button.danger");

            browser.awaitText(
                    "#withdrawn",
                    "Withdrawn from 12 boards. 9 updated boards stay as they are; 3 aren\u2019t offered it any more.");
            assertFalse(Other.send("GET", "/devices", null).body().contains("new.bin"));
            for (int i = 1; i <= 12; i++) {
                Other.send("DELETE", "/fleet/" + id(i), null);
            }
        }
    }

    private static String listed(String path) {
        return Other.send("GET", "/files", null)
                .body()
                .lines()
                .filter(line -> line.startsWith("\"" + path + "\""))
                .findFirst()
                .orElse("");
    }

    private static Path write(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private static void choose(Path... files) {
        browser.driver
                .findElement(By.id("choose"))
                .sendKeys(String.join(
                        "\n", Arrays.stream(files).map(Path::toString).toList()));
    }

    private static void clearUploads() {
        for (WebElement done = last(); done != null; done = last()) {
            done.click();
        }
    }

    private static @org.jspecify.annotations.Nullable WebElement last() {
        List<WebElement> buttons =
                browser.driver.findElements(By.cssSelector("#uploads li:last-child button:last-child"));
        return buttons.isEmpty() ? null : buttons.get(0);
    }
}
