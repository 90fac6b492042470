package org.fuota.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.fuota.tomcat.TomcatProcess;

/**
 * What a server holds.
 *
 * @param descriptors open files and connections
 * @param threads but for idle ones of the connector's pool
 * @param temporaryFiles among the update files
 */
record Resources(long descriptors, long threads, long temporaryFiles) {
    static Resources of(TomcatProcess tomcat) throws IOException {
        return new Resources(descriptors(tomcat), threads(tomcat), uploads(tomcat));
    }

    static long descriptors(TomcatProcess tomcat) throws IOException {
        return count(Path.of("/proc/" + tomcat.pid() + "/fd"));
    }

    /** Whether there is no more than before, give or take what the JVM itself opens now and then. */
    boolean isNoMoreThan(Resources before) {
        return descriptors <= before.descriptors + 10
                && threads <= before.threads + 4
                && temporaryFiles <= before.temporaryFiles;
    }

    private static long count(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.count();
        }
    }

    private static long uploads(TomcatProcess tomcat) throws IOException {
        try (Stream<Path> entries = Files.list(tomcat.data().resolve("blobs"))) {
            return entries.filter(file -> file.getFileName().toString().startsWith(".new-"))
                    .count();
        }
    }

    private static long threads(TomcatProcess tomcat) throws IOException {
        Process dump = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/jcmd").toString(),
                        String.valueOf(tomcat.pid()),
                        "Thread.print")
                .redirectErrorStream(true)
                .start();
        String text = new String(dump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return Arrays.stream(text.split("\n\n"))
                .filter(block -> block.startsWith("\"") && !block.contains("TaskQueue"))
                .count();
    }
}
