package org.fuota.device;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fuota.http.EntityTag;

/**
 * What many assignments led to.
 *
 * @param isDryRun whether nothing was done, and this is what would have come of it
 * @param rows of the request
 * @param created how many of them are of devices that had none
 * @param changed how many replaced another row; the rest were there already, or are left out
 * @param facts which devices they are
 * @param warnings what may be a mistake
 * @param basis what a dry run was computed from
 */
record BulkReport(
        boolean isDryRun,
        long rows,
        long created,
        long changed,
        BulkFacts facts,
        List<String> warnings,
        Optional<EntityTag> basis) {
    boolean isNone() {
        return created + changed == 0;
    }

    String sentence() {
        return rows + (rows == 1 ? " row: " : " rows: ") + created + " created, " + changed + " changed, " + same()
                + " the same"
                + (facts.leftOut() == 0
                        ? ""
                        : ", " + facts.leftOut() + " left out, because no version is known that they could replace");
    }

    /** For a person. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(sentence());
        warnings.forEach(warning -> lines.add("warning: " + warning));
        if (isDryRun) {
            lines.add("dry run: nothing was changed");
        }
        return lines;
    }

    /** For JSON. */
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("dry_run", isDryRun);
        fields.put("rows", rows);
        fields.put("created", created);
        fields.put("changed", changed);
        fields.put("same", same());
        fields.putAll(facts.fields());
        fields.put("warnings", warnings);
        return fields;
    }

    private long same() {
        return rows - created - changed - facts.leftOut();
    }
}
