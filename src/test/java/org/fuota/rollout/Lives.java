package org.fuota.rollout;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * Lives of fleets under rollouts, a row each of {@code lives.csv}: which boards there are and how they live, what is rolled out, what somebody does,
 * for how long it goes on, and what has become of it. All names of a row end with its number, so that all fleets can live on one server.
 *
 * @param name what it is about
 * @param boards all of them, as they are born
 * @param definitions of rollouts, as JSON, by their names
 * @param hours from when the rollouts are made
 * @param expected of each rollout, and of those that take one back: state stage offered/updated/pending/failed
 */
public record Lives(
        int number,
        String name,
        List<Board> boards,
        Map<String, String> definitions,
        List<Step> steps,
        Duration hours,
        String expected) {
    /** Time goes on by so much at once. */
    public static final Duration STEP = Duration.ofMinutes(10);

    /** Rollouts are made so long after the first boards were born, when their rhythm is known. */
    public static final Duration MADE = Duration.ofDays(2);

    private static final int USUAL_POLLS = 6;

    /**
     * What somebody does.
     *
     * @param after it was made
     * @param action of a rollout, or: halt, go, replace its file's bytes, back
     * @param file what others get, of {@code back}; null for nothing
     */
    public record Step(
            Duration after,
            String action,
            String rollout,
            @Nullable String file) {}

    /** All rows. */
    public static List<Lives> all() {
        try (InputStream in = Objects.requireNonNull(Lives.class.getResourceAsStream("lives.csv"));
                Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            List<Lives> all = new ArrayList<>();
            CSVFormat format = CSVFormat.DEFAULT
                    .builder()
                    .setDelimiter('~')
                    .setQuote('`')
                    .setHeader()
                    .setSkipHeaderRecord(true)
                    .get();
            for (CSVRecord row : format.parse(reader)) {
                all.add(of(all.size() + 1, row));
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Lives of(int number, CSVRecord row) {
        String suffix = "." + number;
        List<Board> boards = new ArrayList<>();
        for (String kind : row.get("boards").split(";")) {
            String[] words = kind.strip().split(" ");
            for (int i = 0; i < Integer.parseInt(words[0]); i++) {
                boards.add(new Board(words, boards.size(), suffix));
            }
        }
        Map<String, String> definitions = new LinkedHashMap<>();
        for (String fields : row.get("rollouts").split("\\|")) {
            definitions.put("r" + (definitions.size() + 1) + suffix, definition(fields, suffix));
        }
        List<Step> steps = new ArrayList<>();
        for (String step :
                row.get("steps").isEmpty() ? new String[0] : row.get("steps").split(";")) {
            String[] words = step.strip().split(" ");
            String[] of = words[2].split("/");
            steps.add(new Step(
                    Duration.ofMinutes((long) (Double.parseDouble(words[0]) * 60)),
                    words[1],
                    of[0].replaceFirst("^r[0-9]+", "$0" + suffix),
                    of.length == 1 ? null : of[1] + suffix));
        }
        return new Lives(
                number,
                row.get("what"),
                List.copyOf(boards),
                definitions,
                steps,
                Duration.ofHours(Long.parseLong(row.get("hours"))),
                row.get(5).strip());
    }

    private static String definition(String fields, String suffix) {
        JsonObject json = JsonParser.parseString("{" + fields + "}").getAsJsonObject();
        JsonObject all = new JsonObject();
        all.addProperty("file", "2.bin");
        all.add("replaces", JsonParser.parseString("[\"1\"]"));
        json.entrySet().forEach(entry -> all.add(entry.getKey(), entry.getValue()));
        for (String name : List.of("file", "replaces", "group", "except", "stages")) {
            if (all.has(name)) {
                all.add(name, named(all.get(name), suffix));
            }
        }
        return all.toString();
    }

    private static JsonElement named(JsonElement element, String suffix) {
        if (element.isJsonArray()) {
            JsonArray array = new JsonArray();
            element.getAsJsonArray().forEach(one -> array.add(named(one, suffix)));
            return array;
        }
        return element.getAsJsonPrimitive().isString() ? new JsonPrimitive(element.getAsString() + suffix) : element;
    }

    /** The files that somebody needs. */
    public Set<String> files() {
        Set<String> files = new TreeSet<>();
        definitions
                .values()
                .forEach(json -> files.add(JsonParser.parseString(json)
                        .getAsJsonObject()
                        .get("file")
                        .getAsString()));
        steps.stream().map(Step::file).filter(Objects::nonNull).forEach(files::add);
        return files;
    }

    /** What a rollout of it rolls out. */
    public String file(String rollout) {
        return JsonParser.parseString(Objects.requireNonNull(definitions.get(rollout)))
                .getAsJsonObject()
                .get("file")
                .getAsString();
    }

    /** The ids in each group that a definition names: those that begin like it. */
    public Map<String, List<String>> groups() {
        Set<String> names = definitions.values().stream()
                .flatMap(json -> DefinitionJson.parse(json).groups().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        Map<String, List<String>> groups = new LinkedHashMap<>();
        names.forEach(name -> groups.put(
                name,
                boards.stream()
                        .map(Board::id)
                        .filter(id -> id.startsWith(name.substring(0, name.indexOf('.'))))
                        .toList()));
        return groups;
    }

    /** The names of its rollouts, and of those that take one back, in their order. */
    public List<String> rollouts() {
        List<String> names = new ArrayList<>(definitions.keySet());
        steps.stream()
                .filter(step -> step.action().equals("back"))
                .forEach(step -> names.add(step.rollout() + "-rollback"));
        return names;
    }

    @Override
    public String toString() {
        return name;
    }

    /** A board: what it does with an offer is its kind; how often it polls, what it runs, and when it is born, in the words after that. */
    public static final class Board {
        private final String id;
        private final String kind;
        private final String suffix;
        private final Duration gap;
        private String version = "1";
        private String before;
        private boolean isDead;
        private boolean hasReverted;
        private Duration wait;

        /** Such as {@code 3 good 24h v2 +60}: every 24 hours, running version 2, first after 60 hours. */
        private Board(String[] words, int number, String suffix) {
            this.kind = words[1];
            this.suffix = suffix;
            this.id = kind + "-" + number + suffix;
            Duration found = Duration.ofHours(1);
            Duration born = null;
            for (String word : List.of(words).subList(2, words.length)) {
                if (word.startsWith("+")) {
                    born = Duration.ofHours(Long.parseLong(word.substring(1)));
                } else if (word.endsWith("h")) {
                    found = Duration.ofHours(Long.parseLong(word.substring(0, word.length() - 1)));
                } else {
                    version = word.substring(1);
                }
            }
            this.before = version;
            this.gap = found;
            if (born == null) {
                Duration some = MADE.minus(gap.multipliedBy(USUAL_POLLS));
                born = STEP.multipliedBy(number % USUAL_POLLS).plus(some.isNegative() ? Duration.ZERO : some);
            }
            this.wait = born;
        }

        public String id() {
            return id;
        }

        /** One step of time; the version that it reports now, or null when it doesn't poll. */
        public @Nullable String poll() {
            wait = wait.minus(STEP);
            if (isDead || !wait.isNegative() && !wait.isZero()) {
                return null;
            }
            wait = gap;
            if (kind.equals("revert") && !version.equals(before) && hasReverted) {
                version = before;
            }
            if (kind.equals("flip")) {
                version = version.equals("1") ? "9" : "1";
            }
            return version + suffix;
        }

        /** What it is answered: a path, or null for nothing. */
        public void told(@Nullable String path) {
            if (kind.equals("later") && path == null && !version.equals("1")) {
                isDead = true;
            }
            if (kind.equals("revert") && !version.equals(before)) {
                hasReverted = true;
            }
            if (path == null) {
                return;
            }
            switch (kind) {
                case "brick" -> isDead = true;
                case "backbrick" -> {
                    isDead = !version.equals("1");
                    before = version;
                    version = "2";
                }
                case "stuck", "flip" -> {}
                default -> {
                    before = version;
                    version = path.substring(0, path.indexOf(".bin"));
                }
            }
        }
    }
}
