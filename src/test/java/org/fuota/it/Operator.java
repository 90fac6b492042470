package org.fuota.it;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** Somebody at the console, of whom each click, each field that is filled in and each key is counted. */
final class Operator {
    private static final double NANOS_PER_SECOND = 1e9;

    final Browser browser;
    private final List<String> report = new ArrayList<>();
    private int acts;

    interface Job {
        void run() throws Exception;
    }

    Operator(Browser browser) {
        this.browser = browser;
    }

    /**
     * Does it, from the overview on.
     *
     * @return how many acts it took
     */
    int does(String what, Job job) throws Exception {
        browser.go("#/overview");
        browser.find("#tiles li");
        acts = 0;
        long begun = System.nanoTime();
        job.run();
        report.add("| %-48s | %2d | %5.1f |".formatted(what, acts, (System.nanoTime() - begun) / NANOS_PER_SECOND));
        return acts;
    }

    void click(String css) {
        acts++;
        browser.click(css);
    }

    void type(String css, String text) {
        acts++;
        browser.type(css, text);
    }

    void choose(String css, String value) {
        acts++;
        browser.choose(css, value);
    }

    void attach(String css, Path file) {
        acts++;
        browser.driver.findElement(By.cssSelector(css)).sendKeys(file.toString());
    }

    /** One of the console's keys, such as {@code g f}. */
    void press(String keys) {
        acts++;
        browser.press(keys.replace(" ", ""));
    }

    /** From anywhere: the key that leads there, and a part of what is looked for. */
    void search(String part) {
        press("/");
        browser.await(() -> browser.isFocused("#search"), () -> "no search");
        acts++;
        browser.press(part, Keys.ENTER);
    }

    /** A line for each job: acts, and seconds. */
    String report() {
        return String.join("\n", report);
    }
}
