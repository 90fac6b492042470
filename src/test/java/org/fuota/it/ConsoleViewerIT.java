package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** Whoever has the role {@code fuota-viewer} reads all of the console, and is told why a button does nothing. */
class ConsoleViewerIT {
    private static final String REFUSED = "Your login isn\u2019t accepted for this";

    @TempDir
    Path folder;

    @BeforeEach
    void oneBoard() {
        Server.upload("viewed.bin", "firmware".getBytes(StandardCharsets.US_ASCII));
        Server.assign("viewed", "1", "viewed.bin");
        Server.send("GET", "/devices/viewed?app_ver=1", Server.DEVICE, (String) null);
        Server.awaitPolls("");
    }

    @AfterEach
    void remove() {
        Server.send("DELETE", "/devices/viewed", Server.ADMIN, (String) null);
        Server.send("DELETE", "/fleet/viewed", Server.ADMIN, (String) null);
        Server.send("DELETE", "/files/viewed.bin", Server.ADMIN, (String) null);
    }

    @Test
    void readsAllAndIsToldWhyItChangesNothing() {
        try (Browser browser = Browser.open(folder, "")) {
            browser.logIn("viewer", "it-viewer-password");
            browser.go("#/fleet?search=viewed");
            browser.awaitText("#boards", "viewed.bin");
            browser.go("#/files");
            browser.awaitText("table", "viewed.bin");

            browser.go("#/board/viewed");
            browser.awaitText("#main", "viewed.bin");
            browser.awaitText("#who", "viewer (may look only)");
            assertFalse(browser.driver.findElement(By.id("withdraw")).isDisplayed());
            assertFalse(browser.driver.findElement(By.id("halt")).isDisplayed());

            browser.go("#/ship?boards=list&file=viewed.bin");
            browser.find("#ship-file option[value='viewed.bin']");
            browser.type("#ship-list", "viewed");
            browser.click("#preview-button");
            browser.awaitText("#preview", REFUSED);
        }
    }
}
