package org.fuota.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Takes pictures of each page, with the fleet of {@link PictureFleet}, when asked to by {@code -Dpictures=true}: some into docs/pictures, and all into
 * target/screenshots.
 */
@EnabledIfSystemProperty(named = "pictures", matches = "true")
class ConsolePicturesIT {
    private static final Path DOCS = Path.of("docs/pictures");
    private static final int DESK = 1440;
    private static final int TABLET = 900;
    private static final int PHONE = 390;
    private static final int HEIGHT = 900;
    /** Where what matters is further down. */
    private static final int TALL = 1240;

    /** Those of the documentation. */
    private static final Set<String> KEPT = Set.of(
            "overview-light",
            "overview-dark",
            "overview-light-390",
            "fleet-light",
            "board-light",
            "rollout-light",
            "paused-light",
            "new-rollout-light",
            "files-light",
            "ship-light",
            "join-light");

    @TempDir
    Path folder;

    @Test
    void showsEachPage() throws Exception {
        try (PictureFleet fleet = new PictureFleet(folder)) {
            fleet.live();
            try (Browser browser =
                    Browser.open(Files.createDirectory(folder.resolve("profile")), SimulatedServer.CONTEXT)) {
                browser.width(DESK);
                browser.logIn();
                take(browser, fleet);
            }
        }
    }

    private static void take(Browser browser, PictureFleet fleet) throws IOException {
        Files.createDirectories(DOCS);
        takeAll(browser, fleet, "overview", "#/", "#versions-over-time canvas", TALL);
        takeAll(browser, fleet, "fleet", "#/fleet?project=display&sort=-state", "#range", HEIGHT);
        takeAll(browser, fleet, "rollout", "#/rollouts/sensor-1.6.0", "#curve canvas", HEIGHT);
        takeAll(browser, fleet, "paused", "#/rollouts/gateway-2.1.0", "#answers", HEIGHT);
        takeAll(browser, fleet, "files", "#/files", "#files td", HEIGHT);
        take(browser, fleet, "fleet-filtered", "#/fleet?group=hall-3&file=display.bin.0.9.2&sort=-state", "#range");
        take(browser, fleet, "board", "#/board/" + fleet.reverted(), "#history li");
        take(browser, fleet, "rollouts", "#/rollouts", "#rollouts td");
        take(browser, fleet, "watch", "#/watch/display.bin.0.9.2", "#watch li");
        take(browser, fleet, "join", "#/join", "#waiting p");

        browser.size(DESK, TALL);
        take(browser, fleet, "overview-90", "#/overview?days=90", "#versions-over-time canvas");
        open(browser, fleet, "#/ship?file=display.bin.1.0.0&version=0.9.2", "#ship-version option[value='0.9.2']");
        browser.click("#preview-button");
        browser.find("#apply");
        browser.script("window.scrollTo(0, 0); return true");
        glance(browser, "ship-light");

        open(
                browser,
                fleet,
                "#/new-rollout?file=display.bin.1.0.0&replaces=0.9.2&except=hall-3",
                "#new-versions input:checked");
        browser.click("#preview-button");
        browser.find("#apply");
        browser.script("arguments[0].scrollIntoView({block: 'end'}); return true", browser.find("#preview"));
        glance(browser, "new-rollout-light");

        browser.width(DESK);
        open(browser, fleet, "#/rollouts", "#rollouts td");
        browser.press("?");
        browser.find("dialog");
        glance(browser, "keys-light");

        fleet.stop("boards go dark in hall 3");
        open(browser, fleet, "#/", "#stopped button");
        browser.find("#versions-over-time canvas");
        glance(browser, "stopped-light");
    }

    private static void open(Browser browser, PictureFleet fleet, String hash, String part) {
        fleet.catchUp();
        browser.go(hash);
        browser.find(part);
    }

    private static void take(Browser browser, PictureFleet fleet, String name, String hash, String part)
            throws IOException {
        open(browser, fleet, hash, part);
        glance(browser, name + "-light");
    }

    /** In both themes, at the desk, on a tablet and on a phone. */
    private static void takeAll(Browser browser, PictureFleet fleet, String name, String hash, String part, int height)
            throws IOException {
        open(browser, fleet, hash, part);
        for (String theme : List.of("light", "dark")) {
            browser.theme(theme);
            for (int width : new int[] {TABLET, PHONE, DESK}) {
                browser.size(width, width == DESK ? height : HEIGHT);
                String suffix = width == DESK ? "" : "-" + width;
                glance(browser, name + "-" + theme + suffix);
            }
        }
        browser.theme("light");
        browser.width(DESK);
    }

    private static void glance(Browser browser, String name) throws IOException {
        browser.find("#pulse[data-kind=good]");
        Path picture = browser.glance(name);
        if (KEPT.contains(name)) {
            FewColours.write(picture, DOCS.resolve(name + ".png"));
        }
    }
}
