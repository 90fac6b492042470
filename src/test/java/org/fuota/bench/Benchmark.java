package org.fuota.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fuota.bench.client.BoardTls;
import org.fuota.bench.report.Machine;
import org.fuota.bench.report.Report;
import org.fuota.bench.report.Result;
import org.fuota.bench.server.Nginx;

/**
 * Measures what the product costs and bears, beside nginx: {@code mvn -Pbench verify}. Its settings are system properties, see
 * {@link Settings}; its arguments the names of workloads, all when there are none.
 */
final class Benchmark {
    private Benchmark() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        requireMachine();
        Path javaHome = JavaHome.find();
        if (!Files.isSameFile(javaHome, Path.of(System.getProperty("java.home")))) {
            System.exit(again(javaHome, arguments));
        }
        BoardTls.TLS_1_2.context();
        Settings settings = Settings.read(arguments);
        List<Workload> workloads = wanted(settings);
        Rig.say("JDK " + JavaHome.version(javaHome) + " in " + javaHome + " for the server, and for the boards");
        List<Result> results = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        Instant begin = Instant.now();
        try (Rig rig = new Rig(settings, javaHome)) {
            for (Workload workload : workloads) {
                Rig.say(workload.name() + ": begins");
                try {
                    Result result = workload.run(rig);
                    results.add(result);
                    result.figures().forEach(figure -> Rig.say(workload.name() + ": " + figure.line()));
                } catch (IOException e) {
                    // The others may well run, and are worth it.
                    failed.add(workload.name());
                    Rig.say(workload.name() + ": FAILED: " + e + "; the server's log ends so:\n" + rig.logTail());
                }
            }
        }
        report(settings, javaHome, results, begin, settings.isFull() && failed.isEmpty());
        if (!failed.isEmpty()) {
            throw refused("failed: " + String.join(", ", failed));
        }
    }

    /** Only a whole run is the project's: it alone goes into the documentation. */
    private static void report(Settings settings, Path javaHome, List<Result> results, Instant begin, boolean isWhole)
            throws IOException, InterruptedException {
        List<String> notes = new ArrayList<>(Machine.lines(
                JavaHome.version(javaHome),
                System.getProperty("tomcat.version", "unknown"),
                Nginx.program().orElseThrow().toString()));
        notes.add("Command: `%s`, begun %s, %d minutes"
                .formatted(
                        settings.command(),
                        begin.truncatedTo(ChronoUnit.MINUTES),
                        Duration.between(begin, Instant.now()).toMinutes()));
        Path folder = isWhole ? Path.of("docs") : Settings.FOLDER;
        new Report(results).write(folder, notes);
        Rig.say("written to " + folder.resolve("performance.md"));
    }

    private static List<Workload> wanted(Settings settings) {
        List<Workload> all = Workloads.all(settings);
        List<String> names = all.stream().map(Workload::name).toList();
        settings.workloads().stream()
                .filter(name -> !names.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw refused("there is no workload " + name + "; there are " + String.join(", ", names));
                });
        return all.stream()
                .filter(workload ->
                        settings.workloads().isEmpty() || settings.workloads().contains(workload.name()))
                .toList();
    }

    private static void requireMachine() {
        if (!System.getProperty("os.name").equals("Linux")) {
            throw refused("the benchmark reads /proc: it runs on Linux only");
        }
        if (Nginx.program().isEmpty()) {
            throw refused("nginx isn't installed, which the benchmark compares with: apt-get install nginx-light");
        }
    }

    /** The boards would be slower on an old JDK, and share the machine with the server. */
    private static int again(Path javaHome, String[] arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(javaHome.resolve("bin/java").toString()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("-Dbench.java=" + javaHome);
        command.add(Benchmark.class.getName());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(Map.of("JAVA_HOME", javaHome.toString()));
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        return process.waitFor();
    }

    private static IllegalStateException refused(String why) {
        return new IllegalStateException(why);
    }
}
