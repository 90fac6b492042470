package org.fuota.bench.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where it was measured, and with what versions. */
public final class Machine {
    private Machine() {}

    /** A line of Markdown for each thing that counts. */
    public static List<String> lines(String javaVersion, String tomcatVersion, String nginx)
            throws IOException, InterruptedException {
        long memoryKib = Long.parseLong(value("/proc/meminfo", "MemTotal").replaceAll("\\D", ""));
        return List.of(
                "Machine: " + value("/proc/cpuinfo", "model name") + ", "
                        + Runtime.getRuntime().availableProcessors() + " cores, "
                        + Figure.number(Math.rint(memoryKib / 1024.0 / 1024.0)) + " GiB of memory, Linux "
                        + System.getProperty("os.version") + "; the boards run on it, too",
                "Versions: JDK " + javaVersion + ", Tomcat " + tomcatVersion + ", "
                        + output(nginx, "-v").replace("nginx version: ", "").strip() + ", "
                        + output("openssl", "version").replaceAll(" \\(.*", "").strip() + ", SQLite driver "
                        + driverVersion());
    }

    private static String value(String file, String name) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }

    /** From the name of its JAR in the class path. */
    private static String driverVersion() {
        for (String entry : System.getProperty("java.class.path").split(":")) {
            String name = Path.of(entry).getFileName().toString();
            if (name.startsWith("sqlite-jdbc-")) {
                return name.replaceAll("sqlite-jdbc-|\\.jar", "");
            }
        }
        return "unknown";
    }

    private static String output(String... command) throws IOException, InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return output;
        } catch (IOException e) {
            return command[0] + " unknown";
        }
    }
}
