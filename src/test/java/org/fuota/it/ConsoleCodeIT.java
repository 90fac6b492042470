package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The console's code as ESLint, the TypeScript compiler and its own unit tests see it; and that its page and its style fit it. Skipped where there is no npm. */
class ConsoleCodeIT {
    private static final Path CONSOLE = Path.of("src/main/webapp/console");
    private static final Path CHECKS = Path.of("src/test/js");
    private static final Path WORK = Path.of("target/js");
    private static final Pattern CLASS = Pattern.compile("\\.(-?[a-zA-Z_][\\w-]*)");

    @BeforeAll
    static void install() throws Exception {
        copy(CHECKS, WORK);
        copy(CONSOLE, WORK.resolve("console"));
    }

    private static void copy(Path from, Path to) throws IOException {
        for (Path path : walk(from)) {
            Path copy = to.resolve(from.relativize(path));
            Files.createDirectories(copy.getParent());
            Files.write(copy, Files.readAllBytes(path));
        }
    }

    private static List<Path> walk(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lint", "types", "unit"})
    void passes(String check) throws Exception {
        assumeTrue(isThere(), "there is no npm");
        if (!Files.exists(WORK.resolve("node_modules/.package-lock.json"))) {
            assertEquals("", run("npm", "ci", "--prefer-offline", "--no-audit", "--no-fund"));
        }
        assertEquals("", run("npm", "run", "--silent", check));
    }

    private static boolean isThere() throws InterruptedException {
        try {
            return new ProcessBuilder("npm", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** What it said; empty when it succeeded. */
    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(WORK.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? "" : String.join(" ", command) + "\n" + said;
    }

    /** Else a slow network fetches one after the other. */
    @Test
    void thePageNamesAllModulesAheadAndAllStyles() throws IOException {
        String page = Files.readString(CONSOLE.resolve("index.html"));

        assertEquals(
                files(".js").filter(name -> !name.equals("app.js")).toList(),
                found("<link rel=\"modulepreload\" href=\"console/([^\"]+)\">", page));
        assertEquals(files(".css").toList(), found("<link rel=\"stylesheet\" href=\"console/([^\"]+)\">", page));
    }

    private static Stream<String> files(String end) throws IOException {
        return walk(CONSOLE).stream()
                .map(path -> CONSOLE.relativize(path).toString())
                .filter(name -> name.endsWith(end));
    }

    private static List<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(one -> one.group(1))
                .sorted()
                .toList();
    }

    @Test
    void noStyleIsForNobody() throws IOException {
        StringBuilder code = new StringBuilder(Files.readString(CONSOLE.resolve("index.html")));
        List<String> styles = new ArrayList<>();
        for (Path path : walk(CONSOLE)) {
            if (path.toString().endsWith(".js")) {
                code.append(Files.readString(path));
            } else if (path.toString().endsWith(".css")) {
                styles.add(Files.readString(path));
            }
        }
        // What stands between braces are values; uPlot names its own parts.
        TreeSet<String> classes = styles.stream()
                .flatMap(style -> CLASS.matcher(
                                style.replaceAll("/\\*.*?\\*/", "").replaceAll("\\{[^{}]*}", "{}"))
                        .results())
                .map((MatchResult one) -> one.group(1))
                .filter(name -> !name.startsWith("u-") && !name.equals("uplot"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(
                List.of(),
                classes.stream()
                        .filter(name -> !Pattern.compile("(?<![\\w-])" + Pattern.quote(name) + "(?![\\w-])")
                                .matcher(code)
                                .find())
                        // Put together from a beginning and a value.
                        .filter(name -> code.indexOf(name.substring(0, name.lastIndexOf('-') + 1) + "${") < 0)
                        .toList());
    }
}
