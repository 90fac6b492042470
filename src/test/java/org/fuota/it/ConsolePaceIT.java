package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.fuota.bench.server.Fleet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long the console lets its reader wait in a large fleet. Here it only has to work; to measure it, on a quiet machine:
 * {@code -Dconsole.boards=1000000 -Dconsole.rounds=20}.
 */
class ConsolePaceIT {
    private static final int BOARDS = Integer.getInteger("console.boards", 2_000);
    private static final int ROUNDS = Integer.getInteger("console.rounds", 2);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** The table is that of the URL. */
    private static final String TABLE = "!('stale' in (document.getElementById('boards')?.dataset ?? {stale: 1}))";

    /** And all is counted. */
    private static final String COUNTED = TABLE
            + " && / of |No boards/.test(['range', 'empty'].map(id => document.getElementById(id)?.textContent).join())";

    /** The page does so itself, but not before its URL has changed. */
    private static final String STALE = "document.getElementById('boards').dataset.stale = 'true';";

    @TempDir
    static Path folder;

    private static Browser browser;

    private final Random random = new Random(1);
    private final Map<String, List<Double>> millis = new LinkedHashMap<>();

    @BeforeAll
    static void fill() throws IOException, SQLException {
        browser = Boards.open(folder);
        browser.driver.manage().timeouts().scriptTimeout(PATIENCE);
        Server.manager("stop?path=/other");
        String url = "jdbc:sqlite:" + folder.resolve("data/db/devices.db");
        new Fleet(BOARDS).fill(url);
        try (Connection connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            // One in a hundred had polled each second until ten days ago.
            statement.executeUpdate("""
                    UPDATE device_status
                    SET recent_gaps = '1000,1000,1000,1000,1000', check_at = 0, last_seen = last_seen - 864000000
                    WHERE device_id LIKE '%07'
                    """);
        }
        Server.manager("start?path=/other");
        Boards.upload(Fleet.filePath(1), "app", "2.0.0");
        Boards.awaitCount("by=state", "\"silent\",\"" + BOARDS / 100 + "\"");
    }

    @AfterAll
    static void close() {
        Boards.close(browser);
    }

    @Test
    void letsNobodyWait() {
        browser.go("#/overview");
        browser.find("#tiles li");
        browser.script("""
                window.blocked = [];
                new PerformanceObserver(list => window.blocked.push(...list.getEntries().map(entry => entry.duration)))
                    .observe({type: 'longtask'});
                return '';
                """);
        for (int round = 0; round < ROUNDS; round++) {
            look();
        }
        System.out.println(
                "%,d boards, %d rounds: median, 95th percentile, longest; milliseconds".formatted(BOARDS, ROUNDS));
        millis.forEach((what, all) -> System.out.println(line(what, all)));
        List<Number> blocked = browser.script("return window.blocked");
        System.out.println("tasks of the page over 50 ms: "
                + blocked.stream().map(Number::intValue).sorted().toList());
        assertEquals(List.of(), browser.complaints());
    }

    private void look() {
        time("the fleet opens: table", "location.hash = '#/fleet'", TABLE);
        time("the fleet opens: all counted", "", COUNTED);
        String part = String.format(Locale.ROOT, "%05d", random.nextInt(BOARDS));
        time("a search for 5 digits: table", search(part), TABLE);
        time("a search for 5 digits: all counted", "", COUNTED);
        time("a search for nothing there: counted", search("nowhere" + part), COUNTED);
        time("the search ends: table", search(""), TABLE);
        time("silent ones: table", STALE + click("#states a[href*='state=silent']"), TABLE);
        time("silent ones: all counted", "", COUNTED);
        time(
                "a version: table",
                STALE + "location.hash = '#/fleet?version=1.0." + (1 + random.nextInt(5)) + "'",
                TABLE);
        time("a version: all counted", "", COUNTED);
        time("seen last first: table", STALE + "location.hash = '#/fleet?sort=-last_seen'", TABLE);
        time("seen last first: all counted", "", COUNTED);
        time("next page: table", STALE + click("#pager a[aria-label='Next page']"), TABLE);
        time("next page: all counted", "", COUNTED);
        time("last page: table", STALE + click("#pager a[aria-label='Last page']"), TABLE);
        time("last page: all counted", "", COUNTED);
        time("a board", click("#boards tr:nth-child(5) a"), "document.getElementById('why')?.textContent");
        time("the files", "location.hash = '#/files'", "document.querySelector('#files tr')");
        time(
                "the rollouts",
                "location.hash = '#/rollouts'",
                "document.querySelector('h1')?.textContent === 'Rollouts'");
        time("the overview", "location.hash = '#/overview'", "document.querySelector('#tiles li')?.offsetParent");
        selectAndPreview();
    }

    /** A tenth of the fleet. */
    private void selectAndPreview() {
        time("a tenth by its prefix: counted", "location.hash = '#/fleet?prefix=00'", COUNTED);
        time(
                "all that match are selected",
                click("#pick-all") + click("#picked [data-act=all]"),
                "document.getElementById('picked').textContent.startsWith('All ')");
        browser.click("#picked [data-act=join]");
        browser.type("#dialog-group", "tenth");
        time(
                "a preview of what a tenth joins",
                click("dialog [data-value=yes]"),
                "document.querySelector('dialog h2')?.textContent.startsWith('Put ')");
        browser.click("dialog [data-value='']");
        browser.click("#picked [data-act=clear]");
    }

    private static String search(String part) {
        return STALE + "const search = document.getElementById('search'); search.value = '" + part
                + "'; search.dispatchEvent(new Event('input'));";
    }

    private static String click(String css) {
        return "document.querySelector(\"" + css + "\").click();";
    }

    /** From an act until it is seen, by the page's own clock; without an act, from the one before. */
    private void time(String what, String act, String until) {
        Number took = (Number) browser.driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                %s
                if (%s) {
                  window.begun = performance.now();
                }
                const look = () => %s ? done(performance.now() - window.begun) : requestAnimationFrame(look);
                requestAnimationFrame(look);
                """.formatted(act, !act.isEmpty(), until));
        millis.computeIfAbsent(what, any -> new ArrayList<>()).add(took.doubleValue());
    }

    private static String line(String what, List<Double> all) {
        List<Double> sorted = new ArrayList<>(all);
        Collections.sort(sorted);
        return String.format(
                Locale.ROOT,
                "%-40s %6.0f %6.0f %6.0f",
                what,
                sorted.get(sorted.size() / 2),
                sorted.get((sorted.size() * 95 + 99) / 100 - 1),
                sorted.get(sorted.size() - 1));
    }
}
