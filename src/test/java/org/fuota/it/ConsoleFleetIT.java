package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** The console's fleet with 100,000 boards in it, and the pages of single boards. */
class ConsoleFleetIT {
    private static final int BOARDS = 100_000;
    private static final String EVIL_ID = "evil <img src=x onerror=\"window.hacked=1\">";
    private static final String EVIL_VERSION = "\"><script>window.hacked=2</script>";

    @TempDir
    static Path folder;

    private static Browser browser;

    @BeforeAll
    static void manyBoards() throws IOException {
        browser = Boards.open(folder);
        Boards.upload("app.bin", "app", "2.0.0");
        Boards.assign(IntStream.rangeClosed(1, BOARDS)
                .mapToObj(i -> "board-%06d,1.0.0,app.bin".formatted(i))
                .toList());
        Boards.poll("board-000007", "1.0.0", "2.0.0");
        Boards.poll("board-000123", "1.0.0");
    }

    @AfterAll
    static void close() {
        Boards.close(browser);
    }

    @Test
    void showsNothingWithoutALoginAndSendsItAlongToTheApiAfterIt() throws IOException {
        try (Browser other = Browser.open(Files.createDirectory(folder.resolve("nobody")), Boards.CONTEXT)) {
            other.go("#/fleet");
            assertEquals("", other.text("h1"));

            other.logIn();

            other.awaitText("#range", "1\u2013100 of 100,000 boards");
            other.awaitText("#pulse", "Live");
            assertEquals(
                    List.of(),
                    other.<List<String>>script(
                            "return performance.getEntriesByType('resource').map(entry => entry.name)"
                                    + ".filter(name => !name.startsWith(arguments[0]))",
                            Server.ROOT + "/other/"),
                    "no request leaves the host");
        }
    }

    @Test
    void pagesAndSorts() {
        browser.go("#/fleet");
        browser.awaitText("#range", "1\u2013100 of 100,000 boards");
        assertEquals("board-000001", firstId());

        browser.click("#pager a[aria-label='Next page']");
        browser.awaitText("#range", "101\u2013200 of 100,000 boards");
        awaitFirst("board-000101");
        browser.click("#pager a[aria-label='Last page']");
        browser.awaitText("#range", "99,901\u2013100,000 of 100,000 boards");
        awaitFirst("board-099901");
        assertTrue(browser.driver.getCurrentUrl().endsWith("#/fleet?offset=99900"));

        browser.click("th a[href*='-last_seen']");
        awaitFirst("board-000123");
        assertEquals("descending", browser.find("th[aria-sort]").getAttribute("aria-sort"));
        assertTrue(browser.isFocused("th a"), "where the reader was");
    }

    @Test
    void searchesAndFiltersAndTheUrlHoldsIt() {
        browser.go("#/fleet");
        browser.awaitText("#range", "100,000");
        browser.type("#search", "BOARD-0001");
        browser.awaitText("#range", "1\u2013100 of 100 boards");
        awaitFirst("board-000100");
        browser.click("#states a[href*='state=offered']");
        browser.awaitText("#range", "1\u20131 of 1 board");
        awaitFirst("board-000123");
        String url = browser.driver.getCurrentUrl();
        assertTrue(url.endsWith("#/fleet?search=BOARD-0001&state=offered"), url);

        browser.go(url.substring(url.indexOf('#')));

        awaitFirst("board-000123");
        assertEquals("BOARD-0001", browser.find("#search").getAttribute("value"));
        browser.click("#chips a");
        browser.awaitText("#range", "of 100 boards");
        browser.type("#search", "no board is like this");
        browser.awaitText("#empty", "No boards match.");
        browser.click("#empty a");
        browser.awaitText("#range", "100,000");

        browser.click(".filters summary");
        browser.find("#filter-version").sendKeys("2.0.0", Keys.TAB);
        browser.awaitText("#range", "1\u20131 of 1 board");
        awaitFirst("board-000007");
    }

    @Test
    void selectsAllOnThePageAndKeepsThemOverAReload() {
        browser.go("#/fleet?search=board-00060");
        browser.awaitText("#range", "of 10 boards");
        browser.click("#boards tr:nth-child(2) input");
        browser.awaitText("#picked", "1 board selected");
        browser.click("#pick-all");
        browser.awaitText("#picked", "10 boards selected");
        assertEquals(10L, browser.<Long>script("return document.querySelectorAll('#boards input:checked').length"));

        browser.driver.navigate().refresh();

        browser.awaitText("#picked", "10 boards selected");
        browser.awaitText("#range", "of 10 boards");
        assertEquals(10L, browser.<Long>script("return document.querySelectorAll('#boards input:checked').length"));
        browser.click("#pick-all");
        browser.await(() -> browser.text("#picked").isEmpty(), () -> "they are still selected");
        assertEquals(0L, browser.<Long>script("return document.querySelectorAll('#boards input:checked').length"));
    }

    @Test
    void actsOnAllThatMatchAfterALook() {
        browser.go("#/fleet?search=board-006");
        browser.awaitText("#range", "1\u2013100 of 1,000 boards");
        browser.click("#pick-all");
        browser.awaitText("#picked", "100 boards selected");
        browser.click("[data-act=all]");
        browser.awaitText("#picked", "All 1,000 boards");

        browser.driver.navigate().refresh();
        browser.awaitText("#picked", "All 1,000 boards");
        browser.click("#pager a[aria-label='Next page']");
        browser.awaitText("#range", "101\u2013200 of 1,000 boards");
        browser.await(
                () -> browser.<Long>script("return document.querySelectorAll('#boards input:checked').length") == 100,
                () -> "the next page isn't ticked");

        browser.click("[data-act=join]");
        browser.type("#dialog-group", "hall");
        browser.click("dialog [data-value=yes]");
        browser.awaitText("dialog", "Put 1,000 boards in group hall?");
        // Somebody else is quicker.
        Other.send("PUT", "/groups/hall", "board-006000\n");
        browser.click("dialog [data-value=yes]");
        browser.awaitText("#told", "Nothing was changed.");
        browser.click("#told button");
        browser.awaitText("dialog", "999 boards of 1,000 boards");
        browser.click("dialog [data-value=yes]");
        browser.awaitText("#told", "999 boards joined it.");
        assertEquals("\"hall\",\"1000\"\n", Other.send("GET", "/groups", null).body());

        browser.click("[data-act=clear]");
        browser.follow("#/fleet?group=hall");
        browser.awaitText("#range", "of 1,000 boards");
        browser.click("#boards tr:first-child input");
        browser.click("[data-act=leave]");
        browser.type("#dialog-group", "hall");
        browser.click("dialog [data-value=yes]");
        browser.awaitText("dialog", "Take 1 board out of group hall?");
        browser.click("dialog [data-value=yes]");
        browser.awaitText("#range", "of 999 boards");
        browser.click("[data-act=clear]");
        Other.send("DELETE", "/groups/hall", null);
    }

    @Test
    void withdrawsAndForgetsWhatIsSelected() {
        Boards.poll("board-000501", "1.0.0");
        Boards.poll("board-000502", "1.0.0");
        browser.go("#/fleet?search=board-00050");
        browser.awaitText("#range", "of 10 boards");
        browser.click("#pick-all");
        browser.click("[data-act=withdraw]");
        browser.awaitText("dialog", "Withdraw the updates of 10 boards?");
        browser.click("dialog [data-value=yes]");
        browser.awaitText("#told", "10 boards lost their assignment.");
        browser.awaitText("#range", "of 2 boards");
        browser.click("[data-act=forget]");
        browser.awaitText("dialog", "2 boards of 10 boards; 8 aren\u2019t known by any poll.");
        browser.click("dialog [data-value=yes]");
        browser.awaitText("#empty", "No boards match.");
        browser.click("[data-act=clear]");
        Boards.assign(IntStream.rangeClosed(500, 509)
                .mapToObj(i -> "board-%06d,1.0.0,app.bin".formatted(i))
                .toList());
    }

    @Test
    void keepsAViewAndExportsIt() {
        browser.go("#/fleet?search=board-00070&sort=-last_seen");
        browser.click("#keep-view");
        browser.type("#dialog-input", "the seventies");
        browser.click("dialog [data-value=yes]");
        browser.awaitText("#views", "the seventies");
        assertTrue(browser.find("#export")
                        .getAttribute("href")
                        .contains("fleet?search=board-00070&columns=device_id,state")
                || browser.find("#export").getAttribute("href").contains("columns=device_id%2Cstate"));

        browser.go("#/fleet");
        browser.click("#views a");
        browser.awaitText("#range", "of 10 boards");
        assertTrue(browser.driver.getCurrentUrl().contains("sort=-last_seen"));
        browser.click("#views .view button");
        browser.await(() -> !browser.text("#views").contains("seventies"), () -> "the view stays");
    }

    @Test
    void keepsNotesOfPeople() {
        browser.go("#/board/board-000900");
        browser.awaitText("#notes", "None yet.");
        browser.type("#note-text", "on the roof <b>of hall 3</b>");
        browser.click("#note button");
        browser.awaitText("#notes", "on the roof <b>of hall 3</b>");
        browser.awaitText("#notes", "by admin");
        browser.awaitText("#history", "Got a note");
        assertTrue(Other.send("GET", "/notes", null).body().contains("on the roof"));

        browser.click("#notes [data-note]");
        browser.click("dialog [data-value=yes]");
        browser.awaitText("#notes", "None yet.");
        browser.awaitText("#history", "Lost a note");
    }

    @Test
    void goesByKeysAlone() {
        browser.go("#/overview");
        browser.find("#verdict");
        browser.press("g", "f");
        browser.awaitText("#range", "of 100,000 boards");
        browser.press("/");
        assertTrue(browser.isFocused("#search"));
        browser.press("board-00070?", Keys.BACK_SPACE);
        browser.awaitText("#range", "of 10 boards");
        browser.script("document.activeElement.blur(); return true");
        browser.press("j");
        browser.press("j");
        assertTrue(browser.isFocused("#boards tr:nth-child(2) a"));
        browser.press("x");
        browser.awaitText("#picked", "1 board selected");
        browser.press("x");
        browser.press("k");
        browser.press(Keys.ENTER);
        browser.awaitText("h1", "Board board-000700");
        browser.press("?");
        browser.awaitText("dialog", "Search boards");
        browser.press(Keys.ESCAPE);
        browser.await(
                () -> browser.driver.findElements(By.cssSelector("dialog")).isEmpty(), () -> "the keys stay open");
        browser.press("!");
        browser.awaitText("dialog", "Stop all offers?");
        browser.press(Keys.ESCAPE);
    }

    /** On a slow network. */
    @Test
    void leadsNowhereThatWasFilteredBefore() {
        browser.go("#/fleet");
        browser.awaitText("#range", "1\u2013100 of 100,000 boards");
        browser.find("#states a");
        browser.latency(3_000);
        try {
            browser.follow("#/fleet?search=board-0005");
            browser.awaitText("#range", "Counting");
            assertEquals(
                    List.of(),
                    browser.<List<String>>script(
                            "return [...document.querySelectorAll('#pager a[href], #states a')]"
                                    + ".map(link => link.getAttribute('href')).filter(link => !link.includes('search=board-0005'))"));
        } finally {
            browser.latency(0);
        }
        browser.awaitText("#range", "of 100 boards");
    }

    /** The reader's window must not stand still for it, so it is sent as it is. */
    @Test
    void previewsAListOf100000Lines() throws IOException {
        StringBuilder ids = new StringBuilder();
        IntStream.rangeClosed(1, BOARDS).forEach(i -> ids.append("board-%06d\r\n".formatted(i)));
        Path list = Files.writeString(folder.resolve("ids.csv"), ids);
        browser.go("#/ship?boards=list&file=app.bin");
        browser.find("#ship-file option[value='app.bin']");
        browser.driver.findElement(By.id("ship-csv")).sendKeys(list.toString());
        browser.awaitText("#ship-csv-chosen", "ids.csv, 1.3 MiB, is taken");
        assertEquals(0L, browser.<Long>script("return document.getElementById('ship-list').value.length"));
        browser.find("#ship-replaces").sendKeys("1.0.0");
        browser.click("#preview-button");
        browser.awaitText("#preview-lead", "100,000 boards would be assigned app.bin.");
        browser.awaitText("#preview", "99,998 boards: board-000001");
        browser.click("#ship-csv-chosen button");
        browser.type("#ship-list", "board-000001");
        browser.click("#preview-button");
        browser.awaitText("#preview-lead", "1 board would be assigned app.bin.");
    }

    /** What nobody sees must be seen, and be clicked. */
    @Test
    void showsAndOpensIdsThatCannotBeSeen() {
        String version = "1.0\u202e0.2";
        for (String id : List.of(" ", "\u200b", "\ufeff", "unseen\u2066a ")) {
            Boards.poll(id, version);
        }
        try {
            browser.go("#/fleet?version=" + VirtualBoard.encode(version));
            browser.awaitText("#range", "of 4 boards");
            assertEquals(
                    List.of("\u2423", "unseen\u27e8U+2066\u27e9a\u2423", "\u27e8U+200B\u27e9", "\u27e8U+FEFF\u27e9"),
                    browser.texts("#boards .id"));
            assertEquals(
                    "1.0\u27e8U+202E\u27e90.2",
                    browser.texts("#boards .version").get(0));
            for (int i = 1; i <= 4; i++) {
                browser.go("#/fleet?version=" + VirtualBoard.encode(version));
                browser.awaitText("#range", "of 4 boards");
                String id = browser.texts("#boards .id").get(i - 1);
                browser.click("#boards tr:nth-child(" + i + ") .id");
                browser.awaitText("h1", "Board " + id);
                browser.awaitText("#facts", "1.0\u27e8U+202E\u27e90.2");
            }

            // A stranger's poll must not stop whoever ships.
            browser.go("#/ship?boards=version&file=app.bin&version=" + VirtualBoard.encode(version));
            browser.find("#ship-file option[value='app.bin']");
            browser.click("#preview-button");
            browser.awaitText("#preview-lead", "4 boards would be assigned app.bin.");
        } finally {
            for (String id : List.of("%20", "%E2%80%8B", "%EF%BB%BF", "unseen%E2%81%A6a%20")) {
                Other.send("DELETE", "/fleet/" + id, null);
            }
        }
    }

    @Test
    void saysThatNoBoardIsCalledByADot() {
        for (String id : List.of(".", "..", "%2E%2E", "")) {
            browser.go("#/board/" + id);
            browser.awaitText(".empty", "No board can be called that");
        }
        assertEquals(List.of(), browser.complaints());
    }

    /** On a network that doesn't answer. */
    @Test
    void saysHowOldItIsWhatItShows() {
        browser.go("#/fleet?search=board-00070");
        browser.awaitText("#range", "of 10 boards");
        browser.awaitText("#pulse", "Live");
        browser.latency(600_000);
        try {
            browser.await(() -> browser.text("#pulse").matches("[0-9]+ s ago"), () -> "it is called live");
        } finally {
            browser.latency(0);
        }

        // The clock stands still while it is well, and is an hour ahead when it isn't any more.
        String asOf = browser.script("""
                const now = Date.now();
                Date.now = () => now;
                window.later = () => Date.now = () => now + 3600000;
                return new Date(now).toLocaleTimeString()""");
        browser.await(
                () -> browser.find("#pulse").getAttribute("title").equals("What you see is from " + asOf),
                () -> browser.find("#pulse").getAttribute("title"));
        browser.network(0);
        try {
            browser.script("window.later(); return true");
            browser.follow("#/fleet?search=board-00070&state=unseen");
            browser.awaitText("#banner", "The server can\u2019t be reached.");
            // Read alike: what a reader sees of a space isn't which one it is.
            String told = browser.texts("#banner").get(0);
            assertTrue(told.contains("What you see is from " + asOf + "."), told + ", not from " + asOf);
        } finally {
            browser.network(-1);
        }
        browser.awaitText("#pulse", "Live");
    }

    @Test
    void refreshesByItselfWithoutMovingWhatIsRead() {
        browser.go("#/fleet?search=board-00090");
        browser.awaitText("#range", "of 10 boards");
        awaitFirst("board-000900");
        browser.script("document.querySelector('#boards a').focus(); return true");
        browser.script("window.kept = document.querySelector('#boards tr'); return true");

        Boards.poll("board-000900", "1.0.0", "2.0.0");

        browser.awaitText("#boards tr", "updated");
        assertTrue(
                browser.<Boolean>script("return window.kept === document.querySelector('#boards tr')"), "the same row");
        assertTrue(browser.isFocused("#boards tr:first-child a"), "and the focus is where it was");
    }

    @Test
    void keepsTheOrderWhileTheReaderIsInTheList() {
        browser.go("#/fleet?search=board-00080&sort=-last_seen");
        browser.awaitText("#range", "of 10 boards");
        awaitFirst("board-000809");
        browser.script("document.querySelector('#boards a').focus(); return true");

        Boards.poll("board-000805", "1.0.0");

        browser.find("#reorder");
        assertEquals("board-000809", firstId());
        browser.click("#reorder");
        awaitFirst("board-000805");
    }

    @Test
    void tellsAllOfABoardAndActsOnIt() {
        browser.go("#/board/board-000123");
        browser.awaitText("#state", "offered");
        browser.awaitText("#facts", "1.0.0");
        browser.awaitText("#answers", "offers the update");
        browser.awaitText("#history", "Polled for the first time");
        String title = browser.find("#facts time").getAttribute("title");
        assertTrue(title.contains("UTC"), title);

        browser.type("#assign-version", "1.0.1");
        browser.type("#assign-file", "never.bin");
        browser.click("#assign button");
        browser.awaitText("#assign-verdict", "is offered never.bin when it reports version 1.0.1");
        browser.awaitText("#assign-verdict", "isn't uploaded yet");
        browser.awaitText("#state", "unavailable");

        browser.click("#withdraw");
        assertTrue(browser.isFocused("dialog button"), "on the button that does nothing");
        browser.press(Keys.ESCAPE);
        browser.await(
                () -> browser.driver.findElements(By.cssSelector("dialog")).isEmpty(), () -> "it stays open");
        assertTrue(Other.send("GET", "/devices", null).body().contains("\"board-000123\""), "nothing was done");
        browser.click("#withdraw");
        assertTrue(browser.text("dialog").contains("will be offered nothing by hand any more"), browser.text("dialog"));
        browser.click("dialog button.danger");
        browser.awaitText("#state", "discovered");
        assertFalse(Other.send("GET", "/devices", null).body().contains("\"board-000123\""));

        browser.click("#forget");
        assertTrue(browser.text("dialog").contains("can\u2019t be undone"), browser.text("dialog"));
        browser.click("dialog button.danger");
        browser.awaitText(".empty", "has neither an assignment nor ever polled");
        Boards.assign(List.of("board-000123,1.0.0,app.bin"));
        Boards.poll("board-000123", "1.0.0");
    }

    @Test
    void asksBeforeAnAssignmentThatWouldGoRoundForEver() {
        Boards.poll("board-000007", "2.0.0");
        browser.go("#/board/board-000007");
        browser.awaitText("#state", "updated");
        browser.type("#assign-version", "2.0.0");
        browser.click("#assign button");
        browser.awaitText("#assign-verdict", "would be offered it for ever");
        assertFalse(Other.send("GET", "/devices", null).body().contains("\"board-000007\",\"2.0.0\""));

        browser.click("#assign-verdict button");

        browser.awaitText("#assign-verdict", "is offered app.bin when it reports version 2.0.0");
        Boards.assign(List.of("board-000007,1.0.0,app.bin"));
    }

    @Test
    void showsWhatBoardsSayAsTextWhateverItIs() {
        Boards.poll(EVIL_ID, EVIL_VERSION, EVIL_VERSION + "'");
        Other.send(
                "PUT",
                "/devices/" + VirtualBoard.encode(EVIL_ID),
                "\"" + EVIL_ID.replace("\"", "\"\"") + "\",\"" + EVIL_VERSION.replace("\"", "\"\"") + "\",\"app.bin\"");

        browser.go("#/fleet?search=evil");
        browser.awaitText("#boards", EVIL_ID);
        browser.awaitText("#boards", EVIL_VERSION);
        browser.go("#/fleet?version=" + VirtualBoard.encode(EVIL_VERSION + "'"));
        browser.awaitText("#chips", EVIL_VERSION);
        browser.click("#boards .id");
        browser.awaitText("h1", EVIL_ID);
        browser.awaitText("#history", EVIL_VERSION);
        browser.click("#withdraw");
        browser.awaitText("dialog", EVIL_ID);
        browser.press(Keys.ESCAPE);
        browser.go("#/ship?boards=filter&of-search=" + VirtualBoard.encode(EVIL_ID) + "&file=app.bin");
        browser.find("#ship-file option[value='app.bin']");
        browser.click("#preview-button");
        browser.awaitText("#preview", EVIL_VERSION);
        browser.go("#/watch/" + VirtualBoard.encode(EVIL_VERSION));
        browser.awaitText("h1", EVIL_VERSION);

        assertEquals("none", browser.script("return String(window.hacked ?? 'none')"));
        assertEquals(0L, browser.<Long>script("return document.querySelectorAll('main img, main script').length"));
        Other.send("DELETE", "/devices/" + VirtualBoard.encode(EVIL_ID), null);
        Other.send("DELETE", "/fleet/" + VirtualBoard.encode(EVIL_ID), null);
    }

    @Test
    void saysSoWhenTheConnectionIsLostAndGoesOnByItself() {
        browser.go("#/fleet?search=board-00070");
        browser.awaitText("#range", "of 10 boards");
        browser.network(0);
        try {
            browser.awaitText("#banner", "The server can\u2019t be reached.");
            assertEquals("Offline", browser.text("#pulse"));
            assertEquals("board-000700", firstId(), "what was known stays");
        } finally {
            browser.network(-1);
        }
        browser.await(() -> browser.text("#banner").isEmpty(), () -> "it stays offline");
        browser.awaitText("#pulse", "Live");
    }

    @Test
    void saysSoWhenTheLoginIsNotAcceptedAnyMore() {
        browser.go("#/fleet?search=board-00070");
        browser.awaitText("#range", "of 10 boards");
        browser.authorization(Server.basic("admin", "of yesterday"));
        try {
            browser.awaitText("#banner", "Your login isn\u2019t accepted for this");
            browser.awaitText("#banner", "Log in again");
        } finally {
            browser.authorization("");
        }
        browser.await(() -> browser.text("#banner").isEmpty(), () -> "it stays out");
    }

    private static String firstId() {
        return browser.text("#boards tr td .id");
    }

    private static void awaitFirst(String id) {
        browser.await(() -> firstId().equals(id), () -> "the first is " + firstId() + " and not " + id);
    }
}
