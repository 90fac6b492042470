package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** From an empty server to the first board, and to what needs a person. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleOverviewIT {
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

    @Test
    @Order(1)
    void leadsFromNothingToTheFirstBoard() {
        browser.go("#/");
        browser.awaitText("#verdict", "No boards yet.");
        browser.click("#verdict a");
        browser.awaitText("h1", "Join a board");
        for (String kind : List.of("arduino", "esphome", "micropython", "idf")) {
            browser.click("#kind-" + kind);
            browser.awaitText("#code", String.valueOf(Server.PORT));
        }
        browser.awaitText("#pem", "-----BEGIN CERTIFICATE-----");
        browser.type("#join-id", "first");
        browser.press(org.openqa.selenium.Keys.TAB);
        browser.awaitText("#code", "#define ID \"first\"");
        browser.awaitText("#waiting", "Waiting for the first poll of first");

        Boards.poll("first", "1.0.0");

        browser.awaitText("#waiting", "It is here. first reports version 1.0.0");
        browser.go("#/");
        browser.awaitText("#verdict", "All is well: 1 board, and nothing needs you.");
        browser.awaitText("#tiles", "1\nall");
        assertEquals(List.of(), browser.complaints());
    }

    @Test
    @Order(2)
    void saysWhoLooksAtWhat() {
        browser.go("#/");
        browser.awaitText("#who", "admin");
        browser.awaitText("#who", Server.ROOT.getHost());
        browser.awaitText("#who", "node ");
        browser.awaitText("#pulse", "Live");
    }

    @Test
    @Order(3)
    void leadsFromWhatNeedsAPersonToTheBoards() {
        Boards.upload("new.bin", "app", "2.0.0");
        Boards.assign(List.of("first,1.0.0,new.bin", "second,1.0.0,new.bin"));
        Boards.poll("second", "1.0.0", "2.0.0", "1.0.0");
        browser.go("#/");
        browser.awaitText("#attention [data-kind=reverted]", "1 board");
        assertTrue(browser.text("#verdict").contains("to look at"), browser.text("#verdict"));
        browser.click("#attention [data-kind=reverted] a");
        browser.awaitText("#boards", "second");
        browser.awaitText("#range", "of 1 board");

        browser.go("#/");
        browser.click("#tiles li:first-child a");
        browser.find("#range");
    }

    @Test
    @Order(4)
    void showsVersionsOverTimeAsAChartAsLinksAndAsATable() {
        browser.go("#/");
        browser.awaitText("#versions-over-time .legend", "1.0.0");
        browser.click("#versions-over-time summary");
        browser.awaitText("#versions-over-time table", "1.0.0");
        assertTrue(browser.<Boolean>script("return document.querySelector('#versions-over-time canvas').width > 100"));
        browser.click("#spans a:nth-child(3)");
        browser.await(() -> browser.driver.getCurrentUrl().endsWith("#/overview?days=365"), () -> "no year");
        browser.awaitText("#versions-over-time .legend", "1.0.0");
        browser.click("#versions-over-time .legend a");
        browser.awaitText("#chips", "1.0.0");
        assertEquals(List.of(), browser.complaints());
    }
}
