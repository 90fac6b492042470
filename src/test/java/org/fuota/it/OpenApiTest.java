package org.fuota.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.harrel.jsonschema.SchemaResolver;
import dev.harrel.jsonschema.ValidatorFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code openapi.yaml} by itself. Whether the server does what it says is {@link OpenApiIT}'s. */
class OpenApiTest {
    private static final Path SCHEMA = Path.of("src/test/resources/openapi/schema.json");

    private final OpenApi api = read();

    static OpenApi read() {
        try {
            return new OpenApi(Files.readString(Path.of("src/main/webapp/openapi.yaml")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void isOpenApi31() throws IOException {
        String openApi = Files.readString(SCHEMA);
        String id = OpenApi.json(openApi).getAsJsonObject().get("$id").getAsString();
        // The schema of OpenAPI leaves the schemas in a description to their dialect; ours is the plain one.
        JsonObject schema = OpenApi.json("""
                {
                  "$ref": "%s",
                  "properties": {
                    "jsonSchemaDialect": { "const": "https://json-schema.org/draft/2020-12/schema" }
                  },
                  "required": ["jsonSchemaDialect"],
                  "$defs": {
                    "schema": {
                      "$dynamicAnchor": "meta",
                      "$ref": "https://json-schema.org/draft/2020-12/schema"
                    }
                  }
                }""".formatted(id)).getAsJsonObject();
        ValidatorFactory factory = new ValidatorFactory()
                .withSchemaResolver(uri ->
                        uri.equals(id) ? SchemaResolver.Result.fromString(openApi) : SchemaResolver.Result.empty());

        assertEquals(List.of(), OpenApi.faults(factory, schema, api.root()));
    }

    @Test
    void refersToAllThatItHasAndToNothingElse() {
        Set<String> references = new TreeSet<>();
        walk("", api.root(), (pointer, object) -> {
            JsonElement reference = object.get("$ref");
            if (reference != null && reference.isJsonPrimitive()) {
                references.add(reference.getAsString());
            }
        });
        Set<String> components = new TreeSet<>();
        api.root()
                .getAsJsonObject("components")
                .asMap()
                .forEach((kind, named) -> named.getAsJsonObject()
                        .keySet()
                        .forEach(name -> components.add("#/components/" + kind + "/" + name)));
        components.removeIf(component -> component.startsWith("#/components/securitySchemes/"));

        assertEquals(components, references);
    }

    @Test
    void namesAndSumsUpEachOperation() {
        Set<String> tags = new TreeSet<>();
        api.root().getAsJsonArray("tags").forEach(tag -> tags.add(text(tag.getAsJsonObject(), "name")));
        Set<String> ids = new TreeSet<>();
        for (OpenApi.Operation operation : api.operations()) {
            JsonObject json = operation.json();

            assertTrue(ids.add(text(json, "operationId")), operation + ": its operationId isn't its own");
            assertTrue(text(json, "summary").matches("[A-Z][^.]{5,70}"), operation + ": " + text(json, "summary"));
            assertTrue(json.has("security"), operation + ": says not who may");
            json.getAsJsonArray("tags").forEach(tag -> assertTrue(tags.contains(tag.getAsString()), tag.toString()));
            assertEquals(variables(operation.path()), names(operation, "path"), operation.toString());
        }
    }

    @Test
    void givesExamplesThatFit() {
        List<String> faults = new ArrayList<>();
        List<JsonElement> examples = new ArrayList<>();
        walk("", api.root(), (pointer, object) -> {
            JsonElement schema = object.get("schema");
            if (schema == null || !schema.isJsonObject()) {
                return;
            }
            for (JsonElement example : examples(object)) {
                examples.add(example);
                api.faults(schema, example).forEach(fault -> faults.add(pointer + fault));
            }
        });

        assertEquals(List.of(), faults);
        assertTrue(examples.size() > 50, examples.size() + " examples");
    }

    @Test
    void hasAnExampleOfEachBody() {
        List<String> without = new ArrayList<>();
        for (OpenApi.Operation operation : api.operations()) {
            operation
                    .answers()
                    .forEach((status, answer) -> answer.content().forEach((type, media) -> {
                        if (media.has("schema") && examples(media).isEmpty()) {
                            without.add(operation + " " + status + " " + type);
                        }
                    }));
        }

        assertEquals(List.of(), without);
    }

    private static List<JsonElement> examples(JsonObject object) {
        List<JsonElement> examples = new ArrayList<>();
        if (object.has("example")) {
            examples.add(object.get("example"));
        }
        if (object.has("examples")) {
            object.getAsJsonObject("examples")
                    .asMap()
                    .values()
                    .forEach(example -> examples.add(example.getAsJsonObject().get("value")));
        }
        return examples;
    }

    private static Set<String> names(OpenApi.Operation operation, String in) {
        return operation.parameters().stream()
                .filter(parameter -> text(parameter, "in").equals(in))
                .map(parameter -> text(parameter, "name"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> variables(String path) {
        Matcher variable = Pattern.compile("\\{([^}]*)}").matcher(path);
        return variable.results().map(found -> found.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String text(JsonObject object, String name) {
        return Objects.requireNonNull(object.get(name), () -> name + " is missing in " + object)
                .getAsString();
    }

    /** Hands over all objects, each with where it is. */
    private static void walk(String pointer, @Nullable JsonElement element, BiConsumer<String, JsonObject> visitor) {
        if (element instanceof JsonObject object) {
            visitor.accept(pointer, object);
            object.asMap().forEach((name, value) -> walk(pointer + "/" + name, value, visitor));
        } else if (element != null && element.isJsonArray()) {
            element.getAsJsonArray().forEach(value -> walk(pointer, value, visitor));
        }
    }
}
