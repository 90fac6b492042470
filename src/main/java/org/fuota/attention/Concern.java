package org.fuota.attention;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that needs a person.
 *
 * @param isBad whether boards are cut off, harmed or kept from their updates; else it can wait
 * @param since null where that isn't known
 * @param sentence begins with a lower-case letter
 * @param devices how many it is about; null where that isn't known, or it is about none
 * @param subject the name of a rollout, a group or a file; null where it is about none
 */
record Concern(
        Kind kind,
        boolean isBad,
        @Nullable Instant since,
        String sentence,
        @Nullable Long devices,
        @Nullable String subject) {
    /** The most urgent first, among those that are as bad. */
    enum Kind {
        NOT_READY,
        STOPPED,
        LOST_FILE,
        ROLLOUT_PAUSED,
        SILENT_GROUP,
        UPDATED_SILENT,
        LOOP,
        STUCK,
        REVERTED,
        UNAVAILABLE,
        CERTIFICATE,
        CLONE
    }

    Map<String, @Nullable Object> fields() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("kind", kind.name().toLowerCase(Locale.ROOT));
        fields.put("level", isBad ? "bad" : "warn");
        fields.put("since", since);
        fields.put("sentence", sentence);
        fields.put("devices", devices);
        fields.put("subject", subject);
        return fields;
    }
}
