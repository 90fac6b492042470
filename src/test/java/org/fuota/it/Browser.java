package org.fuota.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Chromium with the console of one deployment; logged in once, as a user does it. */
final class Browser implements AutoCloseable {
    private static final Path SCREENSHOTS = Path.of("target/screenshots");
    private static final int MOST_TABS = 150;

    /** How long something may take to appear; no measure of anything. The console looks less often where looking takes long. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    final ChromeDriver driver;
    private final String root;

    private Browser(ChromeDriver driver, String root) {
        this.driver = driver;
        this.root = root;
    }

    /**
     * @param profile an empty folder
     * @param context the path of the application, such as {@code /other}; empty for the root
     */
    static Browser open(Path profile, String context) {
        return open(profile, Server.PORT, context);
    }

    /** @param port where the server, or what stands before it, listens */
    static Browser open(Path profile, int port, String context) {
        return new Browser(Chromium.start(profile), "https://localhost:" + port + context + "/");
    }

    /** As a user who types them when the browser asks; from then on the browser sends them by itself. */
    void logIn(String user, String password) {
        driver.get(root.replace("https://", "https://" + user + ":" + password + "@"));
        go("#/fleet");
    }

    void logIn() {
        logIn("admin", System.getProperty("it.admin.password"));
    }

    /** Opens a view of the console by its URL, as a bookmark does; waits until it is there. */
    void go(String hash) {
        driver.get("about:blank");
        driver.get(root + hash);
    }

    /** Follows a link within the console. */
    void follow(String hash) {
        driver.executeScript("location.hash = arguments[0]", hash);
    }

    WebElement find(String css) {
        return Objects.requireNonNull(patiently()
                .until(ready -> driver.findElements(By.cssSelector(css)).stream()
                        .filter(WebElement::isDisplayed)
                        .findFirst()
                        .orElse(null)));
    }

    /** Clear of the bar that stays at the top. */
    void click(String css) {
        patiently().until(ready -> {
            WebElement element = find(css);
            driver.executeScript("arguments[0].scrollIntoView({block: 'center'})", element);
            element.click();
            return true;
        });
    }

    void type(String css, String text) {
        WebElement field = find(css);
        field.clear();
        field.sendKeys(text);
    }

    void choose(String css, String value) {
        WebElement select = find(css);
        patiently()
                .until(ready -> !select.findElements(By.cssSelector("option[value=\"" + value + "\"]"))
                        .isEmpty());
        new Select(select).selectByValue(value);
    }

    /** What the reader sees of an element; empty when it isn't there. */
    String text(String css) {
        try {
            return driver.findElements(By.cssSelector(css)).stream()
                    .map(WebElement::getText)
                    .findFirst()
                    .orElse("");
        } catch (StaleElementReferenceException e) {
            return "";
        }
    }

    List<String> texts(String css) {
        return script("return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)", css);
    }

    void awaitText(String css, String part) {
        await(() -> text(css).contains(part), () -> "no " + part + " in " + css + ": " + text(css));
    }

    void await(Supplier<Boolean> condition, Supplier<String> otherwise) {
        try {
            patiently().until(ready -> condition.get());
        } catch (TimeoutException e) {
            throw new AssertionError(otherwise.get() + "\n" + text("body"), e);
        }
    }

    @SuppressWarnings("unchecked") // the caller knows what its script returns
    <T> T script(String script, Object... arguments) {
        return (T) Objects.requireNonNull(driver.executeScript(script, arguments));
    }

    /** Presses a key wherever the focus is. */
    void press(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    /** By the keyboard alone. */
    void tabTo(String css) {
        for (int i = 0; i < MOST_TABS; i++) {
            if (isFocused(css)) {
                return;
            }
            press(Keys.TAB);
        }
        throw new AssertionError("Tab doesn't reach " + css);
    }

    boolean isFocused(String css) {
        return script("return document.activeElement.matches(arguments[0])", css);
    }

    void theme(String theme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", theme))));
    }

    void width(int pixels) {
        size(pixels, 900);
    }

    void size(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** Has each answer come so much later; 0 ends that. */
    void latency(int millis) {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand(
                "Network.emulateNetworkConditions",
                Map.of("offline", false, "latency", millis, "downloadThroughput", -1, "uploadThroughput", -1));
    }

    /** @param bytesPerSecond that go out; 0 for no network at all, and -1 for all that there is */
    void network(int bytesPerSecond) {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand(
                "Network.emulateNetworkConditions",
                Map.of(
                        "offline",
                        bytesPerSecond == 0,
                        "latency",
                        0,
                        "downloadThroughput",
                        -1,
                        "uploadThroughput",
                        Math.max(-1, bytesPerSecond == 0 ? -1 : bytesPerSecond)));
    }

    /** Sends an Authorization of one's choice in place of what the user typed; empty ends that. */
    void authorization(String value) {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand(
                "Network.setExtraHTTPHeaders",
                Map.of("headers", value.isEmpty() ? Map.of() : Map.of("Authorization", value)));
    }

    /** By how much what was shown has moved by itself since the page was opened: W3C's layout shift. */
    double shift() {
        return ((Number) Objects.requireNonNull(driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                let shift = 0;
                new PerformanceObserver(list => {
                  shift += list.getEntries().filter(one => !one.hadRecentInput).reduce((sum, one) => sum + one.value, 0);
                }).observe({type: 'layout-shift', buffered: true});
                setTimeout(() => done(shift), 300);
                """))).doubleValue();
    }

    /** What axe-core finds wrong, a line each. */
    List<String> violations() throws IOException {
        try (InputStream axe = Browser.class.getResourceAsStream("/axe.min.js")) {
            driver.executeScript(new String(Objects.requireNonNull(axe).readAllBytes(), StandardCharsets.UTF_8)
                    + "\nwindow.axe = axe;");
        }
        Object found = driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run(document, {resultTypes: ['violations']}).then(result => done(result.violations.map(violation =>
                    violation.id + ': ' + violation.nodes.map(node => node.target + ' ' + node.failureSummary).join('; '))),
                  e => done(['axe failed: ' + e]));
                """);
        return ((List<?>) Objects.requireNonNull(found))
                .stream().map(String::valueOf).toList();
    }

    /** All of the page, however long it is, in target/screenshots. */
    void screenshot(String name) throws IOException {
        capture(name, true);
    }

    /** What fits on the screen; returns where the picture is. */
    Path glance(String name) throws IOException {
        return capture(name, false);
    }

    private Path capture(String name, boolean isAll) throws IOException {
        String png = String.valueOf(driver.executeCdpCommand(
                        "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", isAll))
                .get("data"));
        Files.createDirectories(SCREENSHOTS);
        return Files.write(
                SCREENSHOTS.resolve(name + ".png"), Base64.getDecoder().decode(png));
    }

    /** What the browser's own console has complained of since the last time, but for answers with an error's status. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(entry -> entry.getLevel() + " " + entry.getMessage())
                .filter(entry -> !entry.contains("Failed to load resource"))
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }

    private WebDriverWait patiently() {
        WebDriverWait wait = new WebDriverWait(driver, PATIENCE);
        wait.ignoring(StaleElementReferenceException.class);
        return wait;
    }
}
