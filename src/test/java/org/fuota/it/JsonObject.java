package org.fuota.it;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An object, its fields in their order.
 *
 * @param values those that are text, a number, a boolean or null, all as text; null is empty
 * @param lists those that are lists of objects; or an object, as a list of one
 */
record JsonObject(Map<String, String> values, Map<String, List<JsonObject>> lists) {
    static JsonObject parse(String json) {
        try (JsonReader in = new JsonReader(new StringReader(json))) {
            return object(in);
        } catch (IOException e) {
            throw new UncheckedIOException(json, e);
        }
    }

    static List<JsonObject> parseList(String json) {
        try (JsonReader in = new JsonReader(new StringReader(json))) {
            return list(in);
        } catch (IOException e) {
            throw new UncheckedIOException(json, e);
        }
    }

    /** Null and a field that isn't there are both empty. */
    String get(String field) {
        return values.getOrDefault(field, "");
    }

    private static JsonObject object(JsonReader in) throws IOException {
        JsonObject object = new JsonObject(new LinkedHashMap<>(), new LinkedHashMap<>());
        in.beginObject();
        while (in.hasNext()) {
            String name = in.nextName();
            if (in.peek() == JsonToken.BEGIN_ARRAY) {
                object.lists.put(name, list(in));
            } else if (in.peek() == JsonToken.BEGIN_OBJECT) {
                object.lists.put(name, List.of(object(in)));
            } else {
                object.values.put(name, text(in));
            }
        }
        in.endObject();
        return object;
    }

    private static List<JsonObject> list(JsonReader in) throws IOException {
        List<JsonObject> objects = new ArrayList<>();
        in.beginArray();
        while (in.hasNext()) {
            objects.add(object(in));
        }
        in.endArray();
        return objects;
    }

    private static String text(JsonReader in) throws IOException {
        if (in.peek() == JsonToken.BOOLEAN) {
            return String.valueOf(in.nextBoolean());
        }
        if (in.peek() == JsonToken.NULL) {
            in.nextNull();
            return "";
        }
        return in.nextString();
    }
}
