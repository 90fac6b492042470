package org.fuota.fleet;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fuota.error.Printable;
import org.fuota.poll.PollHandler;
import org.fuota.poll.UpdateDecision;
import org.jspecify.annotations.Nullable;

/**
 * What a device would be answered next, if it reported a version.
 *
 * @param appVersion the version, or null for any that isn't listed beside it
 */
record NextPoll(@Nullable String appVersion, UpdateDecision decision) {
    Map<String, @Nullable Object> fields() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("app_version", appVersion);
        fields.put("status", PollHandler.status(decision.answer()));
        fields.put("answer", decision.answer().label());
        fields.put("reason", decision.reason());
        return fields;
    }

    /** A line for a person. */
    @Override
    public String toString() {
        return "with " + (appVersion == null ? "any other version" : "version " + Printable.of(appVersion)) + ": "
                + PollHandler.status(decision.answer()) + " "
                + decision.answer().label() + ", because " + decision.reason();
    }
}
