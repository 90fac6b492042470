package org.fuota.rollout;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.fuota.device.AppVersion;
import org.fuota.error.ErrorCode;
import org.fuota.error.FuotaException;
import org.fuota.error.Printable;
import org.fuota.file.FilePath;
import org.jspecify.annotations.Nullable;

/** A {@link Definition} as JSON: strict, with a sentence that names the field at fault. What is left out has careful defaults. */
final class DefinitionJson {
    private static final Set<String> FIELDS = Set.of(
            "file",
            "replaces",
            "group",
            "except",
            "prefix",
            "stages",
            "success_percent",
            "soak",
            "max_failed_percent",
            "min_boards",
            "max_downloads",
            "offers_per_minute",
            "starts",
            "hours",
            "zone",
            "any_image");
    private static final String DEFAULT_STAGES = "[1, 10, 50, 100]";
    private static final int MAX_STAGES = 50;
    static final int MAX_VERSIONS = 100;
    private static final Duration MAX_SOAK = Duration.ofDays(365);
    private static final int MANY = 1_000_000;

    private final JsonObject json;

    private DefinitionJson(JsonObject json) {
        this.json = json;
    }

    /** @throws FuotaException that names the field at fault */
    static Definition parse(String text) {
        JsonObject json = object(text);
        requireKnown(json, FIELDS);
        if (!json.has("file")) {
            throw invalid("the definition lacks file");
        }
        return new DefinitionJson(json).definition();
    }

    /** One that {@link #json} has made. */
    static Definition stored(String text) {
        return new DefinitionJson(object(text)).definition();
    }

    /** The body of a rollback; null when it names no file. */
    static @Nullable FilePath rollbackFile(String text) {
        if (text.isBlank()) {
            return null;
        }
        JsonObject json = object(text);
        requireKnown(json, Set.of("file"));
        return new DefinitionJson(json).file();
    }

    private static JsonObject object(String text) {
        JsonElement json;
        try {
            JsonReader reader = new JsonReader(new StringReader(text));
            reader.setStrictness(Strictness.STRICT);
            json = JsonParser.parseReader(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw invalid("the definition has something after its end");
            }
        } catch (JsonParseException | IOException e) {
            throw new FuotaException(ErrorCode.INVALID, "the definition isn't JSON: " + place(e), e);
        }
        if (!json.isJsonObject()) {
            throw invalid("the definition isn't a JSON object");
        }
        return json.getAsJsonObject();
    }

    /** With all fields, defaults too, in the order of the documentation: two that mean the same are equal as text. */
    static JsonObject json(Definition definition) {
        JsonObject json = new JsonObject();
        addIfThere(
                json,
                "file",
                definition.file() == null ? null : definition.file().value());
        json.add("replaces", array(definition.replaces()));
        addIfThere(json, "group", definition.group());
        addIfThere(json, "except", definition.except());
        addIfThere(json, "prefix", definition.prefix().isEmpty() ? null : definition.prefix());
        json.add("stages", array(definition.stages().stream().map(Stage::label).toList()));
        json.addProperty("success_percent", definition.successPercent());
        json.addProperty("soak", definition.soak().toString());
        json.addProperty("max_failed_percent", definition.maxFailedPercent());
        json.addProperty("min_boards", definition.minBoards());
        json.addProperty("max_downloads", definition.maxDownloads());
        if (definition.offersPerMinute() > 0) {
            json.addProperty("offers_per_minute", definition.offersPerMinute());
        }
        addIfThere(json, "starts", definition.starts());
        Hours hours = definition.hours();
        addIfThere(json, "hours", hours.from() == null ? null : hours.from() + "-" + hours.to());
        json.addProperty("zone", hours.zone().getId());
        json.addProperty("any_image", definition.anyImage());
        return json;
    }

    private static void addIfThere(JsonObject json, String name, @Nullable Object value) {
        if (value != null) {
            json.addProperty(name, value.toString());
        }
    }

    private static JsonArray array(List<?> values) {
        JsonArray array = new JsonArray();
        for (Object value : values) {
            array.add(value instanceof Number number ? new JsonPrimitive(number) : new JsonPrimitive(value.toString()));
        }
        return array;
    }

    private static void requireKnown(JsonObject json, Set<String> fields) {
        json.keySet().stream()
                .filter(name -> !fields.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw invalid("the definition has an unknown field " + Printable.of(name));
                });
    }

    private @Nullable FilePath file() {
        String file = text("file", null);
        return file == null ? null : checked("file", () -> new FilePath(file));
    }

    private Definition definition() {
        Duration soak = parsed("soak", text("soak", "PT1H"), Duration::parse, "a duration such as PT1H or P1D");
        if (soak.isNegative() || soak.compareTo(MAX_SOAK) > 0) {
            throw invalid("soak must be from PT0S to P365D");
        }
        String starts = text("starts", null);
        return new Definition(
                file(),
                replaces(),
                name("group"),
                name("except"),
                prefix(),
                stages(),
                number("success_percent", 95, 0, 100),
                soak,
                number("max_failed_percent", 5, 0, 100),
                number("min_boards", 10, 1, MANY),
                number("max_downloads", 5, 1, MANY),
                number("offers_per_minute", 0, 0, MANY),
                starts == null
                        ? null
                        : parsed("starts", starts, Instant::parse, "a time in UTC such as 2026-12-01T20:00:00Z"),
                hours(),
                flag("any_image"));
    }

    private List<String> replaces() {
        List<String> versions = new ArrayList<>();
        for (JsonElement element : list("replaces", null)) {
            String version = string("replaces", element);
            checked("replaces", () -> new AppVersion(version));
            if (versions.contains(version)) {
                throw invalid("replaces names " + Printable.of(version) + " twice");
            }
            versions.add(version);
        }
        if (versions.isEmpty() || versions.size() > MAX_VERSIONS) {
            throw invalid("replaces must name 1 to " + MAX_VERSIONS + " versions");
        }
        return List.copyOf(versions);
    }

    private List<Stage> stages() {
        List<Stage> stages = new ArrayList<>();
        Set<String> groups = new HashSet<>();
        int reached = 0;
        for (JsonElement element : list("stages", DEFAULT_STAGES)) {
            Stage stage = stage(element);
            if (stage.group() == null) {
                if (stage.hundredths() <= reached) {
                    throw invalid("the percentages of stages must rise");
                }
                reached = stage.hundredths();
            } else if (!groups.add(stage.group())) {
                throw invalid("stages name group " + stage.group() + " twice");
            }
            stages.add(stage);
        }
        if (stages.isEmpty() || stages.size() > MAX_STAGES) {
            throw invalid("there must be 1 to " + MAX_STAGES + " stages");
        }
        return List.copyOf(stages);
    }

    private static Stage stage(JsonElement element) {
        if (element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber()) {
            BigDecimal percent = decimal(element);
            // Before it is made an int: a number may be as long as the body.
            if (percent == null
                    || percent.compareTo(new BigDecimal("0.01")) < 0
                    || percent.compareTo(new BigDecimal("100")) > 0
                    || percent.stripTrailingZeros().scale() > 2) {
                throw invalid("a percentage of stages must be from 0.01 to 100, in hundredths");
            }
            return Stage.percent(percent);
        }
        String group = string("stages", element);
        return new Stage(0, checked("stages", () -> new RolloutName(group)).value());
    }

    /** Null for one that is larger than any that is allowed. */
    private static @Nullable BigDecimal decimal(JsonElement element) {
        try {
            return element.getAsBigDecimal();
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private Hours hours() {
        ZoneId zone = parsed("zone", text("zone", "UTC"), ZoneId::of, "a time zone such as Europe/Berlin");
        String hours = text("hours", null);
        if (hours == null) {
            return new Hours(null, null, zone);
        }
        String[] ends = hours.split("-", -1);
        if (ends.length != 2) {
            throw invalid("hours must be two times such as 22:00-05:00");
        }
        LocalTime from = parsed("hours", ends[0], LocalTime::parse, "two times such as 22:00-05:00");
        LocalTime to = parsed("hours", ends[1], LocalTime::parse, "two times such as 22:00-05:00");
        if (from.equals(to)) {
            throw invalid("hours begin when they end: leave them out for all day");
        }
        return new Hours(from, to, zone);
    }

    private String prefix() {
        String prefix = String.valueOf(text("prefix", ""));
        if (prefix.length() > 128 || prefix.chars().anyMatch(Character::isISOControl)) {
            throw invalid("prefix must be the beginning of a device id");
        }
        return prefix;
    }

    private @Nullable String name(String field) {
        String name = text(field, null);
        return name == null ? null : checked(field, () -> new RolloutName(name)).value();
    }

    private @Nullable String text(String field, @Nullable String otherwise) {
        JsonElement element = json.get(field);
        return element == null ? otherwise : string(field, element);
    }

    private static String string(String field, JsonElement element) {
        if (element.isJsonPrimitive() && element.getAsJsonPrimitive().isString()) {
            return element.getAsString();
        }
        throw invalid(field + " must be text");
    }

    private JsonArray list(String field, @Nullable String otherwise) {
        JsonElement element = json.get(field);
        if (element == null && otherwise == null) {
            throw invalid("the definition lacks " + field);
        }
        if (element == null) {
            return JsonParser.parseString(String.valueOf(otherwise)).getAsJsonArray();
        }
        if (!element.isJsonArray()) {
            throw invalid(field + " must be a list");
        }
        return element.getAsJsonArray();
    }

    private int number(String field, int otherwise, int least, int most) {
        JsonElement element = json.get(field);
        if (element == null) {
            return otherwise;
        }
        try {
            if (element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber()) {
                BigDecimal number = decimal(element);
                // Before it is made an int: an exponent may be large.
                if (number != null && number.abs().compareTo(BigDecimal.valueOf(MANY)) <= 0) {
                    int value = number.intValueExact();
                    if (value >= least && value <= most) {
                        return value;
                    }
                }
            }
        } catch (ArithmeticException e) {
            throw new FuotaException(ErrorCode.INVALID, field + " must be a whole number", e);
        }
        throw invalid(field + " must be a whole number from " + least + " to " + most);
    }

    private boolean flag(String field) {
        JsonElement element = json.get(field);
        if (element == null) {
            return false;
        }
        if (element.isJsonPrimitive() && element.getAsJsonPrimitive().isBoolean()) {
            return element.getAsBoolean();
        }
        throw invalid(field + " must be true or false");
    }

    private static <T> T parsed(String field, @Nullable String value, Function<String, T> parser, String what) {
        try {
            return parser.apply(String.valueOf(value));
        } catch (DateTimeException e) {
            throw new FuotaException(ErrorCode.INVALID, field + " must be " + what, e);
        }
    }

    /** What is wrong with a value, after the name of its field. */
    private static <T> T checked(String field, Supplier<T> value) {
        try {
            return value.get();
        } catch (FuotaException e) {
            throw new FuotaException(ErrorCode.INVALID, field + ": " + e.sentence(), e);
        }
    }

    private static String place(Exception e) {
        String message = String.valueOf(e.getMessage());
        int at = message.indexOf("at line ");
        return at < 0 ? "it ends early" : message.substring(at).split(" path ", 2)[0];
    }

    private static FuotaException invalid(String sentence) {
        return new FuotaException(ErrorCode.INVALID, sentence);
    }
}
