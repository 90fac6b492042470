package org.fuota.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * How much is to be measured.
 *
 * @param isQuick just enough to see that all works
 * @param rounds for each workload that is compared
 * @param polls of each round
 * @param warmUp polls before the first round
 * @param rows in the database
 * @param minutes of the million
 * @param readers how many slow readers, run by run
 * @param nodes on PostgreSQL; 0 is one on SQLite
 * @param workloads by name; all when empty
 */
record Settings(
        boolean isQuick,
        int rounds,
        int polls,
        int warmUp,
        int rows,
        double minutes,
        List<Integer> readers,
        int nodes,
        List<String> workloads) {
    static final Path FOLDER = Path.of("target/bench").toAbsolutePath();

    static Settings read(String[] arguments) {
        boolean isQuick = Boolean.parseBoolean(text("bench.quick", "false"));
        String workloads = arguments.length > 0 ? String.join(",", arguments) : text("bench.workloads", "");
        return new Settings(
                isQuick,
                number("bench.rounds", isQuick ? 2 : 5),
                number("bench.polls", isQuick ? 300 : 3000),
                number("bench.warmup", isQuick ? 500 : 20_000),
                number("bench.rows", isQuick ? 50_000 : 1_000_000),
                Double.parseDouble(text("bench.minutes", isQuick ? "0.1" : "5")),
                list(text("bench.readers", isQuick ? "100" : "1000,5000")).stream()
                        .map(Integer::valueOf)
                        .toList(),
                number("bench.nodes", 0),
                list(workloads));
    }

    /** Whether its results are the project's. */
    boolean isFull() {
        return !isQuick && nodes == 0 && workloads.isEmpty();
    }

    /** For how long a load that isn't the million lasts. */
    int seconds() {
        return isQuick ? 5 : 60;
    }

    /** What somebody types for the same. */
    String command() {
        StringBuilder command = new StringBuilder("mvn -Pbench verify");
        for (String name : List.of("quick", "rounds", "polls", "rows", "minutes", "readers", "nodes")) {
            String value = text("bench." + name, "");
            if (!value.isEmpty()) {
                command.append(" -Dbench.").append(name).append('=').append(value);
            }
        }
        if (!workloads.isEmpty()) {
            command.append(" -Dbench.workloads=").append(String.join(",", workloads));
        }
        return command.toString();
    }

    /** Maven hands over empty ones for those that aren't given. */
    static String text(String name, String otherwise) {
        String value = System.getProperty(name, "");
        return value.isEmpty() ? otherwise : value;
    }

    private static int number(String name, int otherwise) {
        return Integer.parseInt(text(name, String.valueOf(otherwise)));
    }

    private static List<String> list(String text) {
        return Arrays.stream(text.split(","))
                .filter(one -> !one.isBlank())
                .map(String::strip)
                .toList();
    }
}
