package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each page looks like, to axe-core and to the eye: in target/screenshots, light and dark, narrow and wide. */
class ConsoleLookIT {
    private static final int SENSORS = 84;
    private static final String OLD = "sensor.bin.1.4.2";
    private static final String NEW = "sensor.bin.1.5.0";

    @TempDir
    static Path folder;

    private static Browser browser;

    @BeforeAll
    static void aFleet() throws IOException {
        browser = Boards.open(folder);
        Boards.upload(OLD, "sensor", "1.4.2");
        Boards.upload(NEW, "sensor", "1.5.0");
        Boards.upload("gateway.bin.2.0.1", "gateway", "2.0.1");
        Boards.upload("hall/display.bin.0.9.0", "display", "0.9.0");
        List<String> rows = new ArrayList<>();
        for (int i = 1; i <= SENSORS; i++) {
            rows.add(id(i) + ",1.4.2," + NEW);
        }
        rows.add("gateway-01,2.0.0,gateway.bin.2.0.1");
        rows.add("gateway-02,2.0.0,gateway.bin.2.0.2");
        Boards.assign(rows);
        for (int i = 1; i <= SENSORS - 2; i++) {
            Boards.poll(id(i), versions(i));
        }
        Boards.poll("gateway-01", "2.0.0", "2.0.1");
        Boards.poll("gateway-02", "2.0.0");
        Boards.poll("bench-a", "1.6.0-rc1");
        Boards.upload("sensor.bin.1.6.0", "sensor", "1.6.0");
        Boards.upload("sensor-s3.bin", "sensor-s3", "1.5.0");
        Boards.assign(List.of(id(4) + ",1.5.0,sensor-s3.bin"));
        Boards.poll(id(4), "1.5.0", "1.5.1", "1.5.0");
        Other.send("DELETE", "/devices/" + id(4), null);
        Other.send("PUT", "/groups/canary", id(1) + "\n" + id(2) + "\n" + id(3) + "\n");
        String made = Other.send(
                        "PUT",
                        "/rollouts/1.6.0?force=true",
                        "{\"file\":\"sensor.bin.1.6.0\",\"replaces\":[\"1.5.0\"],\"stages\":[\"canary\",10,100]}")
                .body();
        assertTrue(made.contains("is running"), made);
        Boards.poll(id(1), "1.5.0", "1.6.0");
        Boards.poll(id(2), "1.5.0", "1.6.0", "1.5.0");
        Boards.poll(id(3), "1.5.0");
        browser.awaitText("#range", "1\u201387 of 87 boards");
    }

    private static String id(int number) {
        return "greenhouse-%03d".formatted(number);
    }

    private static String[] versions(int number) {
        if (number == 17) {
            return new String[] {"1.4.2", "1.4.2", "1.4.2"};
        } else if (number == 31) {
            return new String[] {"1.4.2", "1.5.0", "1.4.2"};
        } else if (number == 44) {
            return new String[] {"1.4.2", "1.4.2", "1.4.2", "1.4.2", "1.4.2"};
        } else if (number == 52) {
            return new String[] {"1.3.9"};
        }
        return number % 6 == 0 ? new String[] {"1.4.2"} : new String[] {"1.4.2", "1.5.0"};
    }

    @AfterAll
    static void close() {
        Boards.close(browser);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            overview     | #/                                     | #attention li
            overview-90  | #/overview?days=90                     | #versions-over-time canvas
            fleet        | #/fleet                                | #boards td .id
            fleet-stuck  | #/fleet?state=stuck                    | #boards td .id
            fleet-none   | #/fleet?search=nothing%20like%20this   | .empty
            board        | #/board/greenhouse-031                 | #history li
            board-none   | #/board/nobody                         | .empty
            files        | #/files                                | #files td
            ship         | #/ship?file=sensor.bin.1.5.0&version=1.4.2 | #ship-version
            ship-list    | #/ship?boards=list                     | #ship-list
            rollouts     | #/rollouts                             | #rollouts td
            rollout      | #/rollouts/1.6.0                       | #stages li
            rollout-none | #/rollouts/nobody                      | .empty
            ship-watch   | #/watch/sensor.bin.1.5.0          | #watch li
            new-rollout  | #/new-rollout?file=sensor.bin.1.6.0&replaces=1.5.0 | #stairs svg
            join         | #/join                                 | #waiting p
            nothing      | #/nowhere                              | .empty
            """)
    void isAccessibleInBothThemes(String name, String hash, String part) throws IOException {
        browser.go(hash);
        browser.find(part);
        // Of the screen, and by its distance: what moves under the reader's hand.
        assertTrue(browser.shift() < 0.02, name + " shifts by " + browser.shift());
        look(name);
    }

    @Test
    void theNewRolloutsPreviewAndTheKeysAreAccessible() throws IOException {
        browser.go("#/new-rollout?file=sensor.bin.1.6.0&replaces=1.4.2&name=look");
        browser.find("#new-versions input:checked");
        browser.click("#preview-button");
        browser.find("#apply");
        look("new-rollout-preview");
        browser.click("#keys");
        browser.find("dialog");
        look("keys");
    }

    @Test
    void theFiltersAndWhatIsSelectedAreAccessible() throws IOException {
        browser.go("#/fleet?search=greenhouse");
        browser.find("#boards td .id");
        browser.click(".filters summary");
        browser.click("#pick-all");
        browser.find("#picked button");
        look("fleet-selected");
        browser.click("[data-act=clear]");
    }

    @Test
    void thePreviewAndItsQuestionAreAccessible() throws IOException {
        browser.go("#/ship?file=sensor.bin.1.4.2&boards=version");
        browser.choose("#ship-version", "1.5.0");
        browser.click("#preview-button");
        browser.find("#apply");
        look("ship-preview");
        browser.click("#apply");
        browser.find("dialog");
        look("ship-question");
    }

    @Test
    void theStopIsAccessible() throws IOException {
        browser.go("#/rollouts/1.6.0");
        browser.find("#stages li");
        browser.click("#halt");
        browser.find("dialog");
        look("stop-question");
        browser.type("#dialog-input", "boards go dark in hall 3");
        browser.click("dialog button.danger");
        browser.awaitText("#stopped", "boards go dark in hall 3");
        look("stopped");
        Other.send("DELETE", "/stop", null);
    }

    @Test
    void theAnswersToUploadsAreAccessible() throws IOException {
        byte[] image = Boards.image("sensor", "1.5.1");
        Path good = Files.write(folder.resolve("sensor.bin.1.5.1"), image);
        image[200] ^= 1;
        Path broken = Files.write(folder.resolve("broken.bin"), image);
        browser.go("#/files");
        browser.find("#files td");
        browser.driver.findElement(org.openqa.selenium.By.id("choose")).sendKeys(good + "\n" + broken);
        browser.click("#upload-all-button");
        browser.find("#uploads .note.good");
        browser.find("#uploads .note.bad");
        browser.script("window.scrollTo(0, 0); return true");
        look("files-answers");
        browser.click("#uploads li:last-child button:last-child");
        browser.click("#uploads li button:last-child");
        Other.send("DELETE", "/files/sensor.bin.1.5.1", null);
    }

    /** Also that nothing sticks out at the side, and that the browser has nothing to complain of. */
    private static void look(String name) throws IOException {
        for (String theme : List.of("light", "dark")) {
            browser.theme(theme);
            for (int width : new int[] {360, 1280, 1920}) {
                browser.width(width);
                browser.await(
                        () -> browser.<Long>script("return Math.round(innerWidth)") == width,
                        () -> "no width " + width);
                browser.screenshot(name + "-" + theme + "-" + width);
                assertTrue(
                        browser.<Long>script("return document.documentElement.scrollWidth") <= width,
                        name + " is wider than " + width);
                assertEquals(List.of(), browser.violations(), name + ", " + theme + ", " + width);
            }
        }
        browser.width(1280);
        browser.theme("light");
        assertEquals(List.of(), browser.complaints());
    }
}
