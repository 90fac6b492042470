package org.fuota.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What all workloads came to: a table in a text of which the rest is written by hand, and a plot beside it. */
public final class Report {
    static final String BEGIN = "<!-- measured: begin -->";
    static final String END = "<!-- measured: end -->";

    private static final String NEW_TEXT = "# Performance\n\n" + BEGIN + "\n" + END + "\n";

    private final List<Result> results;

    public Report(List<Result> results) {
        this.results = results;
    }

    /**
     * Writes {@code performance.md}, or what lies between its two marks when it is there, and {@code performance.svg}.
     *
     * @param notes lines of Markdown below the table
     */
    public void write(Path folder, List<String> notes) throws IOException {
        Files.createDirectories(folder);
        Path text = folder.resolve("performance.md");
        String old = Files.exists(text) ? Files.readString(text) : NEW_TEXT;
        Files.writeString(text, inside(old, table(notes)));
        Files.writeString(folder.resolve("performance.svg"), plot());
    }

    /** The text with other content between its marks; the content at its end when it has none. */
    static String inside(String text, String content) {
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            return text + "\n" + BEGIN + "\n" + content + END + "\n";
        }
        return text.substring(0, begin + BEGIN.length()) + "\n" + content + text.substring(end);
    }

    String table(List<String> notes) {
        String rows = results.stream()
                .flatMap(result -> result.figures().stream())
                .map(Figure::row)
                .collect(Collectors.joining());
        String more = notes.stream().map(note -> "- " + note + "\n").collect(Collectors.joining());
        return "![Cost beside nginx, and latencies](performance.svg)\n\n" + Figure.HEAD + rows + "\n" + more;
    }

    String plot() {
        List<Bar> ratios =
                results.stream().flatMap(result -> result.ratios().stream()).toList();
        List<Bar> latencies =
                results.stream().flatMap(result -> result.latencies().stream()).toList();
        return new Plot()
                .chart("Server CPU beside nginx = 1: median of the rounds, from least to most", "×", ratios)
                .chart("Milliseconds that a poll takes while others load the server: p50, up to p99", "ms", latencies)
                .toString();
    }
}
