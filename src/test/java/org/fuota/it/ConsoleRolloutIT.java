package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steers rollouts and the stop by the console. */
class ConsoleRolloutIT {
    @TempDir
    static Path folder;

    private static Browser browser;

    @BeforeAll
    static void logIn() throws IOException {
        browser = Boards.open(folder);
        Boards.upload("one.bin", "app", "1");
        Boards.upload("two.bin", "app", "2");
        Boards.upload("three.bin", "app", "3");
    }

    @AfterAll
    static void close() {
        Boards.close(browser);
    }

    /** At once, to all that report version 1. */
    private static void make(String name, String file, String replaces) {
        // Its stage is passed at once where nobody is known that it is for.
        Server.awaitPolls("/other");
        String definition = "{\"file\":\"" + file + "\",\"replaces\":[\"" + replaces + "\"],\"prefix\":\"" + name
                + "-\",\"stages\":[100]}";
        assertEquals(
                200,
                Other.send("PUT", "/rollouts/" + name + "?force=true", definition)
                        .statusCode());
    }

    private static void answer(String text) {
        browser.find("dialog");
        typeTheName();
        if (!text.isEmpty()) {
            browser.type("#dialog-input", text);
        }
        browser.click("dialog .dialog-buttons button:last-child");
    }

    /** Where it can't be taken back. */
    private static void typeTheName() {
        if (!browser.text("label[for=dialog-name]").isEmpty()) {
            assertFalse(browser.find("dialog [data-value=yes]").isEnabled());
            browser.type("#dialog-name", browser.text("label[for=dialog-name] b"));
        }
    }

    @Test
    void showsWhatBecomesOfARolloutAndPausesIt() {
        Boards.poll("steer-1", "1");
        make("steer", "two.bin", "1");
        browser.go("#/rollouts");
        browser.awaitText("#rollouts", "steer");
        browser.click("#rollouts a");
        browser.awaitText("h1", "steer");
        browser.awaitText("#stages", "100 %");
        Boards.poll("steer-1", "1", "2");
        Boards.poll("steer-2", "1");
        browser.awaitText("#outcomes", "2\noffered");
        browser.awaitText("#outcomes", "1\nupdated");
        browser.awaitText("#outcomes", "1\npending");
        browser.awaitText("#curve", "offered 2");
        browser.awaitText("#journal", "by admin");

        browser.click("#outcomes a[href*='outcome=pending']");
        browser.awaitText("#boards", "steer-2");
        assertTrue(!browser.text("#boards").contains("steer-1"), browser.text("#boards"));
        assertEquals("steer", browser.text("#chips .chip:nth-child(1) .chip-value"));

        browser.follow("#/rollouts/steer");
        browser.click("[data-action=pause]");
        answer("support is on holiday");
        browser.awaitText("#state", "paused");
        browser.awaitText("#answers", "support is on holiday");
        browser.awaitText("#answers", "2 boards were offered it: 1 updated, 0 failed, 1 pending.");
        browser.awaitText("#answers", "You don\u2019t know yet: leave it paused.");
        browser.awaitText("#journal", "support is on holiday");
        assertEquals(List.of("Resume\u2026", "Stop\u2026", "Roll back\u2026"), browser.texts("#actions button"));

        browser.click("[data-action=resume]");
        answer("");
        browser.awaitText("#state", "running");
    }

    @Test
    void makesARolloutByHandAndEye() {
        Boards.poll("made-1", "1");
        Boards.poll("made-2", "1");
        Boards.awaitCount("columns=device_id&prefix=made-", "\"made-2\"");
        browser.go("#/new-rollout?file=three.bin&prefix=made-");
        browser.click("#new-versions input[value='1']");
        browser.awaitText("#stairs", "50 %");
        browser.type("#new-stages", "50, 10");
        browser.awaitText(".fault", "The percentages must rise");
        browser.type("#new-stages", "10, 50, 100");
        browser.type("#new-name", "made");
        new org.openqa.selenium.interactions.Actions(browser.driver)
                .dragAndDropBy(browser.find("#stairs [data-stage='1']"), 0, 12)
                .perform();
        browser.await(
                () -> !browser.find("#new-stages").getAttribute("value").equals("10, 50, 100"),
                () -> "a step can't be dragged");
        browser.click("#preview-button");
        browser.awaitText("#preview-lead", "2 boards report a version that it replaces");
        browser.awaitText("#preview-stages", "The first 10 %");
        assertEquals(404, Other.send("GET", "/rollouts/made", null).statusCode(), "a preview makes nothing");
        String address = browser.driver.getCurrentUrl();
        assertTrue(address.contains("prefix=made-") && address.contains("name=made"), address);

        browser.driver.navigate().refresh();
        browser.await(() -> browser.find("#new-name").getAttribute("value").equals("made"), () -> "it is lost");
        browser.find("#new-versions input:checked");
        browser.click("#preview-button");
        browser.click("#apply");
        browser.awaitText("dialog", "offered three.bin at the next poll");
        browser.click("dialog [data-value=yes]");
        browser.awaitText("h1", "Rollout made");
        browser.awaitText("#state", "running");
        browser.awaitText("#stages", "10 %");
        Other.send("POST", "/rollouts/made/stop", "");
    }

    @Test
    void saysWhatHappenedToWhomAndWhatNow() {
        for (int i = 1; i <= 4; i++) {
            Boards.poll("bad-" + i, "1");
        }
        Server.awaitPolls("/other");
        String definition =
                "{\"file\":\"two.bin\",\"replaces\":[\"1\"],\"prefix\":\"bad-\",\"stages\":[100],\"min_boards\":1}";
        assertEquals(
                200, Other.send("PUT", "/rollouts/bad?force=true", definition).statusCode());
        Boards.poll("bad-1", "1", "2", "1");
        Boards.poll("bad-2", "1", "2", "1");
        Boards.poll("bad-3", "1", "2");
        browser.go("#/rollouts/bad");
        browser.awaitText("#state", "paused");
        browser.awaitText("#answers", "took it and came back: the new firmware doesn\u2019t hold");
        browser.awaitText("#answers", "3 boards were offered it");
        browser.awaitText("#answers", "The image is bad: roll back.");
        browser.awaitText("#failures", "bad-1");
        browser.click("#answers a[href*='outcome=reverted']");
        browser.awaitText("#range", "of 2 boards");

        browser.go("#/overview");
        browser.awaitText("#attention", "Rollout bad is paused");
        browser.awaitText("#under-way", "bad");
        browser.click("#attention [data-kind=rollout_paused] a");
        browser.awaitText("h1", "Rollout bad");
        Other.send("POST", "/rollouts/bad/stop", "");
    }

    @Test
    void rollsBackAndTellsWhoHasNoWay() {
        Boards.poll("back-1", "1");
        make("back", "two.bin", "1");
        Boards.poll("back-1", "1", "2");
        Server.awaitPolls("/other");
        browser.go("#/rollouts/back");
        browser.awaitText("#outcomes", "1\nupdated");

        browser.click("[data-action=rollback]");
        answer("");
        browser.awaitText("#told", "Rollout back is stopped.");
        browser.awaitText("#told", "1 without a way back");
        browser.click("#told a");
        browser.awaitText("h1", "back-rollback");
        browser.awaitText("#limits", "Without a way back: 1 board.");
        browser.awaitText("#limits", "back-1");
    }

    @Test
    void stopsAllOffersWithoutAThought() {
        Boards.assign(List.of("halt-1,1,two.bin"));
        browser.go("#/files");
        browser.click("#halt");
        browser.find("dialog");
        browser.click("dialog .danger");
        browser.awaitText("#stopped", "All offers are stopped.");
        assertEquals(204, poll("halt-1"));

        browser.go("#/fleet");
        browser.awaitText("#stopped", "By admin");
        browser.click("#go-on");
        answer("");
        browser.await(() -> browser.text("#stopped").isEmpty(), () -> "still stopped");
        assertEquals(200, poll("halt-1"));
    }

    private static int poll(String id) {
        return Server.send("GET", "/other/devices/" + id + "?app_ver=1", Server.DEVICE, (String) null)
                .statusCode();
    }
}
