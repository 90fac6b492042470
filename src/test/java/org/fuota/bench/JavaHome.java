package org.fuota.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The JDK that the server, and the benchmark, run with. */
final class JavaHome {
    private static final String WANTED = "25";

    private JavaHome() {}

    /** The one of {@code bench.java}; else a JDK 25 of the machine; else this process's own. */
    static Path find() throws IOException {
        String given = Settings.text("bench.java", "");
        if (!given.isEmpty()) {
            return Path.of(given);
        }
        List<Path> homes = new ArrayList<>();
        if (System.getenv("JAVA_HOME") != null) {
            homes.add(Path.of(System.getenv("JAVA_HOME")));
        }
        Path installed = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(installed)) {
            try (Stream<Path> folders = Files.list(installed)) {
                homes.addAll(folders.sorted().toList());
            }
        }
        for (Path home : homes) {
            if (version(home).matches(WANTED + "\\b.*")) {
                return home;
            }
        }
        return Path.of(System.getProperty("java.home"));
    }

    /** As its {@code release} file has it; empty when there is none. */
    static String version(Path home) throws IOException {
        Path release = home.resolve("release");
        if (!Files.isRegularFile(release) || !Files.isExecutable(home.resolve("bin/javac"))) {
            return "";
        }
        return Files.readAllLines(release).stream()
                .filter(line -> line.startsWith("JAVA_VERSION="))
                .map(line -> line.replaceAll(".*=|\"", ""))
                .findFirst()
                .orElse("");
    }
}
