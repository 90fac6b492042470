package org.fuota.web;

import com.google.gson.stream.JsonWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.QuoteMode;
import org.jspecify.annotations.Nullable;

/** A list that streams: as CSV, every field quoted, without a header line unless {@link #header} is called, or, where the client accepts JSON, as an array of objects. */
public final class Listing {
    private static final CSVFormat CSV = CSVFormat.DEFAULT
            .builder()
            .setQuoteMode(QuoteMode.ALL)
            .setRecordSeparator("\n")
            .setNullString("")
            .get();

    private final List<String> columns;
    private final Writer out;
    private final @Nullable JsonWriter json;

    private Listing(List<String> columns, Writer out, @Nullable JsonWriter json) {
        this.columns = columns;
        this.out = out;
        this.json = json;
    }

    /** @param columns the names of the fields in JSON, in the order of CSV */
    public static Listing open(HttpServletRequest request, HttpServletResponse response, String... columns)
            throws IOException {
        boolean wantsJson = Requests.wantsJson(request);
        response.setHeader("Vary", "Accept");
        response.setContentType(wantsJson ? Responses.JSON : "text/csv");
        Writer out = new BufferedWriter(new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8));
        JsonWriter json = wantsJson ? new JsonWriter(out) : null;
        if (json != null) {
            json.beginArray();
        }
        return new Listing(List.of(columns), out, json);
    }

    /** Begins with the names of the columns, where it is CSV. */
    public void header() throws IOException {
        if (json == null) {
            CSV.printRecord(out, columns.toArray());
        }
    }

    /** @param values as many as there are columns: text, a number, or null where unknown, which is empty in CSV */
    public void row(@Nullable Object... values) throws IOException {
        if (json == null) {
            CSV.printRecord(out, values);
            return;
        }
        json.beginObject();
        for (int i = 0; i < values.length; i++) {
            Responses.value(json.name(columns.get(i)), values[i]);
        }
        json.endObject();
    }

    /** Ends the list. Not a {@code close()}, because after a failure what was sent must not look complete. */
    public void end() throws IOException {
        if (json != null) {
            json.endArray();
        }
        out.flush();
    }
}
