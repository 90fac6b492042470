package org.fuota.it;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The script of a board's life: a line for each phase, with what the board, or a developer, does in it, and what is true at
 * its end.
 *
 * @param paces how often such boards poll; each has one of them
 * @param boards how many such boards there are
 */
record Life(String name, List<Pace> paces, int boards, List<Line> lines) {
    /** Every {@code gap}, give or take {@code jitter}. */
    record Pace(Duration gap, Duration jitter) {
        /** Such as {@code 30s} or {@code 1h~6m}. */
        static Pace parse(String text) {
            String[] parts = text.split("~");
            return new Pace(duration(parts[0]), parts.length == 1 ? Duration.ZERO : duration(parts[1]));
        }
    }

    /**
     * A phase.
     *
     * @param state as the server is to name it at the end
     * @param events what the server is to remember of it, oldest first
     */
    record Line(List<Action> actions, String state, long offers, boolean isClone, List<String> events) {
        /** The same state, where nothing happens. */
        Line quiet() {
            return new Line(List.of(), state, offers, isClone, List.of());
        }
    }

    /**
     * What is done.
     *
     * @param isBeginning whether this, or the first time of it, is when the state of the line begins
     */
    record Action(String verb, List<String> words, int times, boolean isBeginning) {
        /** Such as {@code *poll 1.0 x3}, where the star marks a beginning. */
        static Action parse(String text) {
            boolean isBeginning = text.startsWith("*");
            List<String> words =
                    new ArrayList<>(List.of(text.substring(isBeginning ? 1 : 0).split(" ")));
            String last = words.get(words.size() - 1);
            int times = last.matches("x[0-9]+") ? Integer.parseInt(last.substring(1)) : 1;
            if (times > 1) {
                words.remove(last);
            }
            return new Action(words.get(0), words.subList(1, words.size()), times, isBeginning);
        }
    }

    /** Lives, parted by empty lines. */
    static List<Life> parse(String text) {
        return Arrays.stream(text.strip().split("\n\n+")).map(Life::parseOne).toList();
    }

    private static Life parseOne(String text) {
        List<String> lines = text.lines().map(String::strip).toList();
        String[] head = lines.get(0).split(" *; *");
        return new Life(
                head[0],
                Arrays.stream(head[1].replace("every ", "").split(", "))
                        .map(Pace::parse)
                        .toList(),
                Integer.parseInt(head[2].replace(" boards", "")),
                lines.stream().skip(1).map(Life::parseLine).toList());
    }

    private static Line parseLine(String text) {
        String[] cells = Arrays.stream(text.split("\\|", -1)).map(String::strip).toArray(String[]::new);
        if (cells.length != 5) {
            throw new IllegalArgumentException("not five cells: " + text);
        }
        return new Line(
                Arrays.stream(cells[0].split(", ")).map(Action::parse).toList(),
                cells[1],
                Long.parseLong(cells[2]),
                cells[3].equals("clone"),
                cells[4].isEmpty() ? List.of() : List.of(cells[4].split("; ")));
    }

    static Duration duration(String text) {
        return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
    }
}
