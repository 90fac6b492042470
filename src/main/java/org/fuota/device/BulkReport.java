package org.fuota.device;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fuota.error.Printable;
import org.fuota.http.EntityTag;
import org.jspecify.annotations.Nullable;

/** What assignments led to; of a dry run, what would have come of them, and the tag of what it was computed from. */
record BulkReport(Bulk bulk, BulkLook look, Changes changes, Optional<EntityTag> basis) {
    /** How many of some assignments change something. */
    static final class Changes {
        /** Of devices that were assigned nothing. */
        long created;
        /** Of devices that were assigned something else. */
        long changed;

        private @Nullable Assignment last;

        void add(Assignment change) {
            if (change.before() == null) {
                created++;
            } else {
                changed++;
            }
            last = change;
        }

        /** The last that was added; empty when there is none. */
        Optional<Assignment> last() {
            return Optional.ofNullable(last);
        }
    }

    String sentence() {
        if (bulk.isOfOne()) {
            DeviceRow row = bulk.list().first().row();
            return "device " + Printable.of(row.deviceId()) + " is offered " + row.updateFilePath()
                    + " when it reports version " + Printable.of(row.appVersion());
        }
        long all = bulk.list().size();
        long leftOut = look.facts().leftOut();
        return all + (all == 1 ? " assignment: " : " assignments: ") + changes.created + " created, " + changes.changed
                + " changed, "
                + same() + " the same"
                + (leftOut == 0
                        ? ""
                        : ", " + leftOut + " left out, because no version is known that they could replace");
    }

    /** For a person. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(sentence());
        look.warnings().forEach(warning -> lines.add("warning: " + warning));
        if (bulk.isDryRun()) {
            lines.add("dry run: nothing was changed");
        }
        return lines;
    }

    /** For JSON. */
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("dry_run", bulk.isDryRun());
        fields.put("rows", bulk.list().size());
        fields.put("created", changes.created);
        fields.put("changed", changes.changed);
        fields.put("same", same());
        fields.putAll(look.facts().fields());
        fields.put("warnings", look.warnings());
        return fields;
    }

    private long same() {
        return bulk.list().size()
                - changes.created
                - changes.changed
                - look.facts().leftOut();
    }
}
