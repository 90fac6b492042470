package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
        if (!text.isEmpty()) {
            browser.type("#dialog-input", text);
        }
        browser.click("dialog .dialog-buttons button:last-child");
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

        browser.click("#outcomes a[href*='outcome=pending']");
        browser.awaitText("#boards", "steer-2");
        assertTrue(!browser.text("#boards").contains("steer-1"), browser.text("#boards"));
        assertEquals("steer", browser.text("#chips .chip:nth-child(1) .chip-value"));

        browser.follow("#/rollouts/steer");
        browser.click("[data-action=pause]");
        answer("support is on holiday");
        browser.awaitText("#state", "paused");
        browser.awaitText("#state", "support is on holiday");
        assertEquals(List.of("Resume\u2026", "Stop\u2026", "Roll back\u2026"), browser.texts("#actions button"));

        browser.click("[data-action=resume]");
        answer("");
        browser.awaitText("#state", "running");
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
