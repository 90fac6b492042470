package org.fuota.it;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.harrel.jsonschema.FormatEvaluatorFactory;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.GsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** An OpenAPI description, and what it says of an operation and its answers. References are followed. */
final class OpenApi {
    private static final Set<String> METHODS =
            Set.of("get", "head", "put", "delete", "post", "options", "patch", "trace");

    private final JsonObject root;

    OpenApi(String yaml) {
        // YAML 1.2, and no key twice.
        Object document = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        root = element(document).getAsJsonObject();
    }

    /** Reads JSON, and nothing that only looks like it. */
    static JsonElement json(String text) {
        try {
            return new Gson().getAdapter(JsonElement.class).fromJson(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonObject root() {
        return root;
    }

    List<String> paths() {
        return List.copyOf(root.getAsJsonObject("paths").keySet());
    }

    /** All operations, in the description's order. */
    List<Operation> operations() {
        return paths().stream().flatMap(path -> operations(path).stream()).toList();
    }

    /** Those of a path, in the description's order. */
    List<Operation> operations(String path) {
        JsonObject item = root.getAsJsonObject("paths").getAsJsonObject(path);
        return item.keySet().stream()
                .filter(METHODS::contains)
                .map(method -> new Operation(method.toUpperCase(Locale.ROOT), path))
                .toList();
    }

    /** What {@code #/...} refers to; null when there is nothing. */
    @Nullable
    JsonElement target(String reference) {
        JsonElement found = root;
        for (String name : reference.substring("#/".length()).split("/")) {
            String key = name.replace("~1", "/").replace("~0", "~");
            found = found != null && found.isJsonObject()
                    ? found.getAsJsonObject().get(key)
                    : null;
        }
        return found;
    }

    /** Why a value isn't valid against a schema of this description; none when it is. */
    List<String> faults(JsonElement schema, JsonElement value) {
        // What "#/components/..." in the schema refers to must be in the same document.
        JsonObject document = new JsonObject();
        document.add("components", root.get("components"));
        JsonArray all = new JsonArray();
        all.add(schema);
        document.add("allOf", all);
        return faults(new ValidatorFactory().withEvaluatorFactory(new FormatEvaluatorFactory()), document, value);
    }

    /** Why a value isn't valid against a schema by itself. */
    static List<String> faults(ValidatorFactory factory, JsonElement schema, JsonElement value) {
        Validator.Result result =
                factory.withJsonNodeFactory(new GsonNode.Factory()).validate(schema, value);
        return result.getErrors().stream()
                .map(error -> error.getInstanceLocation() + ": " + error.getError())
                .toList();
    }

    private JsonObject resolve(JsonElement element) {
        JsonObject object = element.getAsJsonObject();
        JsonElement reference = object.get("$ref");
        return reference == null
                ? object
                : resolve(Objects.requireNonNull(target(reference.getAsString()), reference.getAsString()));
    }

    private static JsonElement element(@Nullable Object yaml) {
        if (yaml instanceof Map<?, ?> map) {
            JsonObject object = new JsonObject();
            map.forEach((key, value) -> object.add((String) key, element(value)));
            return object;
        }
        if (yaml instanceof List<?> list) {
            JsonArray array = new JsonArray();
            list.forEach(value -> array.add(element(value)));
            return array;
        }
        if (yaml instanceof Boolean bool) {
            return new JsonPrimitive(bool);
        }
        if (yaml instanceof Number number) {
            return new JsonPrimitive(number);
        }
        return yaml == null ? JsonNull.INSTANCE : new JsonPrimitive((String) yaml);
    }

    /** A method of a path. */
    final class Operation {
        private final String method;
        private final String path;

        private Operation(String method, String path) {
            this.method = method;
            this.path = path;
        }

        String method() {
            return method;
        }

        String path() {
            return path;
        }

        JsonObject json() {
            return item().getAsJsonObject(method.toLowerCase(Locale.ROOT));
        }

        /** Its own, and its path's. */
        List<JsonObject> parameters() {
            List<JsonObject> parameters = new ArrayList<>();
            for (JsonObject object : List.of(item(), json())) {
                if (object.has("parameters")) {
                    object.getAsJsonArray("parameters").forEach(parameter -> parameters.add(resolve(parameter)));
                }
            }
            return parameters;
        }

        /** By status. */
        Map<String, Answer> answers() {
            Map<String, Answer> answers = new LinkedHashMap<>();
            json().getAsJsonObject("responses")
                    .asMap()
                    .forEach((status, response) -> answers.put(status, new Answer(resolve(response))));
            return answers;
        }

        /** Whether a user with no more than this role may use it; null is nobody, without credentials. */
        boolean allows(@Nullable String role) {
            JsonArray alternatives = json().getAsJsonArray("security");
            for (JsonElement alternative : alternatives) {
                JsonObject needed = alternative.getAsJsonObject();
                if (needed.isEmpty()
                        || role != null && needed.getAsJsonArray("basic").contains(new JsonPrimitive(role))) {
                    return true;
                }
            }
            return alternatives.isEmpty();
        }

        @Override
        public String toString() {
            return method + " " + path;
        }

        private JsonObject item() {
            return root.getAsJsonObject("paths").getAsJsonObject(path);
        }
    }

    /** What an operation may be answered with one status. */
    final class Answer {
        private final JsonObject response;

        private Answer(JsonObject response) {
            this.response = response;
        }

        /** By content type, as the description has it; none of an answer without a body. */
        Map<String, JsonObject> content() {
            Map<String, JsonObject> content = new LinkedHashMap<>();
            if (response.has("content")) {
                response.getAsJsonObject("content")
                        .asMap()
                        .forEach((type, media) -> content.put(type, media.getAsJsonObject()));
            }
            return content;
        }

        /** By name. */
        Map<String, JsonObject> headers() {
            Map<String, JsonObject> headers = new LinkedHashMap<>();
            if (response.has("headers")) {
                response.getAsJsonObject("headers")
                        .asMap()
                        .forEach((name, header) -> headers.put(name.toLowerCase(Locale.ROOT), resolve(header)));
            }
            return headers;
        }
    }
}
