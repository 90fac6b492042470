package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
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
        Boards.deploy(folder);
        browser = Browser.open(Files.createDirectory(folder.resolve("profile")), Boards.CONTEXT);
        browser.logIn();
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
        Other.undeploy();
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
    }

    @AfterEach
    void remove() {
        for (int i = 1; i <= 12; i++) {
            Other.send("DELETE", "/devices/" + id(i), null);
            Other.send("DELETE", "/fleet/" + id(i), null);
        }
        for (String path : List.of("new.bin", "big.bin", "old.bin", "a-b-.bin")) {
            Other.send("DELETE", "/files/" + path, null);
        }
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
                                java.net.http.HttpRequest.BodyPublishers.ofByteArray(broken))
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
        browser.awaitText("#preview-lead", "12 boards would be offered new.bin.");
        assertEquals("12\nchanged", browser.text("#preview-changed"));
        browser.awaitText("#preview", "ESP32 (12)");
        assertFalse(Other.send("GET", "/devices", null).body().contains("new.bin"), "a preview changes nothing");
        browser.tabTo("#apply");
        browser.press(Keys.ENTER);
        browser.awaitText("dialog", "Ship to 12 boards?");
        browser.tabTo("dialog button.primary");
        browser.press(Keys.ENTER);

        browser.awaitText("#watch-lead", "0 of 12 boards updated");
        assertTrue(browser.driver.getCurrentUrl().endsWith("#/ship?watch=new.bin"));
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

    @Test
    void shipsToWhatIsTickedInTheFleet() {
        Boards.upload("new.bin", "app", "1.1.0");
        browser.go("#/fleet?search=ship-");
        browser.click("input[aria-label='Select board ship-03']");
        browser.click("input[aria-label='Select board ship-05']");
        browser.awaitText("#picked", "2 boards selected");
        browser.click("#picked a");
        browser.choose("#ship-file", "new.bin");
        browser.click("#preview-button");
        browser.awaitText("#preview-lead", "2 boards would be offered new.bin.");
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
        browser.awaitText("#preview-lead", "3 boards would be offered 2 files.");
        browser.awaitText("#preview", "Left out");
        browser.awaitText("#preview", "1 board, which never reported a version");
        browser.awaitText("#preview", "other-stranger");
        browser.awaitText("#preview", "missing.bin isn't uploaded yet");

        browser.type("#ship-list", "ship-01,1.0.0,old.bin,more");
        browser.click("#preview-button");
        browser.awaitText("#preview", "has 4 fields");
        browser.type("#ship-list", "ship-01,1.0.0,.hidden");
        browser.click("#preview-button");
        browser.awaitText("#preview", "The server would refuse this.");
        browser.awaitText("#preview", "Line 1: ");
        browser.type("#ship-list", "ship-01\nship-01");
        browser.click("#preview-button");
        browser.awaitText("#preview", "is on line 1 already");
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
